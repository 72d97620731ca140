import { lastEventStart } from '../core/event-boundary.ts';
import {
  createRepeatedEvents,
  type ProviderProtocolName,
  type RepeatedEvents,
  type SseParser,
  type TurnEvent,
} from '@vigiles/wire';

type Delta = Extract<TurnEvent, { type: 'text-delta' | 'refusal-delta' | 'reasoning-delta' }>;

/** Protocols whose decoders keep nothing of a delta: leaving them out of it changes nothing that comes later. */
const FORGETFUL = new Set<ProviderProtocolName>(['openai-chat', 'anthropic-messages']);

/**
 * Reads the pieces of a provider's stream that differ from the last one in nothing but their text, without taking them
 * apart: such an event means what the last one meant, with another text. Everything else goes the long way.
 */
export class RepeatedDeltas {
  readonly #parser: SseParser;
  /** Made with the first event that may have others like it: many streams are open and say nothing. */
  #events: RepeatedEvents | null = null;
  readonly #possible: boolean;
  /** What the last event meant. */
  #like: Delta | undefined;

  constructor(protocol: ProviderProtocolName, parser: SseParser) {
    this.#parser = parser;
    this.#possible = FORGETFUL.has(protocol);
  }

  /**
   * What the bytes mean: the texts of all their events as one, since they come together; null: nothing is said in them;
   * undefined: they have to be taken apart.
   */
  read(chunk: Buffer): Delta | null | undefined {
    const like = this.#like;
    if (!like || !this.#events?.ready() || !this.#parser.between?.()) return undefined;
    const texts = this.#events.read(chunk);
    if (!texts) return undefined;
    const { spans, ascii, escaped } = texts;
    let inside = '';
    for (let at = 0; at < spans.length; at += 2)
      inside += chunk.toString(ascii ? 'latin1' : 'utf8', spans[at], spans[at + 1]);
    const text = escaped ? parsed(inside) : inside;
    if (text === undefined) return undefined;
    return text === '' ? null : { ...like, text };
  }

  /** @param chunk what came; @param told what the last event in it meant */
  learn(chunk: Buffer, told: readonly TurnEvent[]): void {
    if (!this.#possible) return;
    const [only] = told;
    const whole = told.length === 1 && this.#parser.between?.() === true;
    this.#like = whole && only && isDelta(only) ? only : undefined;
    if (!this.#like) {
      this.#events?.forget();
      return;
    }
    const event = chunk.subarray(lastEventStart(chunk));
    // Latin-1: places in the text are places in the bytes. Nothing but ASCII is learned.
    const data = event.toString('latin1');
    const quoted = `:"${this.#like.text}"`;
    const at = data.indexOf(quoted);
    // Where the same words stand twice nobody can tell which of them counted.
    if (at === -1 || data.includes(quoted, at + 1)) this.#events?.forget();
    else (this.#events ??= createRepeatedEvents()).learn(event, at + 2, at + quoted.length - 1);
  }
}

const isDelta = (event: TurnEvent): event is Delta =>
  event.type === 'text-delta' || event.type === 'refusal-delta' || event.type === 'reasoning-delta';

function parsed(inside: string): string | undefined {
  try {
    return JSON.parse(`"${inside}"`) as string;
  } catch {
    return undefined;
  }
}
