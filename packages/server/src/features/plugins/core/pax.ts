import { textOf } from './tar-header.ts';
import { archiveRefused } from './refused.ts';

/** Keys that change nothing here: times, owners, notes. */
const ignored = /^(?:[acm]time|[ug]id|[ug]name|comment|(?:SCHILY|LIBARCHIVE|NODETAR)\.[A-Za-z0-9._:-]+)$/;

/** What an extended header says of the entry behind it. */
export interface PaxFacts {
  path: string | null;
  /** As its header says it again; another one would be a second meaning. */
  size: string | null;
}

/**
 * What an extended header says of the entry behind it. Records are `length key=value\n` (POSIX pax); a key that could change
 * what the entry is ends the reading.
 */
export function readPax(bytes: Uint8Array): PaxFacts {
  const space = 0x20;
  const facts: PaxFacts = { path: null, size: null };
  for (let at = 0; at < bytes.length;) {
    const gap = bytes.indexOf(space, at);
    const length = gap < 0 ? '' : textOf(bytes.subarray(at, gap));
    const end = at + Number(length);
    if (!/^[1-9]\d{0,5}$/.test(length) || end > bytes.length || end <= gap + 1 || bytes[end - 1] !== 0x0a)
      return archiveRefused('an extended header in it is damaged');
    const record = textOf(bytes.subarray(gap + 1, end - 1));
    const equals = record.indexOf('=');
    const key = record.slice(0, equals);
    if (equals < 1) return archiveRefused('an extended header in it is damaged');
    if (key === 'path' || key === 'size') {
      if (facts[key] !== null) return archiveRefused('an entry in it has two names or sizes');
      facts[key] = record.slice(equals + 1);
    } else if (!ignored.test(key))
      return archiveRefused(`an extended header in it has “${key.slice(0, 40)}”, which packages do not use`);
    at = end;
  }
  return facts;
}

/** The extended header that gives a path to the entry behind it. */
export function paxOfPath(path: string): Uint8Array {
  const encoder = new TextEncoder();
  const rest = encoder.encode(` path=${path}\n`);
  // The length counts its own digits.
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return encoder.encode(`${length} path=${path}\n`);
}
