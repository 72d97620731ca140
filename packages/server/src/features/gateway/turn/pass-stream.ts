import {
  createRepeatedEvents,
  createSseParser,
  protocols,
  SseOverflow,
  type PassthroughReader,
  type RepeatedEvents,
  type SseEvent,
  type SseParser,
  type WireError,
} from '@vigiles/wire';
import { lastEventEnd, lastEventStart } from '../core/event-boundary.ts';
import { deltaChars, deltaSpan, isPreamble } from '../core/preamble.ts';
import { isUsageChunk, withoutUsageChunks } from '../core/usage-chunk.ts';
import type { AnswerSink, AttemptHost } from './answer-sink.ts';
import { heartbeatText } from './heartbeat.ts';
import { gatewayError } from './send-error.ts';
import { cleanError } from './clean-error.ts';
import { streamFailure } from './stream-failure.ts';
import type { Turn } from './turn.ts';

/** About two events: what several reads bring together is longer. */
const SHORT_BYTES = 512;

/** Held back at most this long in bytes before the head goes out anyway. */
const MAX_HELD_BYTES = 64 * 1024;

/**
 * A stream in the client's own protocol: its bytes go through untouched, in whole events, while usage and outcome are
 * read on the side. Until the first event that says something, everything is held back, so that an overload that hides
 * behind status 200 can still become a real status or another try.
 */
export class PassStream implements AnswerSink {
  readonly #turn: Turn;
  readonly #host: AttemptHost;
  /** Sent with the first event; an open stream need not hold them. */
  #headers: string[];
  readonly #status: number;
  readonly #parser: SseParser;
  readonly #reader: PassthroughReader;
  /** Events that differ from the last one in nothing but their text: nearly all, and passed on unread. */
  #repeated: RepeatedEvents | null = null;
  /** The last event read said nothing that the reader keeps. */
  #ordinary = false;
  /** What the reader has seen since it was last asked may be an error. */
  #news = false;
  #failure: WireError | undefined;
  /** Bytes of an event that is not complete. */
  #tail: Buffer[] = [];
  /** Complete events that wait for the first one that says something. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #beatAt = 0;
  #events = 0;
  #open = false;
  /** The client was told of a failure in other words than the provider's. */
  #failedClean = false;
  /** The client did not ask for the usage chunk that will come. */
  readonly #hidesUsage: boolean;
  /** The usage chunk has been read: it is taken out of what is passed on from here. */
  #usageRead = false;

  constructor(turn: Turn, host: AttemptHost, status: number, headers: string[], hidesUsage: boolean) {
    this.#turn = turn;
    this.#host = host;
    this.#status = status;
    this.#headers = headers;
    this.#hidesUsage = hidesUsage;
    this.#parser = createSseParser();
    this.#reader = protocols[turn.client].createPassthroughReader();
  }

