import type { TargetClass } from '@vigiles/contract';
import { hash } from './hash.ts';

/** What one failure looks like, and what stays the same when it happens again. */
export interface Fingerprint {
  /** 16 hexadecimal characters. */
  id: string;
  fault: string;
  targetClass: TargetClass;
  version: string | null;
  /** The line with everything masked that changes from time to time. */
  template: string;
}

const MAX_LINE = 2000;
const MAX_TEMPLATE = 400;

/**
 * In this order: what comes first would be torn apart by what follows. Each expression is linear: no repeated group
 * holds a repetition that could match the same text in two ways.
 */
const masks: readonly [RegExp, string][] = [
  // Escape sequences of terminals.
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  [/\x1b\[[0-9;]{0,20}[A-Za-z]/g, ''],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b/g, '<time>'],
  [/\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>)\]]{1,500}/gi, '<url>'],
  [/"[^"\n]{0,500}"/g, '<text>'],
  [/(?<![A-Za-z])'[^'\n]{0,500}'/g, '<text>'],
  [/`[^`\n]{0,500}`/g, '<text>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g, '<address>'],
  [/(?<![\w:])\[?(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{1,4}\b\]?(?::\d{1,5})?/gi, '<address>'],
  [/\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}\b/g, '<address>'],
  [/(?<![\w.])(?:~|\.{1,2})?(?:\/[\w.@+-]{1,120}){2,40}\/?/g, '<path>'],
  [/\b[A-Za-z]:\\[^\s"']{1,400}/g, '<path>'],
  [/\b0x[0-9a-f]{1,32}\b/gi, '<hex>'],
  // Names with a prefix and something random behind it: run_01h8…, req-9f8e7d.
  [/\b[a-z]{2,12}[_-](?=[a-z0-9]{0,40}\d)[a-z0-9]{6,64}\b/gi, '<id>'],
  [/\b(?=[0-9a-f]{0,64}\d)(?=[0-9a-f]{0,64}[a-f])[0-9a-f]{7,64}\b/gi, '<hex>'],
  [/\b(?=[A-Za-z0-9]{0,80}\d)(?=[A-Za-z0-9]{0,80}[A-Za-z])[A-Za-z0-9]{20,80}\b/g, '<id>'],
  [/(?<![\w.<])[-+]?\d+(?:[.,]\d+)*(?:[eE][-+]?\d{1,4})?/g, '<n>'],
];

/** A line as a pattern: numbers, ids, paths, addresses, quoted text, hex and times are masked, spaces joined. */
export function templateOf(line: string): string {
  let text = line.slice(0, MAX_LINE);
  for (const [shape, mask] of masks) text = text.replace(shape, mask);
  return text.replace(/\s+/g, ' ').trim().slice(0, MAX_TEMPLATE);
}

export interface Seen {
  fault: string;
  targetClass: TargetClass;
  version: string | null;
  line: string;
}

/** The fingerprint of what was seen. The target is not in it: what helps one helps its like. */
export function fingerprintOf({ fault, targetClass, version, line }: Seen): Fingerprint {
  const template = templateOf(line);
  const id = hash(JSON.stringify([fault, targetClass, version, template]));
  return { id, fault, targetClass, version, template };
}
