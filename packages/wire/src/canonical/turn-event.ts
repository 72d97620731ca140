import type { FinishReason } from './finish-reason.ts';
import type { OpaquePart, Signature, ToolKind } from './parts.ts';
import type { Usage } from './usage.ts';
import type { WireError } from './error.ts';

/**
 * A streamed turn, as a flat list of events. `index` numbers the blocks of the answer from 0 in the order
 * they open, without gaps. Blocks may overlap (parallel calls); every block that opens is closed before `finish`.
 * A stream ends with exactly one `finish` or one `error`.
 */
export type TurnEvent =
  | { type: 'start'; id: string; model: string; createdAt: number }
  | { type: 'text-start'; index: number; itemId?: string }
  | { type: 'text-delta'; index: number; text: string }
  | { type: 'text-end'; index: number; phase?: string }
  | { type: 'refusal-start'; index: number }
  | { type: 'refusal-delta'; index: number; text: string }
  | { type: 'refusal-end'; index: number }
  | { type: 'reasoning-start'; index: number; itemId?: string }
  /** `summary`: part `part` of a summary (0-based). `text`: the thinking itself. */
  | { type: 'reasoning-delta'; index: number; channel: 'summary' | 'text'; part: number; text: string }
  | { type: 'reasoning-end'; index: number; signature?: Signature }
  | {
      type: 'tool-call-start';
      index: number;
      kind: ToolKind;
      id: string;
      itemId?: string;
      name: string;
      namespace?: string;
      /** Where the provider sends calls whole, their signature is known at once; it comes again with the end. */
      signature?: Signature;
    }
  /** A piece of the input. For `custom` calls that were flattened upstream, decoders hold it back and send it whole. */
  | { type: 'tool-call-delta'; index: number; text: string }
  /** `input`: the whole input; it equals the sum of the deltas. */
  | { type: 'tool-call-end'; index: number; input: string; signature?: Signature }
  /** A whole block that only its own protocol understands. */
  | { type: 'opaque'; index: number; part: OpaquePart }
  /** Usage so far; later ones replace earlier ones. */
  | { type: 'usage'; usage: Usage }
  | { type: 'finish'; reason: FinishReason; stopSequence?: string; usage?: Usage; serviceTier?: string }
  | { type: 'error'; error: WireError }
  /** The provider is alive and has nothing to say (Anthropic `ping`, SSE comments). */
  | { type: 'heartbeat' };
