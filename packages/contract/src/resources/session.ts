import { z } from 'zod';
import { AgentCapabilities, AgentKind } from './session-agent.ts';

/** The seed's five words for how a session stands; its clients know no others. */
export const SessionStatus = z.enum(['created', 'running', 'halted', 'completed', 'failed']);
export type SessionStatus = z.infer<typeof SessionStatus>;

/** The same, finer: what is happening at this moment. `disconnected`: nobody who could answer is attached. */
export const SessionPhase = z.enum([
  'idle',
  'running',
  'waiting',
  'halting',
  'halted',
  'resuming',
  'rolling_back',
  'disconnected',
  'completed',
  'failed',
]);
export type SessionPhase = z.infer<typeof SessionPhase>;

export const SessionAgent = z.object({
  kind: AgentKind,
  name: z.string().max(200),
  model: z.string().max(200).nullable(),
  pid: z.number().nullable(),
  capabilities: AgentCapabilities,
});
export type SessionAgent = z.infer<typeof SessionAgent>;

export const SessionTokens = z.object({ input: z.number(), cached: z.number(), output: z.number() });
export type SessionTokens = z.infer<typeof SessionTokens>;

/** One run of one agent, as everyone who may see it sees it. The first seven fields are the seed's. */
export const Session = z.object({
  session_id: z.string(),
  /** ISO 8601 in UTC, as the seed has it. Every other time is UTC ms. */
  created_at: z.string(),
  status: SessionStatus,
  skills: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  /** 0 to 100. */
  progress: z.number(),
  current_skill: z.string().nullable(),
  phase: SessionPhase,
  /** Why it is in this phase, for people; empty where nothing is to be said. */
  phase_reason: z.string(),
  /** `metadata.title`, or what it was asked to do. */
  title: z.string(),
  agent: SessionAgent.nullable(),
  cost_microusd: z.number(),
  tokens: SessionTokens,
  last_event_at: z.number().nullable(),
  /** Of its last event; 0 before the first. */
  head_seq: z.number(),
  /** The lowest seq that is still kept; older ones were deleted. */
  oldest_seq: z.number(),
  owner_device_id: z.string(),
  tenant: z.string(),
  pending_decisions: z.number(),
  /** How many follow it now. */
  watchers: z.number(),
});
export type Session = z.infer<typeof Session>;

/** An id that people and programs choose: it becomes a path segment, so it holds nothing that means something there. */
export const SessionId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'letters, digits and . _ : - only');

/** What makes a session. Without `session_id` (only under `/api/v1`) the server makes one. */
export const NewSession = z.object({
  session_id: SessionId.optional(),
  skills: z.array(z.string().max(200)).max(500).default([]),
  metadata: z.record(z.string().max(200), z.unknown()).default({}),
  agent: SessionAgent.nullable().default(null),
});
export type NewSession = z.output<typeof NewSession>;
