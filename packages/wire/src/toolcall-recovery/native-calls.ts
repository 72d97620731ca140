import type { FinishReason, TurnEvent } from '../canonical/index.ts';
import { isJson } from '../json/read.ts';
import type { OutputBlocks } from './output-blocks.ts';
import type { RecoveryState } from './recovery-state.ts';
import type { CallableTool, Repair } from './types.ts';

type Start = Extract<TurnEvent, { type: 'tool-call-start' }>;
type Delta = Extract<TurnEvent, { type: 'tool-call-delta' }>;
type End = Extract<TurnEvent, { type: 'tool-call-end' }>;

interface Held {
  start: Start;
  tool: CallableTool | undefined;
  /** Its input so far: it goes on in one piece. */
  text: string;
  /** The start waits too: the call may be one that was already recovered from text. */
  twin: boolean;
  renamed: Repair[];
}

/** Input of one call that is held for repair at most; a longer one streams through as it is. */
const MAX_HELD_INPUT = 1 << 20;

const NOTHING: TurnEvent[] = [];

/** Native calls on their way through: each is held until it is whole, then repaired, or dropped as a duplicate. */
export class NativeCalls {
  readonly #state: RecoveryState;
  readonly #blocks: OutputBlocks;
  readonly #held = new Map<number, Held>();
  /** Calls whose JSON is not closed: whether that is a slip or a cut is known only when the answer ends. */
  readonly #unclosed: { held: Held; event: End }[] = [];

  constructor(state: RecoveryState, blocks: OutputBlocks) {
    this.#state = state;
    this.#blocks = blocks;
  }

  push(event: Start | Delta | End): TurnEvent[] {
    if (event.type === 'tool-call-start') return this.#start(event);
    const held = this.#held.get(event.index);
    if (!held) return [this.#blocks.moved(event)];
    if (event.type === 'tool-call-end') {
      this.#held.delete(event.index);
      if (held.tool && held.tool.kind !== 'custom' && event.input.trim() !== '' && !isJson(event.input)) {
        this.#unclosed.push({ held, event });
        return [];
      }
      return this.#end(held, event);
    }
    held.text += event.text;
    return held.text.length > MAX_HELD_INPUT ? this.#letGo(held) : NOTHING;
  }

  /** The stream ends; a call that the provider cut (`length`, an error) is not made whole. */
  flush(reason: FinishReason): TurnEvent[] {
    const cut = reason === 'length' || reason === 'error';
    const late = this.#unclosed
      .splice(0)
      .flatMap(({ held, event }) => this.#end(cut ? { ...held, tool: undefined } : held, event));
    return [...late, ...[...this.#held.values()].flatMap((held) => this.#letGo(held))];
  }

  #start(event: Start): TurnEvent[] {
    const { tool, start, renamed } = this.#declared(event);
    // What nobody declared cannot be held against a schema.
    const twin = this.#state.mayBeTwin(start.name);
    if (tool || twin) this.#held.set(event.index, { start, tool, text: '', twin, renamed });
    else this.#state.calls++;
    return twin ? [] : [this.#blocks.moved(start)];
  }

  #declared(event: Start): { tool: CallableTool | undefined; start: Start; renamed: Repair[] } {
    const exact = this.#state.table.exact(event);
    if (exact) return { tool: exact, start: event, renamed: [] };
    const tool = event.kind === 'function' ? this.#state.table.find(event.name)?.tool : undefined;
    if (!tool) return { tool: undefined, start: event, renamed: [] };
    const start: Start = { ...event, kind: tool.kind, name: tool.name };
    if ('namespace' in tool && tool.namespace) start.namespace = tool.namespace;
    const detail = `${event.name.slice(0, 80)} → ${tool.name}`;
    return { tool, start, renamed: [{ kind: 'tool-name', tool: tool.name, detail }] };
  }

  #end(held: Held, event: End): TurnEvent[] {
    const { start, tool, twin, text } = held;
    const { name, namespace } = start;
    const call = { tool, name, input: event.input, ...(namespace ? { namespace } : {}) };
    const input = this.#state.native(call);
    if (input === undefined) return [];
    this.#state.note(held.renamed);
    const out: TurnEvent[] = twin ? [this.#blocks.moved(start)] : [];
    const told = input === event.input ? text : input;
    if (told !== '') out.push(this.#delta(event.index, told));
    out.push(this.#blocks.moved(input === event.input ? event : { ...event, input }));
    return out;
  }

  /** Gives up on repairing it: everything so far goes out as it came. */
  #letGo(held: Held): TurnEvent[] {
    this.#held.delete(held.start.index);
    this.#state.calls++;
    this.#state.note(held.renamed);
    const out: TurnEvent[] = held.twin ? [this.#blocks.moved(held.start)] : [];
    if (held.text !== '') out.push(this.#delta(held.start.index, held.text));
    return out;
  }

  #delta(index: number, text: string): Delta {
    return this.#blocks.moved<Delta>({ type: 'tool-call-delta', index, text });
  }
}
