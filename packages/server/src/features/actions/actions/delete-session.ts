import { z } from 'zod';
import { defineAction } from '../define-action.ts';

/** Deletes a session with its log, its agent’s process and its checkpoints. Nothing of it can be brought back. */
export const action = defineAction({
  id: 'delete_session',
  title: 'Delete the session',
  description:
    'Deletes a session with its log and its checkpoints and ends its agent with everything it started. The files in its folder stay. Cannot be undone. Proven by the session and the process being gone.',
  params: z.strictObject({}),
  targets: ['session'],
  guarded: false,
  timeoutMs: 60_000,
  lock: (target) => `delete:${target}`,
  risk: () => 'destructive',
  riskAtMost: 'destructive',
  async plan({ sessions, targetName }) {
    const view = await sessions.look(targetName);
    return [
      ...(sessions.alive(targetName) ? [`End ${view?.agent || 'its agent'} and everything it started`] : []),
      `Delete “${view?.title || targetName}” with its events, commands, decisions and checkpoints`,
      'Its folder stays as it is',
    ];
  },
  async precheck({ sessions, targetName }) {
    return (await sessions.look(targetName)) === null ? 'there is no such session' : null;
  },
  perform: ({ sessions, targetName, actor }) => sessions.remove(targetName, actor),
  async verify({ sessions, targetName }) {
    const gone = (await sessions.look(targetName)) === null && !sessions.alive(targetName);
    return gone ? 'fixed' : 'not_fixed';
  },
});
