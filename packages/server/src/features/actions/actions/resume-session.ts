import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { defineAction, type ActionContext } from '../define-action.ts';
import type { SessionOutcome, SessionView } from '../session-targets.ts';

const resumedAt = 'resumed_at';
const lookEveryMs = 200;
/** How long an agent may take until it says something. */
const speakMs = 90_000;

/** What comes of a RESUME where a person's HALT came before it, or while it waited. */
const haltedMeanwhile = new Set(['halted_by_other', 'superseded']);

/** Why it must be left alone; null where it may be resumed. */
function whyNot(view: SessionView | null, automatic: boolean): string | null {
  if (!view) return 'there is no such session';
  if (!view.held) return 'its agent was not started by this Vigiles';
  if (view.trouble === 'agent_tool_silent')
    return 'a tool of its works; what may be a long build is not ended';
  if (view.trouble !== null) return null;
  // A person halted or ended it, or it works: either way nothing is broken.
  if (automatic) return `nothing is wrong with its agent: the session is ${view.phase}`;
  return view.phase === 'halted' || view.phase === 'disconnected' ? null : `it is ${view.phase}`;
}

type Context = ActionContext<{ message?: string | undefined }>;

function order(context: Context, type: 'HALT' | 'RESUME', step: string, args: Record<string, unknown>) {
  const { sessions, targetName, runId, actor, signal } = context;
  return sessions.command({
    sessionId: targetName,
    type,
    commandId: `${runId}-${step}`,
    args,
    actor,
    signal,
  });
}

/** Ends a turn that stands still; with its process where the turn itself does not end. */
async function halt(context: Context): Promise<SessionOutcome> {
  const reason = 'Its agent stalled';
  const first = await order(context, 'HALT', 'halt', { reason });
  if (first.state === 'applied' || context.signal.aborted) return first;
  context.note('its turn does not end; its process is ended', { message: first.message });
  return order(context, 'HALT', 'force', { reason, force: true });
}

/** Makes the agent of a session work again: started anew where its process is gone, its turn begun again where it stalled. */
export const action = defineAction({
  id: 'resume_session',
  title: 'Resume the session',
  description:
    'Makes the agent of a session go on in the same conversation: started again where its process is gone; where it stalled, its turn is ended first. Proven by the session running again and by the agent saying something, which then lasts.',
  params: z.strictObject({
    message: z.string().min(1).max(20_000).optional().meta({
      description: 'What the agent is told; to go on where it stopped unless set.',
    }),
  }),
  targets: ['session'],
  guarded: true,
  timeoutMs: 180_000,
  lock: (target) => `service:${target}`,
  // Whoever stalls may be about to go on: ending its turn waits for a veto.
  risk: (_view, { sessions, targetName }) => (sessions.alive(targetName) ? 'disruptive' : 'reversible'),
  riskAtMost: 'disruptive',
  async plan({ sessions, targetName, params }) {
    const view = await sessions.look(targetName);
    const agent = view?.agent || 'the agent';
    return [
      sessions.alive(targetName)
        ? `HALT: end the turn of ${agent} and what it started`
        : `Start ${agent} again with the same conversation`,
      params.message === undefined
        ? 'RESUME: tell it to go on where it stopped'
        : `RESUME: tell it “${params.message.slice(0, 200)}”`,
      'Wait until the session runs and the agent says something',
    ];
  },
  async precheck({ sessions, targetName, automatic }) {
    return whyNot(await sessions.look(targetName), automatic);
  },
  async perform(context) {
    const { sessions, targetName, params, memory, note, now, signal } = context;
    const before = await sessions.look(targetName);
    if (sessions.alive(targetName) && before?.phase !== 'halted') {
      const halted = await halt(context);
      if (halted.state === 'failed') throw new Error(`its turn could not be ended: ${halted.message}`);
      note('its turn was ended', { ...halted.evidence });
    }
    if (signal.aborted) return;
    memory.set(resumedAt, now());
    const { message } = params;
    const resumed = await order(context, 'RESUME', 'resume', message === undefined ? {} : { message });
    if (haltedMeanwhile.has(resumed.code))
      return note('somebody halted it meanwhile: it stays so', { message: resumed.message });
    if (resumed.state === 'failed') throw new Error(resumed.message);
    note('it was told to go on', { ...resumed.evidence });
  },
  async verify({ sessions, targetName, memory, note, now, signal }) {
    const since = (memory.get(resumedAt) as number | undefined) ?? now();
    const until = performance.now() + speakMs;
    for (;;) {
      const view = await sessions.look(targetName);
      if (!view || view.phase === 'halted') return 'unknown';
      if (view.phase === 'disconnected' || view.phase === 'failed') return 'not_fixed';
      if (view.spokeAt !== null && view.spokeAt > since && view.phase !== 'resuming') {
        note('the session runs and its agent speaks', { phase: view.phase, after_ms: view.spokeAt - since });
        return 'fixed';
      }
      if (signal.aborted || performance.now() > until) return 'unknown';
      await delay(lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  },
  async steady({ sessions, targetName }) {
    const view = await sessions.look(targetName);
    // Halted, ended or deleted by somebody since: nothing is wrong with what was done.
    return view === null || view.trouble === null || view.trouble === 'agent_tool_silent';
  },
});
