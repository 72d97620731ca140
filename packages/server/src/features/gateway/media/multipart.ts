import type { JsonSpan } from '../core/scan-json.ts';

const CRLF2 = Buffer.from('\r\n\r\n');

/** Longest value of a form field that is read. */
const MAX_VALUE_BYTES = 512;

/**
 * Finds short text fields of a `multipart/form-data` body (RFC 7578) without copying its files: parts are found by
 * their boundary, only their heads are read.
 * @returns where each wanted field's value stands, or the words that say what is wrong
 */
export function scanForm(
  body: Buffer,
  contentType: string,
  wanted: ReadonlySet<string>,
): Map<string, JsonSpan> | string {
  const named = /boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType);
  const boundary = named?.[1] ?? named?.[2];
  if (boundary === undefined) return 'the content-type names no boundary';
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const found = new Map<string, JsonSpan>();
  let at = body.indexOf(delimiter);
  if (at === -1) return 'the boundary that the content-type names does not occur';
  for (;;) {
    at += delimiter.length;
    // The last delimiter is followed by two dashes.
    if (body[at] === 45 && body[at + 1] === 45) return found;
    const headEnd = body.indexOf(CRLF2, at);
    const next = headEnd === -1 ? -1 : body.indexOf(delimiter, headEnd + 2);
    if (headEnd === -1 || next === -1) return `the part that starts at byte ${at} is never closed`;
    const name = fieldName(body.toString('latin1', at, Math.min(headEnd, at + 1024)));
    const span = { start: headEnd + 4, end: next - 2 };
    if (name !== undefined && wanted.has(name) && span.end - span.start <= MAX_VALUE_BYTES) {
      if (found.has(name)) return `the field \`${name}\` comes twice`;
      found.set(name, span);
    }
    at = next;
  }
}

/** The name of a field; a file is none. */
function fieldName(head: string): string | undefined {
  const disposition = /^content-disposition:[^\r\n]*/im.exec(head)?.[0];
  if (disposition === undefined || /;\s*filename\*?=/i.test(disposition)) return undefined;
  const name = /;\s*name=(?:"([^"]*)"|([^\s;]+))/i.exec(disposition);
  return name?.[1] ?? name?.[2];
}
