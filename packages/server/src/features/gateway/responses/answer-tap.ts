import { WHOLE_EVENTS } from './whole-events.ts';
import { createSseParser } from '@vigiles/wire';
import { scanJsonObject } from '../core/scan-json.ts';

/** A response object, with what stands in it. */
export interface SeenResponse {
  id: string;
  status: string;
  json: Buffer;
  /** The inside of its `output` array. */
  output: Buffer;
}

/** Watches an answer on its way to the client. */
export interface AnswerTap {
  piece(piece: Uint8Array | string): void;
  whole(body: Uint8Array | string): void;
}

const TERMINAL = ['"response.completed"', '"response.incomplete"', '"response.failed"'];
const TERMINAL_BYTES = TERMINAL.map((word) => Buffer.from(word));
const FIELDS = new Set(['id', 'status', 'output']);
const EVENT = new Set(['response']);

/**
 * Finds the finished response object in an answer, streamed or whole. Streams reach it in whole events, so only the
 * piece with the last one is ever parsed.
 * @param opened told of the first event too, where its id is all that is wanted
 */
export function tapAnswer(done: (seen: SeenResponse) => void, opened?: (id: string) => void): AnswerTap {
  let over = false;
  let first = opened !== undefined;
  return {
    piece(piece) {
      if (over) return;
      if (first) {
        first = false;
        const id = responsesIn(piece)[0]?.id;
        if (id !== undefined) opened?.(id);
      }
      if (!mayBeLast(piece)) return;
      const seen = responsesIn(piece).findLast(
        ({ status }) => status !== 'in_progress' && status !== 'queued',
      );
      if (!seen) return;
      over = true;
      done(seen);
    },
    whole(body) {
      if (over) return;
      over = true;
      const seen = readResponse(typeof body === 'string' ? Buffer.from(body) : Buffer.from(body));
      if (!seen) return;
      opened?.(seen.id);
      done(seen);
    },
  };
}

function mayBeLast(piece: Uint8Array | string): boolean {
  if (typeof piece === 'string') return TERMINAL.some((word) => piece.includes(word));
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  return TERMINAL_BYTES.some((word) => bytes.includes(word));
}

function responsesIn(piece: Uint8Array | string): SeenResponse[] {
  const parser = createSseParser(WHOLE_EVENTS);
  const events = parser.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  const seen: SeenResponse[] = [];
  for (const { data, comment } of [...events, ...parser.end()]) {
    if (comment || !data.includes('"response":')) continue;
    const bytes = Buffer.from(data);
    const spans = scanJsonObject(bytes, EVENT);
    const span = typeof spans === 'string' ? undefined : spans.get('response');
    const response = span && readResponse(bytes.subarray(span.start, span.end));
    if (response) seen.push(response);
  }
  return seen;
}

/** Reads a response object; undefined where it is none. */
export function readResponse(json: Buffer): SeenResponse | undefined {
  const spans = scanJsonObject(json, FIELDS);
  if (typeof spans === 'string') return undefined;
  const word = (key: string): string | undefined => {
    const span = spans.get(key);
    return span && json[span.start] === 34 ? json.toString('utf8', span.start + 1, span.end - 1) : undefined;
  };
  const id = word('id');
  if (id === undefined || id === '') return undefined;
  const output = spans.get('output');
  const isList = output !== undefined && json[output.start] === 91;
  return {
    id,
    status: word('status') ?? 'completed',
    json,
    output: isList ? json.subarray(output.start + 1, output.end - 1) : Buffer.alloc(0),
  };
}
