import { isDeepStrictEqual } from 'node:util';
import type { AgentConnection, Places, SettingsFile } from './agent.ts';
import { getJson, putBackJson, removeJson, setJson, type JsonPath } from './edit-json.ts';

/** One value in a JSON file. */
export interface JsonEntry {
  path: JsonPath;
  value: unknown;
  /** Only where the person has nothing there. */
  ifAbsent?: boolean;
  /** Ours whatever stands in it now. */
  whole?: boolean;
}

interface JsonSettings {
  path(places: Places): string;
  entries(connection: AgentConnection): JsonEntry[];
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

/** A JSON settings file in which some values are ours. */
export function jsonSettings({ path, entries, tokenAt, addressAt }: JsonSettings): SettingsFile {
  return {
    path,
    format: 'json',
    connect(text, connection) {
      let result = text;
      for (const { path: at, value, ifAbsent } of entries(connection)) {
        const present = getJson(result, at);
        if (value === undefined || (ifAbsent && present !== undefined)) continue;
        if (!isDeepStrictEqual(present, value)) result = setJson(result, at, value);
      }
      return result;
    },
    disconnect(text, original, connection) {
      let result = text;
      for (const { path: at, value, whole } of entries(connection)) {
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
