import { z } from 'zod';

/** By which door an agent is held: its own protocol, the common one, Claude Code's, or our HTTP and Socket.IO SDK. */
export const AgentKind = z.enum(['codex', 'acp', 'claude', 'http']);
export type AgentKind = z.output<typeof AgentKind>;

/**
 * How a HALT takes hold. `gate`: the next tool call waits; `turn`: the running turn is ended and what it started
 * is gone; `cooperative`: the agent is told and says when it stands still; `kill`: its process ends.
 */
export const HaltMode = z.enum(['gate', 'turn', 'cooperative', 'kill']);
export type HaltMode = z.output<typeof HaltMode>;

/** What can be asked of an agent now. A verb that cannot be has its reason in `reasons`, for people. */
export const AgentCapabilities = z.object({
  halt: HaltMode.nullable(),
  resume: z.boolean(),
  /** New instructions while a turn runs (REDIRECT). */
  steer: z.boolean(),
  rollback: z.boolean(),
  decide: z.boolean(),
  /** Something more to do, now or after this turn (INJECT). */
  inject: z.boolean(),
  reasons: z.partialRecord(z.enum(['halt', 'resume', 'steer', 'rollback', 'decide', 'inject']), z.string()),
});
export type AgentCapabilities = z.output<typeof AgentCapabilities>;
