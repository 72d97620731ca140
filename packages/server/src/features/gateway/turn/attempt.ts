import { providerProtocols, type WireError } from '@vigiles/wire';
import { parseRetryAfter } from '@vigiles/wire';
import { withRetryAdvice, retryAfterSeconds } from '../core/retry.ts';
import { plainHeaders, returnedHeaders } from '../core/upstream-headers.ts';
import {
  releaseBytes,
  type AnswerController,
  type AnswerHandler,
  type AnswerHeaders,
} from '../../../platform/http-client/index.ts';
import type { Authorised } from '../upstream/credentials/credential.ts';
import type { Pool } from '../upstream/pool.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { adaptBody } from './adapt-call.ts';
import type { AnswerSink, AttemptHost } from './answer-sink.ts';
import { cleanError } from './clean-error.ts';
import { afterFailure } from './choose.ts';
import { connectionError } from './connection-error.ts';
import { noteFailure } from './outcome.ts';
import { gatewayError } from './send-error.ts';
import type { Activity, Turn } from './turn.ts';

/** What is sent, kept for another try. */
export interface UpstreamCall {
  path: string;
  headers: string[];
  body: Buffer;
  /** True when the answer's bytes are the client's own protocol. */
  passThrough: boolean;
  /** A later part of an answer: it cannot be had, and nobody else is to be told. */
  failed?: () => void;
  /** Makes the sink that fits the answer's head; null when it is no answer at all. */
  open(turn: Turn, host: AttemptHost, status: number, headers: AnswerHeaders): AnswerSink;
}

/** Error answers are read up to this size; the rest is not needed to know what went wrong. */
const MAX_ERROR_BYTES = 256 * 1024;

/** Sends a turn's call; tries again on its own where nothing has reached the client yet. */
export function sendCall(turn: Turn, call: UpstreamCall): void {
  const upstream = turn.upstream;
  if (!upstream?.pool || turn.settled) return;
  turn.attempts += 1;
  turn.recording?.sent(call);
  turn.phase = 'connecting';
  turn.trying = true;
  turn.errno = null;
  turn.sentAt = turn.core.clock.monotonic();
  turn.heard();
  const attempt = new Attempt(turn, call);
  turn.activity = attempt;
  const path = upstream.basePath + call.path;
  if (!upstream.credential) {
    attempt.dispatch(upstream.pool, path, call.headers);
    return;
  }
  const request = { method: 'POST', origin: upstream.origin, path, headers: call.headers, body: call.body };
  const given = upstream.credential.authorise(request);
  if (given instanceof Promise) void given.then((late) => attempt.authorised(upstream, path, late));
  else attempt.authorised(upstream, path, given);
}

/** One try at a provider: the handler of its answer, one object a try and no closures. */
class Attempt implements AnswerHandler, Activity, AttemptHost {
  readonly #turn: Turn;
  readonly #call: UpstreamCall;
  /** The turn lets go of it when it is settled. */
  readonly #asked: Buffer;
  #controller: AnswerController | null = null;
  #sink: AnswerSink | null = null;
  #over = false;
  #status = 0;
  #headers: AnswerHeaders = {};
  #errorChunks: Buffer[] | null = null;
  #errorBytes = 0;
  #waiting: NodeJS.Timeout | null = null;

  constructor(turn: Turn, call: UpstreamCall) {
    this.#turn = turn;
    this.#call = call;
    this.#asked = turn.body;
  }

