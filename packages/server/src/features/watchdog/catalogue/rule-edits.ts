import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap, type YAMLSeq } from 'yaml';

/** A file of faults that is about to change; comments and the style of what stays as it is are kept. */
export interface RuleFile {
  /** Writes the entry where one of the id `replaces` stands, or at the end. @returns its place */
  put(entry: Record<string, unknown>, replaces: string): number;
  /** Takes the entry out, if it is there. */
  remove(id: string): void;
  /** Takes the id off the list of what is not looked for. */
  enable(id: string): void;
  text(): string;
}

/** Opens a file’s text; null where it is no YAML that can be changed safely. */
export function openRuleFile(before: string): RuleFile | null {
  const document = parseDocument(before, { prettyErrors: false });
  if (document.errors.length > 0) return null;
  if (document.contents === null) document.contents = document.createNode({}) as never;
  if (!isMap(document.contents)) return null;
  const placeOf = (faults: YAMLSeq, id: string): number =>
    faults.items.findIndex((item) => isMap(item) && item.get('id') === id);
  return {
    put(entry, replaces) {
      const faults = listOf(document, 'faults');
      // One kind of style, or the new block would stand inside the brackets of an empty list.
      if (faults.items.length === 0) faults.flow = false;
      const at = placeOf(faults, replaces);
      const known = faults.items[at];
      if (isMap(known)) merge(document, known, entry);
      else faults.add(blocks(document, entry));
      return at < 0 ? faults.items.length - 1 : at;
    },
    remove(id) {
      const faults = listOf(document, 'faults');
      const at = placeOf(faults, id);
      if (at >= 0) faults.items.splice(at, 1);
      if (faults.items.length === 0) faults.flow = true;
    },
    enable(id) {
      const list = listOf(document, 'disable');
      list.items = list.items.filter((item) => !(isScalar(item) && item.value === id));
      if (list.items.length === 0) document.delete('disable');
    },
    text: () => document.toString({ lineWidth: 120, flowCollectionPadding: true }),
  };
}

/** The list of this name, which is made where there is none. */
function listOf(document: Document, key: string): YAMLSeq {
  const found = document.get(key);
  if (isSeq(found)) return found;
  const list = document.createNode([]) as YAMLSeq;
  document.set(key, list);
  return list;
}

const same = (node: unknown, value: unknown, document: Document): boolean =>
  JSON.stringify((node as { toJS(document: Document): unknown } | null)?.toJS(document)) ===
  JSON.stringify(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Changes only what differs, so that comments beside the rest stay. */
function merge(document: Document, map: YAMLMap, entry: Record<string, unknown>): void {
  map.items = map.items.filter(({ key }) => isScalar(key) && Object.hasOwn(entry, String(key.value)));
  for (const [name, value] of Object.entries(entry)) {
    const known = map.get(name, true) as unknown;
    if (isMap(known) && isRecord(value)) merge(document, known, value);
    else if (isSeq(known) && Array.isArray(value)) mergeList(document, known, value);
    else if (known === undefined || !same(known, value, document)) map.set(name, blocks(document, value));
  }
}

function mergeList(document: Document, list: YAMLSeq, values: readonly unknown[]): void {
  list.items.splice(values.length);
  for (const [at, value] of values.entries()) {
    const known = list.items[at];
    if (isMap(known) && isRecord(value)) merge(document, known, value);
    else if (known === undefined) list.add(blocks(document, value));
    else if (!same(known, value, document)) list.items[at] = blocks(document, value);
  }
}

/** Lists of plain values stand in one line; everything else in blocks. */
function blocks(document: Document, value: unknown): unknown {
  const node = document.createNode(value);
  const visit = (one: unknown): void => {
    if (isSeq(one)) {
      if (one.items.every((item) => isScalar(item))) one.flow = true;
      else one.items.forEach(visit);
    } else if (isMap(one)) {
      if (one.items.length === 0) one.flow = true;
      else one.items.forEach(({ value: child }) => visit(child));
    }
  };
  visit(node);
  return node;
}
