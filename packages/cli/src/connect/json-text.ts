import { SettingsError } from './agent.ts';

/** A value with its place in the text. */
export interface JsonNode {
  start: number;
  end: number;
  /** Null for everything that is no object. */
  members: JsonMember[] | null;
  /** Null for everything that is no list. */
  items: JsonNode[] | null;
}

interface JsonMember {
  key: string;
  keyStart: number;
  value: JsonNode;
}

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Reads plain JSON with its places. Comments, trailing commas and double keys are refused: they would not survive. */
export function readJson(text: string): JsonNode {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  const fail = (message: string): never => {
    throw new SettingsError(message, lineAt(text, at));
  };
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const space = (): void => {
    match(/[ \t\r\n]+/y);
    if (text.startsWith('//', at) || text.startsWith('/*', at))
      fail('there is a comment here; only plain JSON is changed');
  };
  const has = (mark: string): boolean => {
    space();
    if (!text.startsWith(mark, at)) return false;
    at += mark.length;
    return true;
  };
  const string = (): string => match(/"(?:[^"\\\r\n]|\\.)*"/y) ?? fail('a text in quotes is missing');
  const keyOf = (quoted: string): string => {
    try {
      return JSON.parse(quoted) as string;
    } catch {
      return fail(`${quoted} is no valid text`);
    }
  };
  const value = (depth: number): JsonNode => {
    if (depth > 100) fail('it is nested too deeply');
    space();
    const start = at;
    if (has('{')) {
      const members = object(depth);
      return { start, end: at, members, items: null };
    }
    if (has('[')) {
      const items = list(depth);
      return { start, end: at, members: null, items };
    }
    if (text[at] === '"') string();
    else if (match(/(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\b/y) === null)
      fail('a value is missing');
    return { start, end: at, members: null, items: null };
  };
  const list = (depth: number): JsonNode[] => {
    const items: JsonNode[] = [];
    if (has(']')) return items;
    do items.push(value(depth + 1));
    while (has(','));
    if (!has(']')) fail('a comma or ] is missing');
    return items;
  };
  const object = (depth: number): JsonMember[] => {
    const members: JsonMember[] = [];
    if (has('}')) return members;
    do {
      space();
      const keyStart = at;
      const key = keyOf(string());
      if (members.some((member) => member.key === key)) fail(`"${key}" stands here twice`);
      if (!has(':')) fail('a colon is missing');
      members.push({ key, keyStart, value: value(depth + 1) });
    } while (has(','));
    if (!has('}')) fail('a comma or } is missing');
    return members;
  };
  const root = value(0);
  space();
  if (at < text.length) fail('there is something after the end');
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new SettingsError('it is not valid JSON', 1);
  }
  if (!root.members) throw new SettingsError('it is not an object', lineAt(text, root.start));
  return root;
}
