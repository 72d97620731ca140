import { z } from 'zod';
import { defineAction } from '../define-action.ts';
import type { SessionOutcome } from '../session-targets.ts';

const outcome = 'outcome';

/** Puts files and conversation of a session back to a checkpoint. What is there now is kept first. */
export const action = defineAction({
  id: 'rollback_session',
  title: 'Roll the session back',
  description:
    'Puts the files of a session, and its conversation where the agent can, back to a checkpoint. What is there now is kept as a checkpoint of its own first; only files that changed since are touched. Proven by reading the files again.',
  params: z.strictObject({
    command_id: z.string().max(200).optional().meta({
      description: 'The ROLLBACK that waits to be carried out; a new one where it is absent.',
    }),
    checkpoint_id: z.string().max(200).optional(),
    steps: z.int().min(1).max(1000).default(1).meta({
      description: 'So many checkpoints back, where none is named.',
    }),
    restore: z.enum(['all', 'files']).default('all').meta({
      description: '`files`: the conversation stays as it is.',
    }),
  }),
  targets: ['session'],
  guarded: false,
  timeoutMs: 300_000,
  lock: (target) => `rollback:${target}`,
  // Everything it takes away is in the checkpoint that it makes first.
  risk: () => 'reversible',
  plan: ({ sessions, targetName, params }) => sessions.previewRollback(targetName, params),
  async precheck({ sessions, targetName }) {
    const view = await sessions.look(targetName);
    if (!view) return 'there is no such session';
    return view.held ? null : 'its agent was not started by this Vigiles, which has no files of it';
  },
  async perform({ sessions, targetName, params, runId, actor, memory, note, signal }) {
    const { command_id: commandId = `${runId}-rollback`, ...args } = params;
    const done = await sessions.command({
      sessionId: targetName,
      type: 'ROLLBACK',
      commandId,
      args,
      actor,
      signal,
    });
    memory.set(outcome, done);
    const { changes: _list, left_alone: _left, ...counts } = done.evidence;
    note(done.state === 'applied' ? 'the files were put back' : done.message, counts);
    if (done.state === 'failed') throw new Error(done.message);
  },
  async verify({ memory }) {
    const done = memory.get(outcome) as SessionOutcome | undefined;
    const verified = done?.evidence['files_verified'];
    return verified === true ? 'fixed' : verified === false ? 'not_fixed' : 'unknown';
  },
});
