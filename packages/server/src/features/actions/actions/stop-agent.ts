import { z } from 'zod';
import { defineAction } from '../define-action.ts';

/** Ends the process of a session's agent. The session stays, and RESUME starts the agent again. */
export const action = defineAction({
  id: 'stop_agent',
  title: 'End the agent',
  description:
    'Ends the process of a session’s agent with everything it started. The session stays; RESUME starts the agent again where it stopped. Proven by the process being gone.',
  params: z.strictObject({}),
  targets: ['session'],
  guarded: false,
  timeoutMs: 30_000,
  lock: (target) => `stop:${target}`,
  risk: () => 'disruptive',
  riskAtMost: 'disruptive',
  async plan({ sessions, targetName }) {
    const view = await sessions.look(targetName);
    return [`End ${view?.agent || 'its agent'} and everything it started`, 'RESUME starts it again'];
  },
  async precheck({ sessions, targetName }) {
    const view = await sessions.look(targetName);
    if (!view) return 'there is no such session';
    return view.held ? null : 'its agent was not started by this Vigiles';
  },
  perform: ({ sessions, targetName }) => sessions.stopAgent(targetName),
  verify: async ({ sessions, targetName }) => (sessions.alive(targetName) ? 'not_fixed' : 'fixed'),
});
