import { isDeepStrictEqual } from 'node:util';
import type { AgentConnection, Places, SettingsFile } from './agent.ts';
import {
  addJsonItem,
  getJson,
  putBackJson,
  removeJson,
  removeJsonItems,
  setJson,
  type JsonPath,
} from './edit-json.ts';

/** One value in a JSON file. */
export interface JsonEntry {
  path: JsonPath;
  value: unknown;
  /** Only where the person has nothing there. */
  ifAbsent?: boolean;
  /** Ours whatever stands in it now. */
  whole?: boolean;
}

/** One element of a list in which the person has others. */
export interface JsonItem {
  path: JsonPath;
  item: unknown;
  /** Whether an element is ours, also one of an earlier connection. */
  ours(value: unknown): boolean;
}

interface JsonSettings {
  path(places: Places): string;
  entries(connection: AgentConnection): (JsonEntry | JsonItem)[];
  tokenAt?: JsonPath;
  addressAt?: JsonPath;
}

/** Empty parents that were not there before go as well. */
function prune(text: string, original: string, path: JsonPath): string {
  let result = text;
  for (let length = path.length - 1; length > 0; length -= 1) {
    const parent = path.slice(0, length);
    if (!isDeepStrictEqual(getJson(result, parent), {}) || getJson(original, parent) !== undefined) break;
    result = removeJson(result, parent);
  }
  return result;
}

function connectItem(text: string, { path, item, ours }: JsonItem): string {
  const list = getJson(text, path);
  const present = Array.isArray(list) ? list.filter(ours) : [];
  if (present.length === 1 && isDeepStrictEqual(present[0], item)) return text;
  return addJsonItem(removeJsonItems(text, path, ours), path, item);
}
function disconnectItem(text: string, original: string, { path, ours }: JsonItem): string {
  const rest = removeJsonItems(text, path, ours);
  const empty = isDeepStrictEqual(getJson(rest, path), []) && getJson(original, path) === undefined;
  return empty ? prune(removeJson(rest, path), original, path) : rest;
}

/** A JSON settings file in which some values are ours. */
export function jsonSettings({ path, entries, tokenAt, addressAt }: JsonSettings): SettingsFile {
  return {
    path,
    format: 'json',
    connect(text, connection) {
      let result = text;
      for (const entry of entries(connection)) {
        if ('item' in entry) {
          result = connectItem(result, entry);
          continue;
        }
        const { path: at, value, ifAbsent } = entry;
        const present = getJson(result, at);
        if (value === undefined || (ifAbsent && present !== undefined)) continue;
        if (!isDeepStrictEqual(present, value)) result = setJson(result, at, value);
      }
      return result;
    },
    disconnect(text, original, connection) {
      let result = text;
      for (const entry of entries(connection)) {
        if ('item' in entry) {
          result = disconnectItem(result, original, entry);
          continue;
        }
        const { path: at, value, whole } = entry;
        const present = getJson(result, at);
        if (present === undefined || !(whole || isDeepStrictEqual(present, value))) continue;
        result =
          getJson(original, at) === undefined
            ? prune(removeJson(result, at), original, at)
            : putBackJson(result, original, at);
      }
      return result;
    },
    connectedAs(text) {
      if (!tokenAt || !addressAt) return null;
      const [token, address] = [getJson(text, tokenAt), getJson(text, addressAt)];
      return typeof token === 'string' && token.startsWith('vgl_') && typeof address === 'string'
        ? { token, address }
        : null;
    },
  };
}
