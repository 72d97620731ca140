import type { FinishReason, ToolChoice, ToolDefinition } from '../canonical/index.ts';
import { repairArguments } from './arguments/repair-arguments.ts';
import { fitsTool } from './arguments/fits-schema.ts';
import { callKey } from './call-key.ts';
import type { TextFormat } from './formats/text-format.ts';
import { asThinking, createScanRules, type ScanRules } from './scan-rules.ts';
import { TextScanner } from './text-scanner.ts';
import { createToolTable, type ToolTable } from './tool-table.ts';
import type { CallableTool, FaultSignal, Piece, RecoveredCall, Repair } from './types.ts';

export interface RecoveryOptions {
  /** The tools the request declares; without any nothing is ever parsed. */
  tools: readonly ToolDefinition[];
  toolChoice?: ToolChoice;
  /** Ways of writing calls besides the built-in ones: see `declaredFormat`. */
  formats?: readonly TextFormat[];
  /** Gives unique ids for recovered calls: `newId('call')` → `call_…`. */
  newId(prefix: string): string;
  /** Text held back at most while it may still be a call. Default 65536. */
  maxHeldChars?: number;
}

export const DEFAULT_HELD_CHARS = 65_536;
/** Repairs and signals kept of one answer: a hostile one must not fill the ledger. */
const MAX_NOTES = 64;

/** A native call as it will be delivered. */
export interface NativeCall {
  tool: CallableTool | undefined;
  name: string;
  namespace?: string;
  input: string;
}

/** What is known of one answer while it is looked through, stream or whole. */
export class RecoveryState {
  readonly repairs: Repair[] = [];
  readonly faults: FaultSignal[] = [];
  /** Calls there are, recovered and native. */
  calls = 0;
  visibleText = false;
  readonly #options: RecoveryOptions;
  #table: ToolTable | undefined;
  #rules: ScanRules | undefined;
  /** Calls of each sort that have no twin of the other sort yet, by key. */
  readonly #fromText: string[] = [];
  readonly #native: string[] = [];
  /** Native calls whose key nobody needed yet. */
  #keyless: { name: string; namespace?: string; input: string }[] = [];
  #thought: RecoveredCall[] = [];
  #unread = 0;
  /** Text ended with the beginning of an object. */
  #bareBrace = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** Whether there is a tool that may be called: without one nothing is ever looked at. */
  get callable(): boolean {
    const { tools, toolChoice } = this.#options;
    return toolChoice?.type !== 'none' && tools.some(({ kind }) => kind !== 'hosted');
  }

  /** Made with the first call or what looks like one: most answers are text and never need it. */
  get table(): ToolTable {
    return (this.#table ??= createToolTable(
      this.#options.tools,
      this.#options.toolChoice,
      this.#options.formats,
    ));
  }

  get rules(): ScanRules {
    const { maxHeldChars = DEFAULT_HELD_CHARS } = this.#options;
    return (this.#rules ??= createScanRules(this.table, maxHeldChars, (fault) => this.signal(fault)));
  }

  signal(fault: FaultSignal): void {
    if (this.faults.length < MAX_NOTES) this.faults.push(fault);
  }

  note(repairs: readonly Repair[]): void {
    this.repairs.push(...repairs.slice(0, MAX_NOTES - this.repairs.length));
  }

  scanner(): TextScanner {
    return new TextScanner(this);
  }

  /** Keeps of a piece what has no native twin, and notes it. */
  take(calls: readonly RecoveredCall[]): RecoveredCall[] {
    return calls.filter((call) => {
      const key = callKey(call);
      this.#native.push(...this.#keyless.splice(0).map(callKey));
      if (remove(this.#native, key)) {
        this.note([
          { kind: 'duplicate-dropped', tool: call.name, detail: `${call.format}: also a native call` },
        ]);
        return false;
      }
      this.#fromText.push(key);
      this.note(call.repairs);
      this.calls++;
      return true;
    });
  }

  /** Whether a native call of this name could be the twin of one already recovered. */
  mayBeTwin(name: string): boolean {
    return this.#fromText.some((key) => key.split('\u0000')[1] === name);
  }

  /** Repairs a native call; undefined when the very same call was recovered from the text. */
  native(call: NativeCall): string | undefined {
    const repaired = call.tool && !fitsTool(call.input, call.tool) && repairArguments(call, call.tool);
    const input = repaired ? repaired.input : call.input;
    if (this.#fromText.length > 0 && remove(this.#fromText, callKey({ ...call, input }))) {
      this.note([{ kind: 'duplicate-dropped', tool: call.name, detail: 'native: also written as text' }]);
      return undefined;
    }
    const { name, namespace } = call;
    this.#keyless.push({ name, input, ...(namespace ? { namespace } : {}) });
    if (!repaired) {
      this.calls++;
      return input;
    }
    this.note(repaired.repairs);
    for (const fault of repaired.faults) this.signal(fault);
    this.calls++;
    return input;
  }

  /** Calls at the end of a thinking block: used only if the answer says and calls nothing else. */
  thought(pieces: readonly Piece[]): void {
    const last = pieces.at(-1);
    this.#thought = last?.type === 'calls' ? last.calls : [];
  }

  textEnded(scanner: TextScanner): void {
    this.#unread += scanner.unread;
    this.#bareBrace = scanner.words.endWithBrace;
  }

  /** The calls that remained in the model's thoughts; told at the end. */
  lastThoughts(reason: FinishReason): RecoveredCall[] {
    if (this.#thought.length === 0 || this.calls > 0 || this.visibleText || reason === 'length') return [];
    for (const { repairs } of this.#thought) asThinking(repairs);
    return this.take(this.#thought);
  }

  /** The finish reason, with the answer's last signals. */
  finish(reason: FinishReason): FinishReason {
    if (this.calls === 0) {
      if (this.#bareBrace) this.signal({ fault: 'C7', detail: 'the text ends where an object begins' });
      else if (this.#unread > 0)
        this.signal({ fault: 'C3', detail: `${this.#unread} places look like calls and are none` });
      return reason;
    }
    return reason === 'stop' || reason === 'unknown' || reason === 'stop-sequence' ? 'tool-calls' : reason;
  }
}

function remove(keys: string[], key: string): boolean {
  const at = keys.indexOf(key);
  if (at !== -1) keys.splice(at, 1);
  return at !== -1;
}