  dispatch(pool: Pool, path: string, headers: string[]): void {
    try {
      pool.dispatch({ path, method: 'POST', headers, body: this.#call.body }, this);
    } catch (thrown) {
      this.onResponseError(null, thrown as Error);
    }
  }

  /** The credential has answered; the client may have left meanwhile. */
  authorised(upstream: Upstream, path: string, given: Authorised): void {
    if (this.#over || !upstream.pool) return;
    if (given.ok) this.dispatch(upstream.pool, path, this.#call.headers.concat(given.headers));
    else this.refused(given.error);
  }

  onRequestStart(controller: AnswerController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('left'));
    else if (this.#turn.phase === 'connecting') this.#turn.phase = 'waiting';
  }

  onResponseStart(_controller: AnswerController, status: number, headers: AnswerHeaders): void {
    if (this.#over) return;
    this.#turn.heard();
    this.#status = status;
    if (status >= 200 && status < 300) this.#sink = this.#call.open(this.#turn, this, status, headers);
    else {
      // Only errors are looked into again: an open stream need not hold them.
      this.#headers = headers;
      this.#errorChunks = [];
    }
  }

  onResponseData(_controller: AnswerController, chunk: Buffer): void {
    if (this.#over) return;
    this.#turn.recording?.received(this.#status, chunk);
    if (this.#sink) {
      this.#sink.data(chunk);
      return;
    }
    this.#errorBytes += chunk.length;
    if (this.#errorBytes <= MAX_ERROR_BYTES) this.#errorChunks?.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#sink) this.#sink.end();
    else this.#refusedByStatus();
    if (this.#turn.settled && this.#controller?.sent) this.#releaseBodies();
  }

  /** Nobody asks again, and the provider’s socket has taken all of it. */
  #releaseBodies(): void {
    if (this.#call.body !== this.#asked) releaseBytes(this.#call.body);
    if (this.#turn.ownsBody) releaseBytes(this.#asked);
  }

  onResponseError(_controller: AnswerController | null, thrown: Error): void {
    if (this.#over) return;
    this.#over = true;
    const turn = this.#turn;
    const found = connectionError(thrown, turn.upstream, this.#sink !== null || this.#errorChunks !== null);
    turn.errno = found.errno;
    if (this.#sink) this.#sink.broken(found.error);
    // A pooled connection that the provider closed just now says nothing about the provider.
    else if (found.stale && !turn.resent) {
      turn.resent = true;
      sendCall(turn, this.#call);
    } else this.#failed(found.error, null, undefined);
  }

  refused(error: WireError): void {
    this.#over = true;
    this.#failed(error, null, undefined);
  }

  hangUp(): void {
    this.#over = true;
    this.#controller?.abort(new Error('hung up'));
  }

  abort(): void {
    this.#sink?.abandon();
    if (this.#waiting) clearTimeout(this.#waiting);
    this.hangUp();
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    if (!this.#over) this.#controller?.resume();
  }

  tick(now: number): void {
    const turn = this.#turn;
    if (this.#waiting || turn.paused || this.#over) return;
    const idleMs = idleTimeoutMs(turn);
    if (now - turn.heardAt < idleMs) {
      this.#sink?.beat(now);
      return;
    }
    this.hangUp();
    const error = gatewayError('timeout', `The provider was silent for ${idleMs / 1000} seconds.`, {
      code: 'upstream_idle_timeout',
    });
    if (this.#sink) this.#sink.broken(error);
    else {
      this.#over = true;
      this.#failed(error, null, undefined);
    }
  }

  /** The provider said no with a status. */
  #refusedByStatus(): void {
    const turn = this.#turn;
    // A token that was taken back before its time: the next one is asked for once.
    if (this.#status === 401 && turn.upstream?.credential?.refused()) {
      sendCall(turn, this.#call);
      return;
    }
    const protocol = turn.upstreamProtocol ?? turn.client;
    const bytes = Buffer.concat(this.#errorChunks ?? []);
    const text = bytes.toString('utf8', 0, bytes.length);
    const body = asJson(text);
    const plain = plainHeaders(this.#headers);
    const error = providerProtocols[protocol].decodeError(this.#status, plain, body ?? text);
    const wait = error.retryAfterMs ?? parseRetryAfter(plain, turn.core.clock.now(), error.message);
    if (wait !== undefined) error.retryAfterMs = wait;
    const clean = cleanError(turn, error) === error && turn.core.redact(text) === text;
    const asIs = clean && this.#call.passThrough && body !== undefined && this.#status >= 400 ? bytes : null;
    this.#failed(this.#status < 400 ? redirected(this.#status) : error, asIs, body ?? text);
  }

  /**
   * @param asIs the provider's own error body, for a client that speaks its protocol
   * @param answer the error body, parsed or as text, where there was one
   */
  #failed(told: WireError, asIs: Buffer | null, answer: unknown): void {
    const turn = this.#turn;
    if (turn.settled) return;
    const error = cleanError(turn, told);
    const adapted = adaptBody(turn, this.#call.body, error, answer);
    if (adapted) {
      sendCall(turn, { ...this.#call, body: adapted });
      return;
    }
    if (this.#call.failed) {
      noteFailure(turn, error);
      this.#call.failed();
      return;
    }
    const step = afterFailure(turn, error);
    if (step.do === 'again') this.#waiting = setTimeout(() => sendCall(turn, this.#call), step.ms);
    else if (step.do !== 'fail') turn.moveOn?.(turn, step);
    else if (asIs && step.error === error) this.#passError(error, asIs);
    else turn.fail(step.error, 'upstream_error');
  }

  /** The provider's own words, with a wait where it named none. */
  #passError(wireError: WireError, body: Buffer): void {
    const turn = this.#turn;
    const error = withRetryAdvice(wireError);
    const headers = returnedHeaders(this.#headers).concat(
      'x-vigiles-error-source',
      'upstream',
      'x-vigiles-turn',
      turn.id,
    );
    if (error.retryAfterMs !== undefined && this.#headers['retry-after'] === undefined) {
      headers.push('retry-after', retryAfterSeconds(error.retryAfterMs));
    }
    headers.push('content-length', String(body.length));
    turn.res.writeHead(this.#status, headers);
    turn.res.end(body);
    turn.settle('upstream_error', this.#status, error);
  }
}

function asJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const redirected = (status: number): WireError =>
  gatewayError('server', `The provider answered ${status}: its base_url is wrong or it wants a login.`, {
    code: 'upstream_redirect',
  });

/** The configured silence, or a longer one that was granted to its provider for a while. */
function idleTimeoutMs({ core, upstream }: Turn): number {
  const { idle_timeout_s } = core.config;
  if (core.overrides.empty || !upstream) return idle_timeout_s * 1000;
  return core.overrides.idleTimeoutS(upstream.id, idle_timeout_s, core.clock.now()) * 1000;
}
