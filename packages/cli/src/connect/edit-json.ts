import { SettingsError } from './agent.ts';
import { lineAt, readJson, type JsonNode } from './json-text.ts';

export type JsonPath = readonly string[];

const find = (root: JsonNode, path: JsonPath): JsonNode | undefined => {
  let node: JsonNode | undefined = root;
  for (const key of path) node = node?.members?.find((member) => member.key === key)?.value;
  return node;
};

/** The value at a path; undefined when there is none. */
export function getJson(text: string, path: JsonPath): unknown {
  if (text.trim() === '') return undefined;
  const node = find(readJson(text), path);
  return node && (JSON.parse(text.slice(node.start, node.end)) as unknown);
}

const eolOf = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');
const stepOf = (text: string) => /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';

/** A value over several lines that fits in at this indentation. */
const written = (text: string, value: unknown, indent: string): string =>
  JSON.stringify(value, null, stepOf(text)).replaceAll('\n', eolOf(text) + indent);

const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';

/** Writes one value; every other byte stays. An empty text becomes a file of its own. */
export function setJson(text: string, path: JsonPath, value: unknown): string {
  if (text.trim() === '') return `${JSON.stringify(nest(path, value), null, 2)}\n`;
  let node = readJson(text);
  for (const [depth, key] of path.entries()) {
    if (!node.members) {
      throw new SettingsError(`${path.slice(0, depth).join('.')} is not an object`, lineAt(text, node.start));
    }
    const member = node.members.find((one) => one.key === key);
    if (!member) return insert(text, node, key, nest(path.slice(depth + 1), value));
    node = member.value;
  }
  return text.slice(0, node.start) + written(text, value, indentAt(text, node.start)) + text.slice(node.end);
}

const nest = (path: JsonPath, value: unknown): unknown =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);

function insert(text: string, object: JsonNode, key: string, value: unknown): string {
  const members = object.members ?? [];
  const last = members.at(-1);
  if (!last) {
    const outer = indentAt(text, object.start);
    const inner = outer + stepOf(text);
    const eol = eolOf(text);
    const line = `${JSON.stringify(key)}: ${written(text, value, inner)}`;
    return `${text.slice(0, object.start)}{${eol}${inner}${line}${eol}${outer}}${text.slice(object.end)}`;
  }
  // What stands before the last key is what this file puts between its members.
  const gap = /[ \t\r\n]*$/.exec(text.slice(0, last.keyStart))?.[0] ?? '';
  const oneLine = !gap.includes('\n');
  const rest = oneLine ? JSON.stringify(value) : written(text, value, indentAt(text, last.keyStart));
  const member = `,${oneLine ? ' ' : gap}${JSON.stringify(key)}: ${rest}`;
  return text.slice(0, last.value.end) + member + text.slice(last.value.end);
}

/** Takes one member out, with the comma that belongs to it. */
export function removeJson(text: string, path: JsonPath): string {
  const root = readJson(text);
  const parent = find(root, path.slice(0, -1));
  const members = parent?.members ?? [];
  const at = members.findIndex((member) => member.key === path.at(-1));
  const [member, before, after] = [members[at], members[at - 1], members[at + 1]];
  if (!parent || !member) return text;
  if (before) return text.slice(0, before.value.end) + text.slice(member.value.end);
  if (after) return text.slice(0, member.keyStart) + text.slice(after.keyStart);
  return `${text.slice(0, parent.start)}{}${text.slice(parent.end)}`;
}

/** The raw text of a value, to put it back as it was written. */
export function putBackJson(text: string, original: string, path: JsonPath): string {
  const old = find(readJson(original), path);
  const now = find(readJson(text), path);
  if (!old || !now) return text;
  return text.slice(0, now.start) + original.slice(old.start, old.end) + text.slice(now.end);
}

/** Puts one more element at the end of a list; makes the list where there is none. Every other byte stays. */
export function addJsonItem(text: string, path: JsonPath, value: unknown): string {
  if (text.trim() === '') return setJson(text, path, [value]);
  const root = readJson(text);
  const list = find(root, path);
  if (!list) return setJson(text, path, [value]);
  if (!list.items) throw new SettingsError(`${path.join('.')} is not a list`, lineAt(text, list.start));
  const last = list.items.at(-1);
  if (!last) return setJson(text, path, [value]);
  const gap = /[ \t\r\n]*$/.exec(text.slice(0, last.start))?.[0] ?? '';
  const oneLine = !gap.includes('\n');
  const item = oneLine ? JSON.stringify(value) : written(text, value, indentAt(text, last.start));
  return `${text.slice(0, last.end)},${oneLine ? ' ' : gap}${item}${text.slice(last.end)}`;
}

/** Takes the elements of a list out that are meant, with their commas. */
export function removeJsonItems(text: string, path: JsonPath, meant: (value: unknown) => boolean): string {
  if (text.trim() === '') return text;
  const list = find(readJson(text), path);
  const items = list?.items ?? [];
  const at = items.findIndex((item) => meant(JSON.parse(text.slice(item.start, item.end))));
  const [item, before, after] = [items[at], items[at - 1], items[at + 1]];
  if (!list || !item) return text;
  const rest = before
    ? text.slice(0, before.end) + text.slice(item.end)
    : after
      ? text.slice(0, item.start) + text.slice(after.start)
      : `${text.slice(0, list.start)}[]${text.slice(list.end)}`;
  return removeJsonItems(rest, path, meant);
}
