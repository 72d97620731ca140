import type { TurnEvent } from '../canonical/index.ts';
import type { RecoveredCall } from './types.ts';

type TextDelta = Extract<TurnEvent, { type: 'text-delta' }>;
type TextStart = Extract<TurnEvent, { type: 'text-start' }>;
type TextEnd = Extract<TurnEvent, { type: 'text-end' }>;

/** Numbers the blocks of the outgoing stream: recovered calls come in between, and a text that is all call goes away. */
export class OutputBlocks {
  readonly #newId: (prefix: string) => string;
  readonly #outer = new Map<number, number>();
  /** Text blocks whose start was not told yet, because there was no text. */
  readonly #expected = new Map<number, TextStart>();
  /** Text blocks that were told at least once. */
  readonly #told = new Set<number>();
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
    this.#outer.set(inner, outer);
    return outer;
  }

  /** The event under its outgoing number; the very same one when that did not change. */
  moved<T extends TurnEvent>(event: T): T {
    if (!('index' in event)) return event;
    const outer = this.#outer.get(event.index) ?? this.open(event.index);
    return outer === event.index ? event : { ...event, index: outer };
  }

  expectText(event: TextStart): void {
    this.#expected.set(event.index, event);
  }

  text(event: TextDelta): TurnEvent[] {
    const start = this.#expected.get(event.index);
    if (!start) return [this.moved(event)];
    this.#expected.delete(event.index);
    this.open(event.index);
    const again = this.#told.has(event.index);
    this.#told.add(event.index);
    // An item id stands for one block only.
    const { itemId: _, ...anonymous } = start;
    return [this.moved(again ? anonymous : start), this.moved(event)];
  }

  endText(event: TextEnd): TurnEvent[] {
    const empty = this.#expected.delete(event.index);
    return empty ? [] : [this.moved(event)];
  }

  /** A call stands here: the text before it is closed, and what follows will be a new block. */
  interrupt(index: number): TurnEvent[] {
    if (this.#expected.has(index)) return [];
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
