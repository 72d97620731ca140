import { askedIn } from '../../packages/server/src/testing/upstreams/agent-model.ts';
import type { Script } from './scripted-model.ts';

/**
 * A model that does what it is told: `RUN <command>` runs it in the agent's shell, `ASK <command>` wants to run it outside
 * of the agent's sandbox, everything else is answered with `Done: <words>`.
 */
export const obedientScript: Script = ({ tools, body }) => {
  const { words, answered } = askedIn(body);
  const [, order, command = ''] = /^(RUN|ASK) (.+)$/m.exec(words) ?? [];
  const last = words.trim().split('\n').at(-1) ?? '';
  if (order === undefined || answered || tools.length === 0)
    return { text: `Done: ${last.slice(0, 200)}`, calls: [] };
  if (tools.some(({ name }) => name === 'Bash'))
    return { text: '', calls: [{ name: 'Bash', arguments: { command, description: 'as told' } }] };
  const escalated = { sandbox_permissions: 'require_escalated', justification: 'as told' };
  const input = { cmd: command, yield_time_ms: 30_000, ...(order === 'ASK' ? escalated : {}) };
  return { text: '', calls: [{ name: 'exec_command', arguments: input }] };
};
