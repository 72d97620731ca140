import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { VigilesConfig } from '@vigiles/contract';
import { redactedMark } from '../secrets/redactor.ts';
import { describeConfig } from './describe.ts';
import type { YamlSource } from './yaml-source.ts';

/** Paths of texts that `describe` shows otherwise, with what it shows. */
function* blotted(
  real: unknown,
  shown: unknown,
  path: (string | number)[] = [],
): Generator<[string, string]> {
  if (typeof real === 'string') {
    if (real !== shown) yield [path.join('.'), typeof shown === 'string' ? shown : redactedMark];
    return;
  }
  if (typeof real !== 'object' || real === null) return;
  const other = (shown ?? {}) as Record<string, unknown>;
  for (const [key, value] of Object.entries(real)) yield* blotted(value, other[key], [...path, key]);
}

/** Every single value of the document with its dotted path. */
function* scalars(node: unknown, path: string[] = []): Generator<[string, Node]> {
  if (isScalar(node)) yield [path.join('.'), node];
  else if (isSeq(node))
    for (const [i, item] of node.items.entries()) yield* scalars(item, [...path, String(i)]);
  else if (isMap(node)) {
    for (const pair of node.items)
      yield* scalars(pair.value, [...path, String(isScalar(pair.key) ? pair.key.value : pair.key)]);
  }
}

/**
 * The file’s text as it may be shown: comments and layout as they are, secrets as `describe` shows them, line for line.
 * @param config what is in force: what the environment lays over the file may hide a secret that still stands in it
 */
export function shownText(
  source: YamlSource,
  config: VigilesConfig,
  clean: (text: string) => string,
): string {
  const alone = VigilesConfig.safeParse(source.value);
  const secret = new Map<string, string>();
  for (const each of alone.success ? [config, alone.data] : [config])
    for (const [path, shown] of blotted(each, describeConfig(each))) secret.set(path, shown);
  const cuts = [...scalars(source.document.contents)]
    .flatMap(([path, node]) => {
      const shown = secret.get(path);
      return shown === undefined || !node.range ? [] : [{ from: node.range[0], to: node.range[1], shown }];
    })
    .sort((a, b) => b.from - a.from);
  let text = source.text;
  for (const { from, to, shown } of cuts) {
    const lost = text.slice(from, to).trimEnd().split('\n').length - 1;
    const rest = text.slice(from, to).endsWith('\n') ? '\n' : '';
    text = `${text.slice(0, from)}${JSON.stringify(shown)}${'\n'.repeat(lost)}${rest}${text.slice(to)}`;
  }
  return clean(text);
}

/** Where each key and entry of the file stands: dotted path → line, from 1. */
export function linesOf(source: YamlSource): Record<string, number> {
  const found: Record<string, number> = {};
  const walk = (node: unknown, path: (string | number)[]): void => {
    if (isSeq(node)) {
      for (const i of node.items.keys()) {
        found[[...path, i].join('.')] = source.placeOf([...path, i]).line;
        walk(node.items[i], [...path, i]);
      }
    } else if (isMap(node)) {
      for (const pair of node.items) {
        const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
        found[[...path, key].join('.')] = source.placeOfKey(path, key).line;
        walk(pair.value, [...path, key]);
      }
    }
  };
  walk(source.document.contents, []);
  return found;
}
