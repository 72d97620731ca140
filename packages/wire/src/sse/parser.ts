import { decodeUtf8 } from '../text/utf8.ts';
import { parseSseBlock } from './block.ts';
import { SseOverflow } from './overflow.ts';

/** One server-sent event. */
export interface SseEvent {
  event?: string;
  data: string;
  id?: string;
  /** Nothing to read, but the other side is alive: a comment line, a lone blank line, or an event without data. */
  comment?: true;
}

export interface SseParser {
  /** Events that became complete with this chunk. Throws `SseOverflow` when one event passes the limit. */
  push(chunk: Uint8Array): SseEvent[];
  /** The stream closed: the last event even without its blank line. */
  end(): SseEvent[];
  /** Nothing of an event is held: the next byte begins one. Absent: nobody can tell. */
  between?(): boolean;
}

export interface SseParserOptions {
  /** Bytes one event may have before the parser refuses it. Default 8 MiB. */
  maxEventBytes?: number;
}

const LF = 10;
const CR = 13;
const COLON = 58;
const BOM = [0xef, 0xbb, 0xbf];
const DEFAULT_MAX_EVENT_BYTES = 8 * 1024 * 1024;

/**
 * Splits a byte stream into server-sent events (WHATWG HTML §9.2). Bytes are only scanned for line ends; text is
 * decoded once per event, so UTF-8 may be cut anywhere and the cost stays linear in the input.
 */
export function createSseParser(options: SseParserOptions = {}): SseParser {
  const limit = options.maxEventBytes ?? DEFAULT_MAX_EVENT_BYTES;
  /** Bytes of the unfinished event that came with earlier chunks. */
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  /** Bytes of the unfinished line that came with earlier chunks, and what it starts with. */
  let heldLineBytes = 0;
  let heldLineFirst = 0;
  let bomSeen = 0;
  /** A CR ended the last chunk: a LF at the start of the next one belongs to it. */
  let skipLf = false;
  let afterComment = false;

  function refuse(): never {
    held = [];
    heldBytes = heldLineBytes = 0;
    throw new SseOverflow(limit);
  }

  function takeBlock(tail: Uint8Array): string {
    if (heldBytes + tail.length > limit) refuse();
    if (heldBytes === 0) return decodeUtf8(tail);
    const whole = new Uint8Array(heldBytes + tail.length);
    let at = 0;
    for (const piece of held) {
      whole.set(piece, at);
      at += piece.length;
    }
    whole.set(tail, at);
    held = [];
    heldBytes = 0;
    return decodeUtf8(whole);
  }

  function hold(chunk: Uint8Array, blockStart: number, lineStart: number): void {
    const rest = chunk.length - blockStart;
    if (rest <= 0) return;
    if (heldBytes + rest > limit) refuse();
    if (lineStart < chunk.length) {
      if (heldLineBytes === 0) heldLineFirst = chunk[lineStart] ?? 0;
      heldLineBytes += chunk.length - lineStart;
    }
    // A copy: the caller may reuse its buffer (and `slice` of a Node Buffer would not copy).
    held.push(new Uint8Array(chunk.subarray(blockStart)));
    heldBytes += rest;
  }

  function push(chunk: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    let line = 0;
    while (bomSeen < 3 && line < chunk.length) {
      if (chunk[line] !== BOM[bomSeen]) bomSeen = 3;
      else {
        bomSeen++;
        line++;
      }
    }
    if (skipLf && line < chunk.length) {
      skipLf = false;
      if (chunk[line] === LF) line++;
    }
    let block = line;
    let cr = chunk.indexOf(CR, line);
    for (;;) {
      const lf = chunk.indexOf(LF, line);
      if (cr !== -1 && cr < line) cr = chunk.indexOf(CR, line);
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
      if (end === -1) break;
      let next = end + 1;
      if (end === cr) {
        if (next === chunk.length) skipLf = true;
        else if (chunk[next] === LF) next++;
      }
      const lineBytes = heldLineBytes + end - line;
      const blockBytes = heldBytes + line - block;
      if (lineBytes === 0) {
        if (blockBytes > 0) events.push(parseSseBlock(takeBlock(chunk.subarray(block, line))));
        else if (!afterComment) events.push({ data: '', comment: true });
        afterComment = false;
        block = next;
      } else if (
        blockBytes === heldLineBytes &&
        (heldLineBytes > 0 ? heldLineFirst : chunk[line]) === COLON
      ) {
        // A comment outside an event is reported at once: many keep-alives never send the blank line.
        events.push({ data: '', comment: true });
        held = [];
        heldBytes = 0;
        afterComment = true;
        block = next;
      } else afterComment = false;
      heldLineBytes = 0;
      line = next;
    }
    hold(chunk, block, line);
    return events;
  }

  function end(): SseEvent[] {
    if (heldBytes === 0) return [];
    const text = takeBlock(new Uint8Array(0));
    heldLineBytes = 0;
    return [parseSseBlock(text)];
  }

  const between = (): boolean =>
    heldBytes === 0 && heldLineBytes === 0 && bomSeen === 3 && !skipLf && !afterComment;

  return { push, end, between };
}
