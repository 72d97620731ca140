import type { ProtocolName } from '@vigiles/wire';
import { replaceModel, type RequestHead } from '../core/request-head.ts';
import { oneHeader, passedRequestHeaders, returnedHeaders } from '../core/upstream-headers.ts';
import { admit } from './admit.ts';
import type { AnswerSink, AttemptHost } from './answer-sink.ts';
import { sendCall, type UpstreamCall } from './attempt.ts';
import { PassStream } from './pass-stream.ts';
import type { Turn } from './turn.ts';
import { PassWhole } from './whole-answer.ts';

/** Runs a turn to its end: admit, plan, send. Everything after this happens in the attempt and its sink. */
export function runTurn(turn: Turn): void {
  const head = admit(turn);
  if ('kind' in head) {
    turn.fail(head, 'rejected');
    return;
  }
  const upstream = turn.upstream;
  if (!upstream) return;
  const spoken = upstream.protocols.find(({ protocol }) => protocol === turn.client);
  if (spoken) {
    turn.upstreamProtocol = turn.client;
    sendCall(turn, passCall(turn, head, spoken.path));
  } else turn.fail({ kind: 'server', message: 'no translation', source: 'gateway' }, 'gateway_error');
}

/** The client's own bytes, with only the model replaced where the route renames it. */
function passCall(turn: Turn, head: RequestHead, path: string): UpstreamCall {
  const own = turn.upstream?.headers ?? [];
  const body = turn.model === head.model ? turn.body : replaceModel(turn.body, head.modelSpan, turn.model);
  return {
    path,
    headers: passedRequestHeaders(turn.req.headers, own),
    body,
    passThrough: true,
    open: openPassed,
  };
}

type Headers = Record<string, string | string[] | undefined>;

function openPassed(turn: Turn, host: AttemptHost, status: number, headers: Headers): AnswerSink {
  const back = returnedHeaders(headers);
  back.push('x-vigiles-turn', turn.id);
  if (turn.core.draining) back.push('connection', 'close');
  if (turn.stream && isEventStream(headers)) return new PassStream(turn, host, status, back);
  return new PassWhole(turn, host, status, back);
}

/** Some servers name no type at all; a stream was asked for, so it is taken for one. */
export function isEventStream(headers: Headers): boolean {
  const type = oneHeader(headers, 'content-type');
  return type === undefined || type.includes('text/event-stream');
}

export type { ProtocolName };
