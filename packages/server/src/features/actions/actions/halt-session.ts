import { z } from 'zod';
import { defineAction } from '../define-action.ts';
import type { SessionOutcome } from '../session-targets.ts';

const outcome = 'outcome';
/** A tool call may take hours, and an agent that was not started here cannot be spoken to before it has ended. */
const gateMs = 24 * 3_600_000;

/** Ends the turn of a session's agent and everything it started. The session stays; RESUME goes on. */
export const action = defineAction({
  id: 'halt_session',
  title: 'Halt the session',
  description:
    'Ends the running turn of an agent and every process it started; its session stays and RESUME goes on. Proven by the turn’s end and by none of its processes being left.',
  params: z.strictObject({
    command_id: z.string().max(200).optional().meta({
      description: 'The HALT that waits to be carried out; a new one where it is absent.',
    }),
    force: z
      .boolean()
      .default(false)
      .meta({ description: 'End the agent’s process where its turn does not end.' }),
  }),
  targets: ['session'],
  // Stopping an agent is what people reach for when something goes wrong: nothing ever holds it up.
  guarded: false,
  timeoutMs: 60_000,
  async waitsMs({ sessions, targetName }) {
    return (await sessions.look(targetName))?.gated ? gateMs : null;
  },
  lock: (target) => `halt:${target}`,
  risk: () => 'reversible',
  async plan({ sessions, targetName, params }) {
    const view = await sessions.look(targetName);
    const agent = view === null || view.agent === '' ? 'the agent' : view.agent;
    if (view?.gated)
      return [
        `Turn ${agent} away before its next tool call, or after the one that is under way`,
        'Take no prompts until RESUME',
      ];
    return [
      `End the running turn of ${agent}`,
      'End every process that it started',
      ...(params.force ? [`End ${agent} itself where its turn does not end`] : []),
      'RESUME goes on where it stopped',
    ];
  },
  async precheck({ sessions, targetName }) {
    return (await sessions.look(targetName)) === null ? 'there is no such session' : null;
  },
  async perform({ sessions, targetName, params, runId, actor, reason, memory, note, signal }) {
    const done = await sessions.command({
      sessionId: targetName,
      type: 'HALT',
      commandId: params.command_id ?? `${runId}-halt`,
      args: { reason, ...(params.force ? { force: true } : {}) },
      actor,
      signal,
    });
    memory.set(outcome, done);
    note(done.state === 'applied' ? 'it stands still' : done.message, { ...done.evidence });
    if (done.state === 'failed') throw new Error(done.message);
  },
  async verify({ sessions, targetName, memory }) {
    const done = memory.get(outcome) as SessionOutcome | undefined;
    if (done) return done.evidence['child_tree_gone'] === false ? 'not_fixed' : 'fixed';
    // Another process began it: only what is there now can be looked at.
    const view = await sessions.look(targetName);
    return view?.phase === 'halted' ? 'fixed' : 'unknown';
  },
});
