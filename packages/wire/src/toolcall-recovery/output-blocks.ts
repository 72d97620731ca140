import type { TurnEvent } from '../canonical/index.ts';
import { BlockMap } from './block-map.ts';
import type { RecoveredCall } from './types.ts';

type TextDelta = Extract<TurnEvent, { type: 'text-delta' }>;
type TextStart = Extract<TurnEvent, { type: 'text-start' }>;
type TextEnd = Extract<TurnEvent, { type: 'text-end' }>;

/** Numbers the blocks of the outgoing stream: recovered calls come in between, and a text that is all call goes away. */
export class OutputBlocks {
  readonly #newId: (prefix: string) => string;
  /** Blocks below this keep their number: most answers have no others. */
  #same = 0;
  #outer: Map<number, number> | undefined;
  /** Text blocks whose start was not told yet, because there was no text. */
  readonly #expected = new BlockMap<TextStart>();
  #next = 0;

  constructor(newId: (prefix: string) => string) {
    this.#newId = newId;
  }

  /** Whether any block was told. */
  get any(): boolean {
    return this.#next > 0;
  }

  /** A new number at the end. */
  open(inner: number): number {
    const outer = this.#next++;
    if (inner === outer && inner === this.#same) this.#same++;
    else (this.#outer ??= new Map()).set(inner, outer);
    return outer;
  }

  /** The event under its outgoing number; the very same one when that did not change. */
  moved<T extends TurnEvent>(event: T): T {
    if (!('index' in event)) return event;
    const outer = this.#outer?.get(event.index);
    if (outer === undefined) {
      if (event.index < this.#same || this.open(event.index) === event.index) return event;
      return this.moved(event);
    }
    return outer === event.index ? event : { ...event, index: outer };
  }

  expectText(event: TextStart): void {
    this.#expected.set(event.index, event);
  }

  text(event: TextDelta): TurnEvent[] {
    const start = this.#expected.take(event.index);
    if (!start) return [this.moved(event)];
    this.open(event.index);
    return [this.moved(start), this.moved(event)];
  }

  /** Undefined for a block that was never told. */
  endText(event: TextEnd): TurnEvent | undefined {
    return this.#expected.take(event.index) ? undefined : this.moved(event);
  }

  /** A call stands here: the text before it is closed, and what follows will be a new block. */
  interrupt(index: number): TurnEvent[] {
    if (this.#expected.get(index)) return [];
    // What follows is another block: it has no item id, for that stands for one only.
    const end = this.moved<TextEnd>({ type: 'text-end', index });
    this.#expected.set(index, { type: 'text-start', index });
    return [end];
  }

  call({ kind, name, namespace, input }: RecoveredCall): TurnEvent[] {
    const index = this.#next++;
    const start: TurnEvent = { type: 'tool-call-start', index, kind, id: this.#newId('call'), name };
    if (namespace) start.namespace = namespace;
    const end: TurnEvent = { type: 'tool-call-end', index, input };
    return input === '' ? [start, end] : [start, { type: 'tool-call-delta', index, text: input }, end];
  }
}
