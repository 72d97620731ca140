import { z } from 'zod';
import { Decision } from './decision.ts';
import { SessionPhase, SessionStatus } from './session.ts';

const about = { session_id: z.string(), tenant: z.string(), title: z.string() };

/** What the one event log is told of sessions: enough for people to hear of it. The rest is in the session's own log. */
export const sessionNotices = {
  'session.created': z.object({ ...about, agent: z.string().nullable() }),
  'session.halted': z.object({ ...about, reason: z.string(), by: z.string() }),
  'session.resumed': z.object({ ...about, by: z.string() }),
  /** `status`: completed or failed. */
  'session.ended': z.object({ ...about, status: SessionStatus, reason: z.string() }),
  /** Whoever carried out its commands is gone, or is back: `phase` says which. */
  'session.connection_changed': z.object({
    ...about,
    phase: SessionPhase,
    reason: z.string(),
    /** Who holds it, or held it. */
    holder: z.string().default(''),
    /** It went without a word, in the middle of its work. */
    lost: z.boolean().default(false),
  }),
  'session.deleted': z.object({ ...about, by: z.string() }),
  'decision.opened': z.object({ decision: Decision, title: z.string() }),
  'decision.extended': z.object({ decision: Decision, title: z.string() }),
  'decision.resolved': z.object({ decision: Decision, title: z.string() }),
} as const;