  data(chunk: Buffer): void {
    if (this.#open && this.#tail.length === 0 && this.#passRepeated(chunk)) return;
    let events: SseEvent[];
    try {
      events = this.#parser.push(chunk);
    } catch (thrown) {
      this.#host.hangUp();
      this.broken(overflow(thrown));
      return;
    }
    const speaks = this.#read(events);
    if (!this.#open && this.#refuse()) return;
    const whole = this.#takeWhole(chunk);
    if (whole) this.#pass(whole);
    if (!this.#open && (speaks || this.#heldBytes > MAX_HELD_BYTES)) this.#release();
    if (this.#ordinary && !this.#failure && whole === chunk)
      this.#learn(chunk.subarray(lastEventStart(chunk)));
    else this.#repeated?.forget();
  }

  /** The next events may be like this one. */
  #learn(event: Buffer): void {
    // Latin-1: places in the text are places in the bytes.
    const span = deltaSpan(this.#turn.client, event.toString('latin1'));
    if (span) (this.#repeated ??= createRepeatedEvents()).learn(event, span.start, span.end);
    else this.#repeated?.forget();
  }

  /** Bytes that hold nothing but events like the last one. */
  #passRepeated(chunk: Buffer): boolean {
    if (!this.#repeated?.ready() || !this.#parser.between?.()) return false;
    const texts = this.#repeated.read(chunk);
    if (!texts) return false;
    const turn = this.#turn;
    turn.outputChars += texts.chars;
    this.#events += texts.spans.length / 2;
    turn.heard();
    // A short text is cheaper to write than bytes are; a long one is copied more often.
    turn.write(texts.ascii && chunk.length <= SHORT_BYTES ? chunk.toString('latin1') : chunk);
    return true;
  }

  end(): void {
    this.#read(this.#parser.end());
    if (!this.#open && this.#refuse()) return;
    const seen = this.#reader.seen();
    if (!seen.terminal && !seen.error) {
      this.broken({
        kind: 'server',
        code: 'stream_truncated',
        message: 'The provider closed the stream before the answer was complete.',
        source: 'upstream',
      });
      return;
    }
    if (this.#tail.length > 0) this.#pass(Buffer.concat(this.#tail));
    this.#release();
    this.#turn.usage = seen.usage;
    this.#turn.res.endPieces();
    this.#turn.settle(seen.error ? 'upstream_error' : 'ok', this.#status, seen.error);
  }

  broken(error: WireError): void {
    if (!this.#open) {
      this.#host.refused(error);
      return;
    }
    const turn = this.#turn;
    const seen = this.#reader.seen();
    turn.usage = seen.usage;
    if (!seen.terminal && !seen.error) {
      turn.write(streamFailure(turn.client, cleanError(turn, error), this.#answer()));
    }
    turn.res.endPieces();
    turn.settle(seen.terminal && !seen.error ? 'ok' : 'upstream_error', this.#status, seen.error ?? error);
  }

  beat(now: number): void {
    const turn = this.#turn;
    // Comments of the provider pass through, but a client that counts events does not hear them.
    const last = Math.max(turn.heardAt, this.#beatAt);
    if (now - last < turn.core.config.heartbeat_s * 1000) return;
    this.#beatAt = now;
    if (!this.#open) this.#release();
    else turn.write(heartbeatText(turn.client, Math.max(0, this.#events - 1)));
  }

  abandon(): void {
    this.#turn.usage = this.#reader.seen().usage;
  }

  /** Reads events on the side; true when one of them says something. */
  #read(events: readonly SseEvent[]): boolean {
    const turn = this.#turn;
    let speaks = false;
    let heard = false;
    this.#ordinary = false;
    for (const event of events) {
      if (event.comment) continue;
      heard = true;
      this.#events += 1;
      this.#ordinary = !this.#reader.push(event);
      if (!this.#ordinary) this.#news = true;
      if (this.#hidesUsage && isUsageChunk(event.data)) this.#usageRead = true;
      if (!this.#open && !speaks && !isPreamble(turn.client, event)) speaks = true;
      turn.outputChars += deltaChars(turn.client, event.data);
    }
    if (heard) turn.heard();
    return speaks;
  }

  /** What the provider said of a failure, if anything. */
  #error(): WireError | undefined {
    if (this.#news) {
      this.#news = false;
      this.#failure = this.#reader.seen().error;
    }
    return this.#failure;
  }

  /** An error before anything was said: the attempt decides what becomes of it. */
  #refuse(): boolean {
    const error = this.#error();
    if (!error) return false;
    this.#held = [];
    this.#host.hangUp();
    this.#host.refused(error);
    return true;
  }

  /** The complete events in what has arrived; the rest waits. */
  #takeWhole(chunk: Buffer): Buffer | null {
    if (this.#tail.length === 0) {
      const end = lastEventEnd(chunk);
      if (end === chunk.length) return chunk;
      this.#tail.push(end === 0 ? chunk : chunk.subarray(end));
      return end === 0 ? null : chunk.subarray(0, end);
    }
    // The blank line itself may be cut: look at the last bytes of what waits, too.
    const before = this.#tail.at(-1) as Buffer;
    const overlap = before.subarray(Math.max(0, before.length - 3));
    const found = lastEventEnd(Buffer.concat([overlap, chunk]));
    if (found === 0) {
      this.#tail.push(chunk);
      return null;
    }
    const end = Math.max(0, found - overlap.length);
    const whole = Buffer.concat([...this.#tail, chunk.subarray(0, end)]);
    this.#tail = end < chunk.length ? [chunk.subarray(end)] : [];
    return whole;
  }

  #pass(whole: Buffer): void {
    const error = this.#error();
    if (error && cleanError(this.#turn, error) !== error) {
      this.#failClean(cleanError(this.#turn, error));
      return;
    }
    const bytes = this.#usageRead ? withoutUsageChunks(whole) : whole;
    if (this.#open) {
      this.#turn.write(bytes);
      return;
    }
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  /** In place of an event that repeats a secret. */
  #failClean(error: WireError): void {
    if (this.#failedClean) return;
    this.#failedClean = true;
    this.#turn.write(streamFailure(this.#turn.client, error, this.#answer()));
  }

  #answer() {
    const turn = this.#turn;
    const seen = this.#reader.seen();
    const nowSeconds = Math.floor(turn.core.clock.now() / 1000);
    return { id: seen.id ?? turn.core.newId('resp'), model: seen.model ?? turn.model, nowSeconds };
  }

  #release(): void {
    if (this.#open) return;
    this.#open = true;
    const turn = this.#turn;
    if (turn.settled) return;
    turn.firstContent();
    turn.res.writeHead(this.#status, this.#headers);
    this.#headers = NO_HEADERS;
    const held = this.#held;
    this.#held = [];
    if (held.length > 0) turn.write(held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held));
    else turn.res.flushHeaders();
  }
}

const NO_HEADERS: string[] = [];

/** One event larger than the parser may hold. */
export function overflow(thrown: unknown): WireError {
  if (!(thrown instanceof SseOverflow)) throw thrown;
  return gatewayError('server', `The provider sent ${thrown.message}.`, { code: 'event_too_large' });
}
