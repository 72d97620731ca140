import {
  createSseParser,
  providerProtocols,
  type DecodeContext,
  type ProviderProtocolName,
  type SseParser,
  type StreamDecoder,
  type TurnEvent,
} from '@vigiles/wire';
import { responseEvents } from '../core/response-events.ts';
import { oneHeader } from '../core/upstream-headers.ts';
import type { AnswerSink, AttemptHost } from './answer-sink.ts';
import { isEventStream } from './provider-request.ts';
import type { Turn } from './turn.ts';
import { MAX_ANSWER_BYTES } from './whole-answer.ts';

export interface NextPartOptions {
  turn: Turn;
  host: AttemptHost;
  headers: Record<string, string | string[] | undefined>;
  protocol: ProviderProtocolName;
  context: DecodeContext;
  /** What this part brings, as its provider said it. */
  take(events: readonly TurnEvent[]): void;
  beat(monotonicMs: number): void;
  /** The part cannot be had: the answer ends where the one before ended. */
  giveUp(): void;
}

/** A later part of an answer: decoded, and handed to the part before. */
export class NextPart implements AnswerSink {
  readonly #of: NextPartOptions;
  readonly #parser: SseParser | null;
  readonly #decoder: StreamDecoder | null;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #over = false;

  constructor(of: NextPartOptions) {
    this.#of = of;
    const stream = of.turn.stream && isEventStream(oneHeader(of.headers, 'content-type'));
    const spoken = providerProtocols[of.protocol];
    this.#parser = stream ? (spoken.createParser?.() ?? createSseParser()) : null;
    this.#decoder = stream ? spoken.createStreamDecoder(of.context) : null;
  }

  data(chunk: Buffer): void {
    if (this.#over) return;
    this.#of.turn.heard();
    if (!this.#parser || !this.#decoder) {
      this.#bytes += chunk.length;
      if (this.#bytes <= MAX_ANSWER_BYTES) this.#chunks.push(chunk);
      return;
    }
    try {
      for (const event of this.#parser.push(chunk)) this.#tell(this.#decoder.push(event));
    } catch {
      this.#of.host.hangUp();
      this.broken();
    }
  }

  end(): void {
    if (this.#over) return;
    if (this.#parser && this.#decoder) {
      for (const event of this.#parser.end()) this.#tell(this.#decoder.push(event));
      this.#tell(this.#decoder.end());
      return;
    }
    const decoded = providerProtocols[this.#of.protocol].decodeResponse(this.#body(), this.#of.context);
    if (decoded.ok && this.#bytes <= MAX_ANSWER_BYTES) this.#tell(responseEvents(decoded.value));
    else this.broken();
  }

  broken(): void {
    if (this.#over) return;
    this.#over = true;
    this.#of.giveUp();
  }

  beat(now: number): void {
    this.#of.beat(now);
  }

  abandon(): void {}

  #tell(events: readonly TurnEvent[]): void {
    if (this.#over || events.length === 0) return;
    const ended = events.some(({ type }) => type === 'finish' || type === 'error');
    if (ended) this.#over = true;
    this.#of.take(events);
  }

  #body(): unknown {
    try {
      return JSON.parse(Buffer.concat(this.#chunks).toString());
    } catch {
      return undefined;
    }
  }
}
