import { WHOLE_EVENTS } from './whole-events.ts';
import { createSseParser } from '@vigiles/wire';
import type { WebSocket } from 'ws';
import type { DetachedResponse, AnswerTaker } from '../serve/detached-response.ts';

/** Bytes that wait for a slow client before its provider is paused, and at which it may go on. */
const HIGH_WATER = 1024 * 1024;
const LOW_WATER = 128 * 1024;

/**
 * Writes one turn's answer as text frames, one event each. Whatever is no stream is an error: it is wrapped with its
 * status.
 */
export function takeOnSocket(
  socket: WebSocket,
  response: () => DetachedResponse | undefined,
  ended: () => void,
): AnswerTaker {
  const parser = createSseParser(WHOLE_EVENTS);
  let status = 0;
  let error = '';

  function send(text: string): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(text, afterSend);
    const turn = response()?.turn;
    if (turn && !turn.paused && !turn.settled && socket.bufferedAmount > HIGH_WATER) {
      turn.paused = true;
      turn.activity?.pause();
    }
  }

  function afterSend(): void {
    const turn = response()?.turn;
    if (turn?.paused && !turn.settled && socket.bufferedAmount < LOW_WATER) turn.resume();
  }

  return {
    head(given) {
      status = given;
    },
    piece(piece) {
      if (status >= 300) {
        error += typeof piece === 'string' ? piece : Buffer.from(piece).toString();
        return;
      }
      for (const { data, comment } of parser.push(typeof piece === 'string' ? Buffer.from(piece) : piece)) {
        if (!comment && data !== '' && data !== '[DONE]') send(data);
      }
    },
    end(broken) {
      if (status >= 300) send(wrappedError(status, bodyOf(error), toldHeaders(response()?.sentHeaders)));
      else if (broken) send(wrappedError(503, STOPPED));
      ended();
    },
  };
}

const STOPPED = {
  type: 'server_error',
  code: 'gateway_stopped',
  message: 'The gateway was stopped in the middle of this turn.',
  param: null,
};

/** An error as WebSocket clients read it: with the status and the headers that an HTTP answer would have had. */
export function wrappedError(
  status: number,
  error: unknown,
  headers: Readonly<Record<string, string>> = {},
): string {
  return JSON.stringify({ type: 'error', status, error, headers });
}

function bodyOf(text: string): unknown {
  try {
    const body = JSON.parse(text) as { error?: unknown };
    return body.error ?? body;
  } catch {
    return { type: 'server_error', code: 'server_error', message: text.slice(0, 500), param: null };
  }
}

/** Waits, limits and ids; not what belongs to an HTTP message. */
function toldHeaders(sent: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sent).filter(([name]) => /^(x-|retry-after|ratelimit)/i.test(name)),
  );
}
