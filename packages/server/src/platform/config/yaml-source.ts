import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
} from 'yaml';
import type { ConfigProblem } from './problem.ts';

export type Path = readonly (string | number)[];

export interface Place {
  line: number;
  column: number;
}

/** A parsed file that still knows where everything stands. */
export interface YamlSource {
  text: string;
  document: Document.Parsed;
  /** Plain data; an empty file is an empty object. */
  value: unknown;
  problems: ConfigProblem[];
  /** Where this path stands, or the deepest part of it that exists. */
  placeOf(path: Path): Place;
  /** Where the key itself stands, for keys that are not wanted. */
  placeOfKey(path: Path, key: string): Place;
}

const largestBytes = 1_048_576;

const keyText = (key: unknown): string => (isScalar(key) ? String(key.value) : String(key));

/** Text that a parser quotes back may hold a secret; the place says enough. */
const withoutQuotes = (message: string): string => message.split('\n', 1)[0]?.replace(/:? ".*$/, '') ?? '';

/** Parses once; syntax errors become problems and never quote the file's content. */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const tooLarge = text.length > largestBytes;
  const document = parseDocument(tooLarge ? '' : text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
  });
  const placeAt = (offset: number | undefined): Place => {
    const found = lines.linePos(offset ?? 0);
    return { line: Math.max(1, found.line), column: Math.max(1, found.col) };
  };
  const problems: ConfigProblem[] = [];
  if (tooLarge) problems.push({ path: '', line: 1, column: 1, message: 'the file is larger than 1 MB' });
  for (const error of document.errors) {
    const name = /^[\w.-]{1,64}/.exec(text.slice(error.pos[0]))?.[0] ?? 'this key';
    const message = error.code === 'DUPLICATE_KEY' ? `${name} is given twice` : withoutQuotes(error.message);
    problems.push({ path: '', ...placeAt(error.pos[0]), message });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    value = {};
    if (problems.length === 0) {
      problems.push({
        path: '',
        line: 1,
        column: 1,
        message: 'an alias cannot be resolved, or there are too many',
      });
    }
  }

  const follow = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  const pairOf = (node: unknown, key: string) =>
    isMap(node) ? node.items.find((item) => keyText(item.key) === key) : undefined;
  const child = (node: unknown, key: string | number): { key?: unknown; value: unknown } | undefined => {
    const container = follow(node);
    if (isSeq(container)) {
      const item = container.items[Number(key)];
      return item === undefined ? undefined : { value: item };
    }
    const pair = pairOf(container, String(key));
    return pair ? { key: pair.key, value: pair.value } : undefined;
  };
  const startOf = (node: unknown): number | undefined =>
    isNode(node) ? (node as Node).range?.[0] : isPair(node) ? startOf(node.key) : undefined;

  return {
    text,
    document,
    value,
    problems,
    placeOf(path) {
      let node: unknown = document.contents;
      let offset = startOf(node);
      for (const key of path) {
        const next = child(node, key);
        if (!next) break;
        offset = startOf(next.value) ?? startOf(next.key) ?? offset;
        node = next.value;
      }
      return placeAt(offset);
    },
    placeOfKey(path, key) {
      let node: unknown = document.contents;
      for (const part of path) node = child(node, part)?.value;
      const found = pairOf(follow(node), key);
      return found ? placeAt(startOf(found.key)) : this.placeOf(path);
    },
  };
}
