import type { AssistantPart } from './parts.ts';
import type { FinishReason } from './finish-reason.ts';
import type { Usage } from './usage.ts';

/** A finished model turn. */
export interface TurnResponse {
  /** The provider's id for it, or one the gateway made. */
  id: string;
  model: string;
  /** Unix seconds. */
  createdAt: number;
  parts: AssistantPart[];
  finish: FinishReason;
  /** The sequence that ended it, with `finish: 'stop-sequence'`. */
  stopSequence?: string;
  /** Absent when the provider did not say: unknown is not zero. */
  usage?: Usage;
  serviceTier?: string;
}
