import {
  createSseParser,
  providerProtocols,
  type AnswerContext,
  type DecodeContext,
  type ProviderProtocolName,
  type SseParser,
  type StreamDecoder,
  type ToolCallRecovery,
  type TurnEvent,
  type WireError,
} from '@vigiles/wire';
import type { ContinuedAnswer, PartListener } from './continue-answer.ts';
import type { AnswerSink, AttemptHost } from './answer-sink.ts';
import { EventStream } from './event-stream.ts';
import { overflow } from './pass-stream.ts';
import { RepeatedDeltas } from './repeated-deltas.ts';
import { streamRecovery } from './recover-calls.ts';
import { streamSynthesis, type StreamSynthesis } from './synthesise-call.ts';
import type { Turn } from './turn.ts';

/** A provider's stream in one protocol, on its way to a client that speaks another. */
export class TranslateStream implements AnswerSink {
  readonly #host: AttemptHost;
  readonly #turn: Turn;
  readonly #parser: SseParser;
  readonly #decoder: StreamDecoder;
  readonly #repeated: RepeatedDeltas;
  readonly #out: EventStream;
  readonly #recovery: ToolCallRecovery | undefined;
  readonly #synthesis: StreamSynthesis | undefined;
  readonly #continued: ContinuedAnswer | undefined;
  /** Later parts of the answer come here, too: joined by then, and this part is long over. */
  readonly #later: PartListener = {
    tell: (more) => this.#tell(more),
    beat: (now) => this.beat(now),
  };
  /** The next part of the answer is on its way: nothing more of this one counts. */
  #left = false;

  constructor(
    turn: Turn,
    host: AttemptHost,
    protocol: ProviderProtocolName,
    context: DecodeContext,
    answer: AnswerContext,
    continued?: ContinuedAnswer,
  ) {
    this.#turn = turn;
    this.#host = host;
    const spoken = providerProtocols[protocol];
    this.#parser = spoken.createParser?.() ?? createSseParser();
    this.#decoder = spoken.createStreamDecoder(context);
    this.#repeated = new RepeatedDeltas(protocol, this.#parser);
    this.#recovery = streamRecovery(turn, protocol, answer.request);
    this.#synthesis = this.#recovery && streamSynthesis(turn, answer.request);
    this.#continued = continued;
    this.#out = new EventStream(turn, answer, (error) => {
      host.hangUp();
      host.refused(error);
    });
  }

  data(chunk: Buffer): void {
    if (this.#left) return;
    const repeated = this.#repeated.read(chunk);
    if (repeated !== undefined) {
      if (repeated) this.#take([repeated]);
      return;
    }
    let events;
    try {
      events = this.#parser.push(chunk);
    } catch (thrown) {
      this.#host.hangUp();
      this.broken(overflow(thrown));
      return;
    }
    const last = events.at(-1);
    for (const event of events) {
      const told = this.#decoder.push(event);
      if (event === last) this.#repeated.learn(chunk, told);
      this.#take(told);
      if (this.#turn.settled || this.#left) {
        // The answer is complete; what a provider still sends after its last event is nobody's.
        return;
      }
    }
  }

  end(): void {
    if (this.#left) return;
    for (const event of this.#parser.end()) this.#take(this.#decoder.push(event));
    if (!this.#turn.settled && !this.#left) this.#take(this.#decoder.end());
  }

  broken(error: WireError): void {
    if (!this.#left) this.#take([{ type: 'error', error }]);
  }

  beat(now: number): void {
    this.#out.beat(now);
  }

  abandon(): void {}

  #take(events: readonly TurnEvent[]): void {
    const continued = this.#continued;
    if (!continued) {
      this.#tell(events);
      return;
    }
    this.#tell(continued.push(events));
    this.#left = continued.fetch(this.#later);
  }

  #tell(events: readonly TurnEvent[]): void {
    const recovery = this.#recovery;
    if (!recovery) {
      this.#out.push(events);
      return;
    }
    const [only, another] = events;
    if (only && !another && !this.#synthesis && recovery.passes(only)) {
      this.#out.push(events);
      return;
    }
    // What is held back was heard all the same: a long call must not look like silence.
    if (events.some(({ type }) => type !== 'heartbeat')) this.#turn.heard();
    for (const event of events) {
      const told = recovery.push(event);
      this.#out.push(this.#synthesis ? this.#synthesis.through(told) : told);
    }
  }
}
