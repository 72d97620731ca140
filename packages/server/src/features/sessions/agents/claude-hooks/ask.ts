import type { Decision } from '@vigiles/contract';
import { claudePermissionWaitS } from '@vigiles/contract';
import type { Sessions } from '../../index.ts';
import { askedPermission } from '../claude/permission.ts';
import type { Gate } from './gate.ts';
import type { HookCall } from './hook-call.ts';

/** Seconds that are left to answer with after a decision has expired. */
const SPARE_S = 10;
/** How long one look at a decision may take; then another one begins. */
const LOOK_MS = 60_000;

export interface AskDeps {
  sessions: Pick<Sessions, 'openDecision' | 'awaitDecision' | 'cancelDecision'>;
  gate: Gate;
  redact(data: unknown): unknown;
}

type Reply = Record<string, unknown>;

/** What marks a decision whose asker waits on an open request: after a restart nobody does. */
export const askedBy = 'claude_hook';

const endTurn = (message: string): Reply => ({ behavior: 'deny', message, interrupt: true });

/**
 * Asks people for a permission and waits. Without anybody's word it is refused: when the time is up, when the session is
 * halted, and when Claude Code has gone away or was answered at its terminal.
 */
export async function askPeople(
  { sessions, gate, redact }: AskDeps,
  call: HookCall,
  gone: AbortSignal,
): Promise<Reply> {
  const asked = askedPermission({
    tool_name: call.tool_name,
    input: call['tool_input'],
    permission_suggestions: call['permission_suggestions'],
  });
  const ended = AbortSignal.any([gone, gate.closing()]);
  const opened: Decision[] = [];
  for (const { kind, question, options, context } of asked) {
    const decision = await sessions.openDecision(
      call.session_id,
      {
        kind,
        question: redact(question) as string,
        options: options.map(({ id, kind: means, label }) => ({
          id,
          kind: means,
          label: redact(label) as string,
        })),
        latest_s: claudePermissionWaitS - SPARE_S,
        detail: { ...(redact(context) as Record<string, unknown>), asked_by: askedBy },
      },
      'agent',
    );
    opened.push(decision);
  }
  const resolved = async ({ decision_id: id }: Decision): Promise<Decision | null> => {
    for (;;) {
      const now = await sessions.awaitDecision(call.session_id, id, LOOK_MS, ended);
      if (now?.state !== 'pending' || ended.aborted) return now;
    }
  };
  const takeBack = async (left: readonly Decision[], why: string): Promise<void> => {
    for (const one of left) await sessions.cancelDecision(call.session_id, one.decision_id, why);
  };
  /** What the end of one question means for the call. */
  const ending = async (at: number, decision: Decision): Promise<Reply> => {
    const now = await resolved(decision);
    if (now?.state === 'pending') {
      const why = gone.aborted
        ? 'Claude Code does not wait for it any more: it was answered at its terminal, or closed'
        : 'The session was halted';
      await takeBack(opened, why);
      return endTurn(`Halted in Vigiles: ${gate.shut() ?? 'nobody waits for an answer'}`);
    }
    const { source, choice, note } = now?.resolution ?? { source: 'cancelled', choice: null, note: '' };
    if (source === 'cancelled') return { behavior: 'deny', message: note || 'The question was taken back.' };
    if (choice === null) return endTurn('Nobody answered in time.');
    const answer = asked[at]?.answer(choice) ?? { behavior: 'deny', message: 'No such answer.' };
    if (source === 'expired' && answer['behavior'] === 'deny')
      return { behavior: 'deny', message: 'Nobody answered in time.' };
    return answer['behavior'] === 'deny' && note !== '' ? { ...answer, message: note } : answer;
  };
  let reply: Reply = endTurn('Nobody was asked.');
  for (const [at, decision] of opened.entries()) {
    const end = await ending(at, decision);
    if (end['behavior'] === 'deny') {
      await takeBack(
        opened.slice(at + 1),
        'It was asked together with another question, which was not answered',
      );
      return end;
    }
    // Of several questions the last answer holds all of them.
    if (end['behavior'] === 'allow') reply = end;
  }
  return reply;
}
