import { z } from 'zod';
import { claudeHookEvents, SessionId } from '@vigiles/contract';

const text = z.string().nullish();

/** What Claude Code sends to its hooks: the fields that are read here, the rest is left alone. All of it is hostile. */
export const HookCall = z.looseObject({
  session_id: SessionId,
  hook_event_name: z.enum(claudeHookEvents),
  cwd: z.string().max(4096).nullish(),
  prompt_id: text,
  /** Present where a subagent does it. */
  agent_id: text,
  agent_type: text,
  tool_name: text,
  tool_use_id: text,
});
export type HookCall = z.output<typeof HookCall>;

/** What is answered: https://code.claude.com/docs/en/hooks. Empty: it goes on as if there were no hook. */
export const HookAnswer = z.looseObject({
  continue: z.boolean().optional(),
  stopReason: z.string().optional(),
  decision: z.literal('block').optional(),
  reason: z.string().optional(),
  hookSpecificOutput: z.looseObject({ hookEventName: z.enum(claudeHookEvents) }).optional(),
});
export type HookAnswer = z.output<typeof HookAnswer>;
