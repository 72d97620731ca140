import { z } from 'zod';
import { AgentKind } from './session-agent.ts';
import { SessionId } from './session.ts';

/** What starts an agent under watch. */
export const AgentRunRequest = z.strictObject({
  /** `codex`, `claude`, `codex-acp`, or a name of `agents.acp` in vigiles.yaml. */
  agent: z.string().min(1).max(40),
  /** Absolute folder it works in. */
  folder: z.string().min(1).max(4096),
  prompt: z.string().min(1).max(200_000),
  model: z.string().min(1).max(200).nullable().default(null),
  /** `ask`: what its sandbox forbids is a decision; `full`: it never asks. */
  approvals: z.enum(['ask', 'full']).default('ask'),
  title: z.string().max(200).optional(),
  session_id: SessionId.optional(),
});
export type AgentRunRequest = z.input<typeof AgentRunRequest>;

/** An agent that could be started here. */
export const StartableAgent = z.object({
  name: z.string(),
  kind: AgentKind,
  command: z.array(z.string()),
  available: z.boolean(),
  version: z.string().nullable(),
  /** Why not; null where it is. */
  reason: z.string().nullable(),
});
export type StartableAgent = z.infer<typeof StartableAgent>;

/** What going back to a checkpoint would do now. */
export const RollbackPreview = z.object({
  checkpoint_id: z.string(),
  folder: z.string(),
  changes: z.array(z.object({ path: z.string(), kind: z.enum(['restore', 'recreate', 'delete']) })),
  /** There are more than are listed. */
  more: z.number(),
  conversation: z.boolean(),
});
export type RollbackPreview = z.infer<typeof RollbackPreview>;
