import type { ToolDefinition, ToolKind } from '../canonical/index.ts';

/** What was put right, in one word for counting. */
export type RepairKind =
  | 'text-call'
  | 'thinking-call'
  | 'duplicate-dropped'
  | 'malformed-sibling'
  | 'tool-name'
  | 'argument-name'
  | 'argument-type'
  | 'double-encoded'
  | 'unwrapped'
  | 'closed-json'
  | 'lenient-json'
  | 'custom-input';

/** One thing the gateway changed in a model's calls. Stored with the turn, never silent. */
export interface Repair {
  kind: RepairKind;
  /** The client's name of the tool. */
  tool: string;
  /** What was changed, in a few words: names and types, never a value. */
  detail: string;
}

/** Category C of the fault catalogue: what goes wrong between a model's words and its calls. */
export type FaultCode = 'C1' | 'C2' | 'C3' | 'C4' | 'C5' | 'C6' | 'C7' | 'C8' | 'C9' | 'C10';

/** A typed signal for the watchdog. */
export interface FaultSignal {
  fault: FaultCode;
  /** What was seen, without the model's text. */
  detail: string;
}

/** A tool a model can call; hosted ones are run by the provider. */
export type CallableTool = Exclude<ToolDefinition, { kind: 'hosted' }>;

/** A call as a text format spelled it, before it is held against the declared tools. */
export interface RawCall {
  name: string;
  /**
   * `json`: a parsed value, an object as a rule. `values`: words without types, read by the schema.
   * `text`: the input as it stands (free-form tools, shell tags).
   */
  args:
    | { form: 'json'; value: unknown }
    | { form: 'values'; values: ReadonlyMap<string, string>; typed: ReadonlySet<string> }
    | { form: 'text'; text: string };
  /** JSON that was not closed or not quite JSON, and was read all the same. */
  lenient?: 'closed-json' | 'lenient-json';
}

/** A call to a declared tool with all it requires. */
export interface RecoveredCall {
  kind: ToolKind;
  name: string;
  namespace?: string;
  /** As in `ToolCallPart.input`. */
  input: string;
  format: string;
  repairs: Repair[];
}

/** What became of a text: what stays text, and the calls that stood between. */
export type Piece = { type: 'text'; text: string } | { type: 'calls'; calls: RecoveredCall[] };
