import type { JsonSpan } from './scan-json.ts';

/** Text that takes the place of some bytes of a body. */
export interface BodyEdit {
  span: JsonSpan;
  text: string;
}

/** The body with its edits, which must not overlap; every other byte stays. */
export function withEdits(body: Buffer, edits: readonly BodyEdit[]): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { span, text } of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    parts.push(body.subarray(from, span.start), Buffer.from(text));
    from = span.end;
  }
  parts.push(body.subarray(from));
  return Buffer.concat(parts);
}
