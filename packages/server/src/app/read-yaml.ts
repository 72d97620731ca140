import { isMap, isNode, isScalar, LineCounter, parseAllDocuments, type Document } from 'yaml';

/** What a YAML text says and on which line, or the first thing that is wrong with it. */
export type YamlReading =
  | { ok: true; value: unknown; lineOf(path: readonly (string | number)[]): number }
  | { ok: false; line: number; message: string };

/** The line a value stands on; for a key of a map, that of the key. */
function lineIn(document: Document, lines: LineCounter, path: readonly (string | number)[]): number {
  const parent = document.getIn(path.slice(0, -1), true) ?? document.contents;
  const key = path.at(-1);
  const pair = isMap(parent)
    ? parent.items.find((one) => isScalar(one.key) && one.key.value === key)
    : undefined;
  const node = pair ? pair.key : document.getIn(path, true);
  const offset = isNode(node) ? node.range?.[0] : undefined;
  return offset === undefined ? 1 : lines.linePos(offset).line;
}

/** Reads YAML or JSON that somebody else wrote: one document, no keys twice, aliases bounded. */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  const [document, second] = documents;
  // Nothing but space and comments is no document at all.
  if (!document) return { ok: true, value: null, lineOf: () => 1 };
  const [problem] = document.errors;
  if (problem) {
    const message = problem.message.split('\n')[0] ?? 'it is not YAML';
    return { ok: false, line: problem.linePos?.[0].line ?? 1, message };
  }
  if (second) return { ok: false, line: 1, message: 'there is more than one document in it' };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { ok: true, value, lineOf: (path) => lineIn(document, lines, path) };
  } catch (thrown) {
    return { ok: false, line: 1, message: thrown instanceof Error ? thrown.message : 'it is not YAML' };
  }
}
