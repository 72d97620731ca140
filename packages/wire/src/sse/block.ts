import type { SseEvent } from './parser.ts';

/** The lines of one event, without the blank line that ends it. */
export function parseSseBlock(block: string): SseEvent {
  const text = block.includes('\r') ? block.replace(/\r\n?/g, '\n') : block;
  let event: string | undefined;
  let id: string | undefined;
  let data: string | undefined;
  let lines: string[] | undefined;
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const field = fieldEnd(text, start, end);
    const name = text.slice(start, field);
    if (name === 'data') {
      const value = fieldValue(text, field, end);
      if (data === undefined) data = value;
      else (lines ??= [data]).push(value);
    } else if (name === 'event') event = fieldValue(text, field, end);
    else if (name === 'id') id = fieldValue(text, field, end);
    start = end + 1;
  }
  const found: SseEvent = { data: lines ? lines.join('\n') : (data ?? '') };
  if (event) found.event = event;
  if (id !== undefined) found.id = id;
  if (data === undefined) found.comment = true;
  return found;
}

/** Field names are at most 5 characters (`event`, `retry`): never search a long payload for its colon. */
function fieldEnd(text: string, start: number, end: number): number {
  const stop = Math.min(end, start + 6);
  for (let at = start; at < stop; at++) if (text.charCodeAt(at) === 58) return at;
  return stop;
}

function fieldValue(text: string, colon: number, end: number): string {
  if (colon >= end) return '';
  return text.slice(text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1, end);
}
