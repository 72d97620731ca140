import {
  protocols,
  type AnswerContext,
  type StreamEncoder,
  type TurnEvent,
  type WireError,
} from '@vigiles/wire';
import { cleanError } from './clean-error.ts';
import type { Turn } from './turn.ts';

/** Events that say nothing yet: until another comes, a failure can still become a real status. */
const SILENT = new Set<TurnEvent['type']>(['start', 'heartbeat', 'usage']);

/**
 * Writes canonical events to the client as its own protocol's stream, and keeps what the ledger needs.
 * Nothing is sent before the first event that says something.
 */
export class EventStream {
  readonly #turn: Turn;
  readonly #encoder: StreamEncoder;
  /** Told of an error while nothing has been sent. */
  readonly #refused: (error: WireError) => void;
  #held: TurnEvent[] = [];
  #open = false;

  constructor(turn: Turn, answer: AnswerContext, refused: (error: WireError) => void) {
    this.#turn = turn;
    this.#refused = refused;
    this.#encoder = protocols[turn.client].createStreamEncoder(answer);
  }

  /** Takes events in order; after a terminal one the turn is settled. */
  push(events: readonly TurnEvent[]): void {
    const turn = this.#turn;
    let text = '';
    for (const given of events) {
      if (turn.settled) return;
      const event = given.type === 'error' ? { ...given, error: cleanError(turn, given.error) } : given;
      if (event.type !== 'heartbeat') turn.heard();
      this.#note(event);
      if (!this.#open) {
        if (event.type === 'error') {
          this.#refused(event.error);
          return;
        }
        this.#held.push(event);
        if (!SILENT.has(event.type)) text += this.#release();
      } else if (event.type !== 'heartbeat') text += this.#encoder.push(event);
      if (event.type === 'finish' || event.type === 'error') {
        this.#close(text, event.type === 'error' ? event.error : undefined);
        return;
      }
    }
    if (text !== '') turn.write(text);
  }

  /** Re-arms the client's idle timer when nothing was written for a while. */
  beat(now: number): void {
    const turn = this.#turn;
    if (now - turn.wroteAt < turn.core.config.heartbeat_s * 1000) return;
    turn.write(this.#open ? this.#encoder.heartbeat() : this.#release() + this.#encoder.heartbeat());
  }

  #note(event: TurnEvent): void {
    const turn = this.#turn;
    switch (event.type) {
      case 'text-delta':
      case 'refusal-delta':
      case 'reasoning-delta':
      case 'tool-call-delta':
        turn.outputChars += event.text.length;
        break;
      case 'usage':
        turn.usage = event.usage;
        break;
      case 'finish':
        if (event.usage) turn.usage = event.usage;
        break;
      default:
    }
  }

  #release(): string {
    this.#open = true;
    this.#turn.firstContent();
    const headers: Record<string, string> = {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-vigiles-turn': this.#turn.id,
      'x-vigiles-provider': this.#turn.upstream?.id ?? '',
    };
    if (this.#turn.core.draining) headers['connection'] = 'close';
    this.#turn.res.writeHead(200, headers);
    let text = '';
    for (const event of this.#held) text += this.#encoder.push(event);
    this.#held = [];
    return text;
  }

  #close(text: string, error: WireError | undefined): void {
    const turn = this.#turn;
    turn.res.endPieces(text);
    turn.settle(error ? 'upstream_error' : 'ok', 200, error);
  }
}
