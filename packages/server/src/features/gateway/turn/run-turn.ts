import type { AnswerContext, DecodeContext, WireError } from '@vigiles/wire';
import type { RequestHead } from '../core/request-head.ts';
import {
  oneHeader,
  passedRequestHeaders,
  returnedHeaders,
  translatedRequestHeaders,
} from '../core/upstream-headers.ts';
import { runDemo } from '../demo/run-demo.ts';
import type { Spoken } from '../providers/define-provider.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { knownEdits } from './adapt-call.ts';
import { admit } from './admit.ts';
import { continuedAnswer, wantsContinuation } from './continue-answer.ts';
import type { AnswerSink, AttemptHost } from './answer-sink.ts';
import { sendCall, type UpstreamCall } from './attempt.ts';
import { PassStream } from './pass-stream.ts';
import { isEventStream, passedBody, requestBody, requestPath, spokenTo } from './provider-request.ts';
import { wantsRepair } from './recover-calls.ts';
import { gatewayError } from './send-error.ts';
import { TranslateStream } from './translate-stream.ts';
import { TranslateWhole } from './translate-whole.ts';
import { decodeContext, decodeTurn, encodeTurn } from './translation.ts';
import type { Turn } from './turn.ts';
import { PassWhole } from './whole-answer.ts';

type Headers = Record<string, string | string[] | undefined>;

/**
 * How a signature begins that an earlier turn sealed for this client (wire's `sealSignature`): only the gateway can open
 * it, so a history that holds one is translated even where both sides speak the same protocol.
 */
const SEALED = Buffer.from('"vgl1.');

/** The same in base64, as Gemini's clients keep it. */
const SEALED_BASE64 = Buffer.from('"dmdsMS5');

/** Runs a turn to its end: admit, plan, send. Everything after this happens in the attempt and its sink. */
export function runTurn(turn: Turn): void {
  const head = admit(turn);
  if (head instanceof Promise) head.then((later) => sendAdmitted(turn, later)).catch(failed(turn));
  else sendAdmitted(turn, head);
}

/** A failure of ours, found where nobody waits for it. */
const failed =
  (turn: Turn) =>
  (thrown: unknown): void => {
    turn.core.log.error({ err: thrown, turn: turn.id }, 'a turn failed inside the gateway');
    turn.fail(
      gatewayError('server', 'The gateway failed on this turn; its log has the cause.'),
      'gateway_error',
    );
  };

function sendAdmitted(turn: Turn, head: RequestHead | WireError): void {
  if (turn.settled) return;
  if ('kind' in head) {
    turn.fail(head, 'rejected');
    return;
  }
  const upstream = turn.upstream;
  if (!upstream) return;
  if (!upstream.pool) {
    runDemo(turn, upstream);
    return;
  }
  if (turn.makeCall) {
    sendCall(turn, turn.makeCall(turn, upstream));
    return;
  }
  const spoken = spokenTo(upstream, turn.client, turn.model);
  const sealed = turn.body.includes(turn.client === 'gemini' ? SEALED_BASE64 : SEALED);
  if (
    spoken?.protocol === turn.client &&
    !sealed &&
    !wantsRepair(turn, upstream) &&
    !wantsContinuation(turn, upstream)
  ) {
    turn.upstreamProtocol = turn.client;
    sendAdapted(turn, passCall(turn, head, upstream, spoken));
    return;
  }
  const call = translatedCall(turn, upstream, spoken);
  if (call) sendAdapted(turn, call);
}

/** Sends a call as the provider is known to want it. */
function sendAdapted(turn: Turn, call: UpstreamCall): void {
  const body = knownEdits(turn, call.body);
  sendCall(turn, body ? { ...call, body } : call);
}

/** The client's own bytes, with only the model replaced where the route renames it. */
function passCall(turn: Turn, head: RequestHead, upstream: Upstream, spoken: Spoken): UpstreamCall {
  const path = requestPath(spoken, turn.model, turn.stream) + turn.pathTail;
  turn.passed = true;
  const { body, hidesUsage } = passedBody(turn, head, upstream, spoken);
  const headers = passedRequestHeaders(turn.req.headers, upstream.headers);
  const open = hidesUsage ? openWithoutUsage : openPassed;
  return { path, headers, body, passThrough: true, open };
}

function openPassed(
  turn: Turn,
  host: AttemptHost,
  status: number,
  headers: Headers,
  hidesUsage = false,
): AnswerSink {
  if (turn.stream && !isEventStream(oneHeader(headers, 'content-type'))) {
    const untold = retell(turn, host);
    if (untold) return untold;
  }
  const back = returnedHeaders(headers);
  back.push('x-vigiles-turn', turn.id, 'x-vigiles-provider', turn.upstream?.id ?? '');
  if (turn.core.draining) back.push('connection', 'close');
  if (turn.stream) return new PassStream(turn, host, status, back, hidesUsage);
  return new PassWhole(turn, host, status, back);
}

const openWithoutUsage: UpstreamCall['open'] = (turn, host, status, headers) =>
  openPassed(turn, host, status, headers, true);

/** A stream was asked for and a whole answer came: it is decoded and told as a stream, in the same protocol. */
function retell(turn: Turn, host: AttemptHost): AnswerSink | undefined {
  const { upstream } = turn;
  if (!upstream) return undefined;
  const translation = decodeTurn(turn, upstream.id);
  if ('kind' in translation) return undefined;
  const encoded = encodeTurn(turn, translation, upstream, turn.client);
  const context = decodeContext(turn, upstream, encoded);
  return new TranslateWhole(turn, host, turn.client, context, translation.answer);
}

/** A request in the provider's own protocol; undefined when the client's could not be read (it was told). */
function translatedCall(
  turn: Turn,
  upstream: Upstream,
  spoken: Spoken | undefined,
): UpstreamCall | undefined {
  if (!spoken) {
    const message = `The provider ${upstream.id} speaks no protocol for the model ${turn.model}.`;
    turn.fail(gatewayError('not-found', message, { code: 'model_not_found' }), 'gateway_error');
    return undefined;
  }
  const translation = decodeTurn(turn, upstream.id);
  if ('kind' in translation) {
    turn.fail(translation, 'rejected');
    return undefined;
  }
  turn.upstreamProtocol = spoken.protocol;
  turn.passed = false;
  const encoded = encodeTurn(turn, translation, upstream, spoken.protocol);
  const context = decodeContext(turn, upstream, encoded);
  const call: UpstreamCall = {
    path: requestPath(spoken, turn.model, turn.stream),
    headers:
      spoken.protocol === turn.client
        ? passedRequestHeaders(turn.req.headers, upstream.headers)
        : translatedRequestHeaders(turn.req.headers, upstream.headers, turn.stream),
    body: requestBody(spoken, encoded.body),
    passThrough: false,
    open: (...head) => openTranslated(head, call, spoken, context, translation.answer),
  };
  return call;
}

function openTranslated(
  [turn, host, , headers]: Parameters<UpstreamCall['open']>,
  call: UpstreamCall,
  spoken: Spoken,
  context: DecodeContext,
  answer: AnswerContext,
): AnswerSink {
  const continued = continuedAnswer(turn, call, spoken, answer);
  return turn.stream && isEventStream(oneHeader(headers, 'content-type'))
    ? new TranslateStream(turn, host, spoken.protocol, context, answer, continued)
    : new TranslateWhole(turn, host, spoken.protocol, context, answer, continued);
}
