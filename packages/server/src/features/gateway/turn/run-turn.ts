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
import { claimProbe, namedWaitOf, releaseProbe } from '../core/health/health-entry.ts';
import type { Candidate } from '../core/route/plan-route.ts';
import { NO_WORDS } from '../core/route/task.ts';
import { knownEdits } from './adapt-call.ts';
import { admit } from './admit.ts';
import { continuedAnswer, wantsContinuation } from './continue-answer.ts';
import type { AnswerSink, AttemptHost } from './answer-sink.ts';
import { sendCall, type UpstreamCall } from './attempt.ts';
import { choose, type Step } from './choose.ts';
import { lookForSecrets } from './look-for-secrets.ts';
import { noteSilentCut } from './note-silent-cut.ts';
import { PassStream } from './pass-stream.ts';
import { Pause } from './pause.ts';
import { isEventStream, passedBody, requestBody, requestPath, spokenTo } from './provider-request.ts';
import { wantsRepair } from './recover-calls.ts';
import { reserveTurn } from './reserve.ts';
import { startRouting, type TurnRouting } from './routing.ts';
import { failInside } from './fail-inside.ts';
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

/** Runs a turn to its end: admit, choose a place, send. Everything after this happens in the attempt and its sink. */
export function runTurn(turn: Turn): void {
  const head = admit(turn);
  if ('kind' in head) {
    turn.fail(head, 'rejected');
    return;
  }
  const { map, core } = turn;
  const only = map?.candidates[0];
  if (!map || !only) return;
  // Nearly every turn: one place to go, nothing said, and the provider asked for no pause.
  if (map.plain && turn.words === NO_WORDS) {
    turn.health = core.health.of(only.provider, only.model);
    if (namedWaitOf(turn.health) <= core.clock.now()) {
      go(turn, only);
      return;
    }
  }
  turn.moveOn = follow;
  turn.routing = startRouting(turn, map, turn.words);
  follow(turn, choose(turn, turn.routing));
}

/** Does what was chosen. */
function follow(turn: Turn, step: Step): void {
  const { routing } = turn;
  if (turn.settled) return;
  switch (step.do) {
    case 'send':
      go(turn, step.candidate);
      return;
    case 'fail':
      turn.fail(step.error, turn.attempts === 0 ? 'rejected' : 'upstream_error');
      return;
    case 'wait':
      if (routing) turn.activity = new Pause(step.ms, () => carryOn(turn, routing));
      return;
    case 'scan':
      turn.activity = new Pause(null);
      void lookForSecrets(turn).then(() => routing && carryOn(turn, routing));
      return;
    case 'again':
      // Only an attempt has a call to send again.
      return;
  }
}

/** Chooses again after a pause, where nobody else would catch what is thrown. */
function carryOn(turn: Turn, routing: TurnRouting): void {
  if (turn.settled) return;
  try {
    follow(turn, choose(turn, routing));
  } catch (thrown) {
    failInside(turn, thrown);
  }
}

/** Sends the turn to a place, if limits and money allow it there. */
function go(turn: Turn, candidate: Candidate): void {
  const { core } = turn;
  const upstream = core.table.get(candidate.provider);
  if (!upstream) {
    const message = `The provider ${candidate.provider} is gone.`;
    turn.fail(gatewayError('not-found', message, { code: 'model_not_found', param: 'model' }), 'rejected');
    return;
  }
  turn.candidate = candidate;
  turn.upstream = upstream;
  turn.model = candidate.model;
  turn.health = core.health.of(candidate.provider, candidate.model);
  // Before anything waits: a cooled circuit lets in one turn, not all that ask at once.
  if (turn.routing) claimProbe(turn.health, core.clock.now());
  const refused = reserveTurn(turn);
  if (!(refused instanceof Promise)) {
    sendReserved(turn, candidate, upstream, refused);
    return;
  }
  refused
    .then((later) => sendReserved(turn, candidate, upstream, later))
    .catch((thrown: unknown) => failInside(turn, thrown));
}

function sendReserved(turn: Turn, candidate: Candidate, upstream: Upstream, refused: WireError | null): void {
  const { routing, health } = turn;
  if (routing && health && (refused || turn.settled)) releaseProbe(health);
  if (turn.settled) return;
  if (refused) {
    if (routing && refused.kind === 'quota') {
      routing.overBudget.add(candidate);
      routing.money ??= refused;
      follow(turn, choose(turn, routing));
    } else turn.fail(refused, 'rejected');
    return;
  }
  if (turn.attempts > 0) startAfresh(turn);
  noteSilentCut(turn, upstream);
  send(turn, upstream);
}

/** What an earlier place needed says nothing about this one. */
function startAfresh(turn: Turn): void {
  turn.losses = [];
  turn.repairs = [];
  turn.signals = [];
  turn.passed = false;
  turn.resent = false;
  if (!turn.adapting) return;
  turn.adapting = null;
  turn.res.removeHeader('x-vigiles-adapted');
}

function send(turn: Turn, upstream: Upstream): void {
  const { head } = turn;
  if (!head) return;
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
    !spoken.strict &&
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
