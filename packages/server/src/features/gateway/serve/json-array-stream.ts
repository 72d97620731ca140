import { createSseParser, type SseEvent } from '@vigiles/wire';
import type { GatewayResponse } from './messages.ts';

/**
 * Has a response write its server-sent events as the elements of one JSON array, as `streamGenerateContent` answers
 * without `alt=sse`. Answers of any other type are left alone.
 */
export function streamAsJsonArray(res: GatewayResponse): void {
  const parser = createSseParser();
  const { writeHead, writePiece, endPieces, end } = res;
  let state: 'plain' | 'open' | 'closed' = 'plain';
  let count = 0;

  function elements(events: readonly SseEvent[]): string {
    let text = '';
    for (const { data, comment } of events) {
      if (!comment && data !== '') text += (count++ === 0 ? '[' : ',\r\n') + data;
    }
    return text;
  }

  function close(last: string): void {
    state = 'closed';
    const late = last === '' ? [] : parser.push(Buffer.from(last));
    const text = elements([...late, ...parser.end()]);
    Reflect.apply(endPieces, res, [text + (count === 0 ? '[]' : ']')]);
  }

  Object.assign(res, {
    writeHead(status: number, headers: string[] | Record<string, string | number>) {
      const changed = asJson(headers);
      if (changed) state = 'open';
      return Reflect.apply(writeHead, res, [status, changed ?? headers]);
    },
    writePiece(piece: Uint8Array | string) {
      const written =
        state === 'plain'
          ? piece
          : elements(parser.push(typeof piece === 'string' ? Buffer.from(piece) : piece));
      Reflect.apply(writePiece, res, [written]);
    },
    endPieces(piece = '') {
      if (state === 'open') close(piece);
      else Reflect.apply(endPieces, res, [piece]);
    },
    end(...rest: unknown[]) {
      // A stream that broke off is still a whole array.
      if (state === 'open') close('');
      else Reflect.apply(end, res, rest);
      return res;
    },
  });
}

/** The headers with JSON's type where they were those of an event stream. */
function asJson(
  headers: string[] | Record<string, string | number>,
): string[] | Record<string, string | number> | undefined {
  if (!Array.isArray(headers)) {
    return isEvents(headers['content-type']) ? { ...headers, 'content-type': 'application/json' } : undefined;
  }
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type');
  return isEvents(headers[at + 1]) && at !== -1 ? headers.with(at + 1, 'application/json') : undefined;
}

const isEvents = (type: unknown): boolean => typeof type === 'string' && type.includes('text/event-stream');
