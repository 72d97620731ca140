import type { AnswerContext, TurnEvent, Usage } from '@vigiles/wire';
import { AnswerJoiner, type Joint, type Resume } from '../core/continue/answer-joiner.ts';
import { continuationRequest, mayContinue } from '../core/continue/continuation-request.ts';
import { sumUsage } from '../core/continue/join-usage.ts';
import type { Spoken } from '../providers/define-provider.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { knownEdits } from './adapt-call.ts';
import { sendCall, type UpstreamCall } from './attempt.ts';
import { NextPart } from './next-part.ts';
import { requestBody } from './provider-request.ts';
import { reserveTurn } from './reserve.ts';
import { decodeContext, encodePart } from './translation.ts';
import type { Turn } from './turn.ts';

/** Takes what the client is to be told of a continued answer, in order. */
export interface PartListener {
  tell(events: readonly TurnEvent[]): void;
  beat(monotonicMs: number): void;
}

/** The parts of an answer that was continued. */
export interface ContinuedParts {
  readonly joints: readonly Joint[];
  /** What each part used. */
  readonly usages: readonly Usage[];
  /** How many of them are settled: money and limits have counted them. */
  settled: number;
}

/** How often this turn's answer may be continued; 0: it is left as it is. */
function continuations(turn: Turn, upstream: Upstream): number {
  const { max, clients } = turn.core.config.auto_continue;
  return clients.includes(turn.client) ? (upstream.autoContinue ?? max) : 0;
}

/** Whether a turn is decoded although both sides speak one protocol, so that its answer can be continued. */
export const wantsContinuation = (turn: Turn, upstream: Upstream): boolean =>
  upstream.autoContinue !== undefined && continuations(turn, upstream) > 0;

/** An answer that goes on when its provider stops it for length; undefined where it may not. */
export function continuedAnswer(
  turn: Turn,
  call: UpstreamCall,
  spoken: Spoken,
  answer: AnswerContext,
): ContinuedAnswer | undefined {
  const { upstream } = turn;
  const max = upstream ? continuations(turn, upstream) : 0;
  return upstream && max > 0 ? new ContinuedAnswer(turn, upstream, call, spoken, answer, max) : undefined;
}

/** Fetches the parts of an answer and joins them. */
export class ContinuedAnswer {
  readonly #turn: Turn;
  readonly #upstream: Upstream;
  readonly #call: UpstreamCall;
  readonly #spoken: Spoken;
  readonly #answer: AnswerContext;
  readonly #joiner: AnswerJoiner;
  #left: number;
  #chars = 0;

  constructor(
    turn: Turn,
    upstream: Upstream,
    call: UpstreamCall,
    spoken: Spoken,
    answer: AnswerContext,
    max: number,
  ) {
    this.#turn = turn;
    this.#upstream = upstream;
    this.#call = call;
    this.#spoken = spoken;
    this.#answer = answer;
    this.#left = max;
    this.#joiner = new AnswerJoiner((_resume, usages, chars) => this.#mayGoOn(usages, chars));
  }

  /** What the client is told of these events. */
  push(events: readonly TurnEvent[]): readonly TurnEvent[] {
    const [only, another] = events;
    if (only && !another && this.#joiner.passes(only)) return events;
    return events.flatMap((event) => this.#joiner.push(event));
  }

  /** Fetches the next part where one is due. @returns whether it does: then nothing more of this part counts */
  fetch(listener: PartListener): boolean {
    const resume = this.#joiner.waiting();
    if (!resume || this.#turn.settled) return false;
    this.#left -= 1;
    const allowed = this.#allowed();
    const go = (yes: boolean): void => {
      if (yes) this.#send(resume, listener);
      else listener.tell(this.#joiner.giveUp());
    };
    if (allowed === true) go(true);
    // What is told now would overtake what led here.
    else void Promise.resolve(allowed).then(go);
    return true;
  }

  /** Settles the part before and reserves for the next one. */
  #allowed(): boolean | Promise<boolean> {
    const turn = this.#turn;
    const { usages, joints } = this.#joiner;
    const parts = (turn.continued ??= { joints, usages, settled: 0 });
    const rest = usages.slice(parts.settled);
    if (rest.length > 0) turn.usage = sumUsage(rest);
    parts.settled = usages.length;
    const refused = reserveTurn(turn);
    return refused instanceof Promise ? refused.then((error) => error === null) : refused === null;
  }

  #send(resume: Resume, listener: PartListener): void {
    const turn = this.#turn;
    const upstream = this.#upstream;
    const { protocol } = this.#spoken;
    const { usages } = this.#joiner;
    const { request, prefilled } = continuationRequest(
      this.#answer.request,
      resume,
      { protocol, model: turn.model },
      usages,
      this.#chars,
    );
    const encoded = encodePart(turn, request, upstream, protocol);
    const plain = requestBody(this.#spoken, encoded.body);
    const context = decodeContext(turn, upstream, encoded);
    const giveUp = (): void => listener.tell(this.#joiner.giveUp());
    this.#joiner.begin(prefilled);
    // Once the provider's last event has been read in full: the part before must have ended.
    setImmediate(() => {
      sendCall(turn, {
        ...this.#call,
        body: knownEdits(turn, plain) ?? plain,
        passThrough: false,
        open: (_turn, host, _status, headers) =>
          new NextPart({
            turn,
            host,
            headers,
            protocol,
            context,
            take: (events) => {
              listener.tell(this.push(events));
              this.fetch(listener);
            },
            beat: (now) => listener.beat(now),
            giveUp,
          }),
        failed: giveUp,
      });
    });
  }

  /** A provider's stop is met as long as there are continuations and money left, and the client is there. */
  #mayGoOn(usages: readonly { inputTokens: number; outputTokens: number }[], chars: number): boolean {
    const turn = this.#turn;
    const { core } = turn;
    this.#chars = chars;
    if (this.#left <= 0 || turn.settled || core.draining) return false;
    return mayContinue(this.#answer.request, usages, chars);
  }
}
