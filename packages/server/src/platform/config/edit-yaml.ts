import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  type Document,
  type YAMLSeq,
} from 'yaml';
import { isDeepStrictEqual } from 'node:util';
import { fault, raise } from '../../kernel/fault.ts';
import type { Path } from './yaml-source.ts';

/** One change to the file. A `value` of null takes the key out, so that its default holds again. */
export interface ConfigEdit {
  path: Path;
  value: unknown;
  /** Instead of a value: the entry of a list goes to this place in it, comments and all. */
  moveTo?: number | undefined;
}

const parse = (text: string) => parseDocument(text, { merge: true });

/** A text that was quoted stays quoted, in the same way. */
const quotingOf = (type: unknown) =>
  type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE' ? ({ defaultStringType: type } as const) : {};

/** Writes a plain value over an existing one-line value and touches no other byte; null when that is not possible. */
function splice(text: string, edit: ConfigEdit): string | null {
  const { path, value } = edit;
  if (value === null || typeof value === 'object' || (typeof value === 'string' && value.includes('\n')))
    return null;
  const before = parse(text);
  const node = before.getIn(path, true);
  if (!isScalar(node) || !node.range || node.anchor || node.tag) return null;
  const [start, end] = node.range;
  if (start === end || text.slice(start, end).includes('\n')) return null;
  const written = stringify(value, {
    lineWidth: 0,
    ...(typeof value === 'string' ? quotingOf(node.type) : {}),
  }).trimEnd();
  const after = text.slice(0, start) + written + text.slice(end);
  // The proof that quoting and context were right: the only difference is the one that was asked for.
  before.setIn(path, value);
  const read = parse(after);
  return read.errors.length === 0 && isDeepStrictEqual(read.toJS(), before.toJS()) ? after : null;
}

/** Spaces that this file indents with. */
function indentOf(text: string): number {
  const width = /^( +)[^\s#-]/m.exec(text)?.[1]?.length ?? 2;
  return Math.min(Math.max(width, 1), 8);
}

/** Makes room: an empty `key:` becomes a map; anything that is in the way is told. */
function clearWay(document: Document, path: Path): void {
  for (let length = 1; length < path.length; length += 1) {
    const part = path.slice(0, length);
    const node = document.getIn(part, true);
    if (isAlias(node))
      raise(
        fault('conflict', 'config_not_editable', `${part.join('.')} is a YAML alias; change it in the file.`),
      );
    if (isScalar(node) && node.value === null) document.setIn(part, document.createNode({}));
    else if (node !== undefined && !isCollection(node)) {
      raise(
        fault(
          'invalid',
          'config_path_invalid',
          `${part.join('.')} is a single value; nothing can be set below it.`,
        ),
      );
    }
  }
}

/**
 * The parser gives a comment above the first entry to the list. What stands directly above the entry is the entry's;
 * what an empty line parts from it stays with the list.
 */
function giveFirstItsComment(list: YAMLSeq): void {
  const [first] = list.items;
  if (!isNode(first) || !list.commentBefore) return;
  const paragraphs = list.commentBefore.split(/\n[ \t]*\n/);
  first.commentBefore = paragraphs.pop() ?? null;
  list.commentBefore = paragraphs.length > 0 ? paragraphs.join('\n\n') : null;
}

function move(document: Document, path: Path, to: number): void {
  const list = document.getIn(path.slice(0, -1), true);
  const from = path.at(-1);
  if (!isSeq(list) || typeof from !== 'number' || from >= list.items.length || to >= list.items.length) {
    raise(fault('invalid', 'config_path_invalid', `${path.join('.')} cannot be moved to place ${to}.`));
  }
  giveFirstItsComment(list);
  const [entry] = list.items.splice(from, 1);
  list.items.splice(to, 0, entry);
}

function change(document: Document, { path, value, moveTo }: ConfigEdit): void {
  clearWay(document, path);
  if (moveTo !== undefined) {
    move(document, path, moveTo);
    return;
  }
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const key = path.at(-1);
  if (isSeq(parent) && (typeof key !== 'number' || key > parent.items.length)) {
    raise(
      fault(
        'invalid',
        'config_path_invalid',
        `${path.join('.')}: the list has ${parent.items.length} entries.`,
      ),
    );
  }
  if (value === null) {
    document.deleteIn(path);
    return;
  }
  const existing = document.getIn(path, true);
  if (isScalar(existing) && typeof value !== 'object') existing.value = value;
  else {
    const fresh = document.createNode(value);
    if (isCollection(existing)) fresh.comment = existing.comment ?? null;
    if (isMap(parent) || isSeq(parent) || parent === null || parent === undefined)
      document.setIn(path, fresh);
  }
}

/** Where the same lines end in both texts, spaces aside; empty when they are not the same. */
function seamsOf(was: readonly string[], plain: readonly string[]): [number, number][] {
  const bare = (line: string | undefined): string => (line ?? '').replaceAll(/\s/g, '');
  const seams: [number, number][] = [[0, 0]];
  let [i, j] = [0, 0];
  while (i < was.length && j < plain.length) {
    let [a, b] = [bare(was[i++]), bare(plain[j++])];
    // A comment behind a key may have got a line of its own.
    while (a !== b) {
      if (a.startsWith(b) && j < plain.length) b += bare(plain[j++]);
      else if (b.startsWith(a) && i < was.length) a += bare(was[i++]);
      else return [];
    }
    seams.push([i, j]);
  }
  return i === was.length && j === plain.length ? seams : [];
}

/**
 * Writing a document anew also tidies what was not asked for: spaces in brackets, before comments. Lines that the edit
 * left alone are taken from the text as it was.
 * @param tidied the text without the edit, `edited` with it, both as they are written anew
 */
function keepLayout(text: string, tidied: string, edited: string): string {
  const [was, plain, now] = [text, tidied, edited].map((each) => each.split('\n')) as [
    string[],
    string[],
    string[],
  ];
  const least = Math.min(plain.length, now.length);
  let head = 0;
  while (head < least && plain[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < least - head && plain.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const seams = seamsOf(was, plain);
  const before = seams.findLast(([, at]) => at <= head);
  const after = seams.find(([, at]) => at >= plain.length - tail);
  if (!before || !after) return edited;
  const kept = [
    ...was.slice(0, before[0]),
    ...now.slice(before[1], now.length - (plain.length - after[1])),
    ...was.slice(after[0]),
  ].join('\n');
  const read = parse(kept);
  return read.errors.length === 0 && isDeepStrictEqual(read.toJS(), parse(edited).toJS()) ? kept : edited;
}

/** Applies the edits in order. Comments, order, quoting and everything not asked for stay as they are. */
export function editYaml(text: string, edits: readonly ConfigEdit[]): string {
  let current = text;
  for (const edit of edits) {
    const spliced = edit.moveTo === undefined ? splice(current, edit) : null;
    if (spliced !== null) {
      current = spliced;
      continue;
    }
    const document = parse(current);
    const options = {
      lineWidth: 0,
      indent: indentOf(current),
      flowCollectionPadding: !/\{\S/.test(current),
    };
    const untouched = document.toString(options);
    change(document, edit);
    current = keepLayout(current, untouched, document.toString(options));
  }
  return current;
}
