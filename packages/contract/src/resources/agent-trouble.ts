import { z } from 'zod';

/**
 * What went wrong with an agent in the middle of its work. `agent_crashed`: its process is gone and nobody asked for it;
 * `agent_stalled`: it waits for its model and nothing comes; `agent_tool_silent`: a tool of its runs and says nothing;
 * `agent_gone`: a program that somebody else started holds the session, and gives no sign of life.
 */
export const AgentTrouble = z.enum(['agent_crashed', 'agent_stalled', 'agent_tool_silent', 'agent_gone']);
export type AgentTrouble = z.infer<typeof AgentTrouble>;

const about = {
  session_id: z.string(),
  what: AgentTrouble,
  message: z.string(),
  /** The control that holds it: only that one can do something about it. */
  control: z.string().default(''),
};

/** What is told of agents that run under a control, for its watchdog. */
export const agentEvents = {
  'agent.failed': z.object({
    ...about,
    /** By which door it is held: `codex`, `acp`, `claude`, `http`. */
    kind: z.string().default(''),
    /** Its last words, secrets taken out. */
    last_words: z.string().default(''),
  }),
  /** It is over: the agent works again, or its session was halted or has ended. */
  'agent.recovered': z.object(about),
} as const;
