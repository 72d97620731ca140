import type { ServerResponse } from 'node:http';
import { createSseParser, type SseEvent } from '@vigiles/wire';

/**
 * Has a response write its server-sent events as the elements of one JSON array, as `streamGenerateContent` answers
 * without `alt=sse`. Answers of any other type are left alone.
 */
export function streamAsJsonArray(res: ServerResponse): void {
  const parser = createSseParser();
  const { writeHead, write, end } = res;
  let active = false;
  let count = 0;

  function elements(events: readonly SseEvent[]): string {
    let text = '';
    for (const { data, comment } of events) {
      if (!comment && data !== '') text += (count++ === 0 ? '[' : ',\r\n') + data;
    }
    return text;
  }

  // Calls with a callback or an encoding never come here: the gateway writes bytes and text only.
  Object.assign(res, {
    writeHead(status: number, headers: string[] | Record<string, string | number>) {
      const changed = asJson(headers);
      active = changed !== undefined;
      return Reflect.apply(writeHead, res, [status, changed ?? headers]);
    },
    write(data: Uint8Array | string) {
      if (!active) return Reflect.apply(write, res, [data]);
      const text = elements(parser.push(bytesOf(data)));
      return text === '' || Reflect.apply(write, res, [text]);
    },
    end(data?: Uint8Array | string) {
      if (!active) return data === undefined ? Reflect.apply(end, res, []) : Reflect.apply(end, res, [data]);
      const late = data === undefined ? [] : parser.push(bytesOf(data));
      const text = elements([...late, ...parser.end()]);
      return Reflect.apply(end, res, [text + (count === 0 ? '[]' : ']')]);
    },
  });
}

const bytesOf = (data: Uint8Array | string): Uint8Array =>
  typeof data === 'string' ? Buffer.from(data) : data;

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
