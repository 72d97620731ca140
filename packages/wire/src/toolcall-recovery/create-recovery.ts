import type { FinishReason, TurnEvent } from '../canonical/index.ts';
import { BlockMap } from './block-map.ts';
import { NativeCalls } from './native-calls.ts';
import { OutputBlocks } from './output-blocks.ts';
import { RecoveryState, type RecoveryOptions } from './recovery-state.ts';
import type { TextScanner } from './text-scanner.ts';
import type { FaultSignal, Piece, Repair } from './types.ts';

/** A stream transform that turns calls written as text into calls, and repairs what is nearly right. */
export interface ToolCallRecovery {
  /** The events to go on with; blocks are numbered anew. Independent of how the text was cut into deltas. */
  push(event: TurnEvent): TurnEvent[];
  /**
   * The short way for what is nearly every event: true when it goes on as it is, and has been noted. False: nothing
   * happened, and `push` has to take it.
   */
  passes(event: TurnEvent): boolean;
  /** What was changed so far. Empty: every event is as it came. */
  repairs(): Repair[];
  /** Signals of the catalogue's category C. Complete after `finish`. */
  faults(): FaultSignal[];
}

/** Makes the transform for one answer. Without declared tools it hands every event through. */
export function createToolCallRecovery(options: RecoveryOptions): ToolCallRecovery {
  const state = new RecoveryState(options);
  return state.callable ? new RecoveryStream(state, options.newId) : nothingToCall;
}

const nothingToCall: ToolCallRecovery = {
  push: (event) => [event],
  passes: () => true,
  repairs: () => [],
  faults: () => [],
};

class RecoveryStream implements ToolCallRecovery {
  readonly #state: RecoveryState;
  readonly #blocks: OutputBlocks;
  #native: NativeCalls | undefined;
  readonly #texts = new BlockMap<TextScanner>();
  #thoughts: BlockMap<TextScanner> | undefined;
  #done = false;
  /** The text block that is being told, when it goes out under its own number, and that number. */
  #flowing: TextScanner | undefined;
  #flowingAt = -1;

  constructor(state: RecoveryState, newId: (prefix: string) => string) {
    this.#state = state;
    this.#blocks = new OutputBlocks(newId);
  }

  repairs(): Repair[] {
    return this.#state.repairs;
  }

  faults(): FaultSignal[] {
    return this.#state.faults;
  }

  passes(event: TurnEvent): boolean {
    switch (event.type) {
      case 'text-delta':
        return (
          this.#flowing !== undefined && this.#flowingAt === event.index && this.#flowing.passes(event.text)
        );
      case 'start':
      case 'usage':
      case 'heartbeat':
        return true;
      default:
        return false;
    }
  }

  push(event: TurnEvent): TurnEvent[] {
    switch (event.type) {
      case 'text-delta':
        return this.#text(event);
      case 'reasoning-delta':
        if (event.channel === 'text') this.#think(event.index, event.text);
        return [this.#blocks.moved(event)];
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'tool-call-end':
        return (this.#native ??= new NativeCalls(this.#state, this.#blocks)).push(event);
      case 'text-start':
        this.#texts.set(event.index, this.#state.scanner());
        this.#blocks.expectText(event);
        return [];
      case 'text-end':
        return this.#textEnd(event);
      case 'finish':
        return this.#finish(event);
      case 'error':
        return this.#broken(event);
      default:
        return this.#other(event);
    }
  }

  #think(index: number, text: string): void {
    const scanner = this.#thoughts?.get(index);
    if (scanner && !scanner.passes(text)) scanner.push(text);
  }

  #other(event: TurnEvent): TurnEvent[] {
    if (event.type === 'reasoning-start')
      (this.#thoughts ??= new BlockMap()).set(event.index, this.#state.scanner());
    if (event.type === 'reasoning-end') this.#state.thought(this.#thoughts?.take(event.index)?.end() ?? []);
    return [this.#blocks.moved(event)];
  }

  #text(event: Extract<TurnEvent, { type: 'text-delta' }>): TurnEvent[] {
    const scanner = this.#texts.get(event.index);
    if (!scanner) return [this.#blocks.moved(event)];
    if (scanner.passes(event.text)) {
      this.#seen(event.text);
      const told = this.#blocks.text(event);
      // Only once something was said, and under its own number, is there nothing left to note.
      if (this.#state.visibleText && told.at(-1) === event) {
        this.#flowing = scanner;
        this.#flowingAt = event.index;
      }
      return told;
    }
    const pieces = scanner.push(event.text);
    const [first] = pieces;
    if (pieces.length === 1 && first?.type === 'text' && first.text === event.text) {
      this.#seen(first.text);
      return this.#blocks.text(event);
    }
    return this.#tell(event.index, pieces);
  }

  #textEnd(event: Extract<TurnEvent, { type: 'text-end' }>): TurnEvent[] {
    const scanner = this.#texts.take(event.index);
    if (!scanner) return [this.#blocks.moved(event)];
    this.#flowing = undefined;
    const told = scanner.idle ? [] : this.#tell(event.index, scanner.end());
    this.#state.textEnded(scanner);
    const end = this.#blocks.endText(event);
    if (end) told.push(end);
    return told;
  }

  #tell(index: number, pieces: readonly Piece[]): TurnEvent[] {
    const out: TurnEvent[] = [];
    for (const piece of pieces) {
      if (piece.type === 'text') {
        this.#seen(piece.text);
        out.push(...this.#blocks.text({ type: 'text-delta', index, text: piece.text }));
      } else {
        const calls = this.#state.take(piece.calls);
        if (calls.length > 0) {
          this.#flowing = undefined;
          out.push(...this.#blocks.interrupt(index));
        }
        for (const call of calls) out.push(...this.#blocks.call(call));
      }
    }
    return out;
  }

  #seen(text: string): void {
    this.#state.visibleText ||= text.trim() !== '';
  }

  #finish(event: Extract<TurnEvent, { type: 'finish' }>): TurnEvent[] {
    if (this.#done) return [event];
    this.#done = true;
    const out = this.#native?.flush(event.reason) ?? [];
    for (const [index, scanner] of this.#texts.takeAll()) {
      out.push(...this.#tell(index, scanner.end()));
      const end = this.#blocks.endText({ type: 'text-end', index });
      if (end) out.push(end);
    }
    this.#flowing = undefined;
    for (const call of this.#state.lastThoughts(event.reason)) out.push(...this.#blocks.call(call));
    const reason = this.#state.finish(event.reason);
    out.push(reason === event.reason ? event : finishWith(event, reason));
    return out;
  }

  /**
   * The stream broke: nothing half-read is made into a call. Where nothing was told yet, what is held is not told
   * either, so that the turn can still be tried elsewhere.
   */
  #broken(event: TurnEvent): TurnEvent[] {
    const out = this.#native?.flush('error') ?? [];
    for (const [index, scanner] of this.#texts.takeAll()) {
      const text = scanner.abandon();
      if (text && this.#blocks.any) out.push(...this.#blocks.text({ type: 'text-delta', index, text }));
    }
    this.#flowing = undefined;
    out.push(event);
    return out;
  }
}

/** A call ended the turn, so no stop sequence did. */
function finishWith(event: Extract<TurnEvent, { type: 'finish' }>, reason: FinishReason): TurnEvent {
  const { stopSequence: _, ...rest } = event;
  return { ...rest, reason };
}
