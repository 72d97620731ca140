import type { SessionPhase } from '@vigiles/contract';
import { toJson } from '../../../platform/store/index.ts';
import { cleanData } from '../core/clean-data.ts';
import { nextState, type CommandStep } from '../core/transition.ts';
import type { SessionTx } from '../kit.ts';
import type { CommandRow, SessionRow } from '../tables.ts';
import { stateOf } from './open-commands.ts';

export interface Move {
  step: CommandStep;
  actor: string;
  nowMs: number;
  note?: string;
  evidence?: Record<string, unknown>;
  epoch?: number;
  idempotent?: boolean;
}

/** What everyone who follows the session is told about a command. */
export const updateOf = (row: CommandRow): Record<string, unknown> => ({
  command_id: row.command_id,
  command_type: row.type,
  state: row.state,
  actor: row.actor,
  note: row.note,
  deadline: row.deadline,
  ...(row.epoch === null ? {} : { epoch: row.epoch }),
  ...(row.evidence === null ? {} : { evidence: JSON.parse(row.evidence) as unknown }),
});

/** The same for the log of commands. */
export const stepOf = ({ session_id, command_id, type, state, actor, note }: CommandRow) => ({
  session_id,
  command_id,
  type,
  state,
  actor,
  note,
});

/**
 * Takes a command one step on and says so in the log, with who did it. Throws where the step cannot happen: callers
 * look at the state first, under the session's lock.
 */
export async function moveCommand(tx: SessionTx, row: CommandRow, move: Move): Promise<CommandRow> {
  const { step, actor, nowMs, note, evidence, epoch, idempotent } = move;
  const to = nextState(stateOf(row), step);
  if (to === null) throw new Error(`A command that is ${row.state} cannot ${step}`);
  const changed = {
    state: to,
    note: note === undefined ? row.note : (cleanData(tx.clean, [note])[0] ?? ''),
    evidence: evidence === undefined ? row.evidence : tx.clean(toJson(evidence)),
    epoch: step === 'requeue' ? null : (epoch ?? row.epoch),
    idempotent: idempotent === undefined ? row.idempotent : Number(idempotent),
    delivered_at: to === 'delivered' ? nowMs : step === 'requeue' ? null : row.delivered_at,
    settled_at: to === 'queued' || to === 'delivered' ? null : nowMs,
    // Whoever carries it out gets it as it was given; then nobody needs the secrets in it any more.
    args: to === 'queued' || to === 'delivered' ? row.args : tx.clean(row.args),
  };
  await tx.db
    .updateTable('session_command')
    .set(changed)
    .where('session_id', '=', row.session_id)
    .where('command_id', '=', row.command_id)
    .execute();
  const next = { ...row, ...changed };
  await tx.say(
    row.session_id,
    'command:update',
    { ...updateOf(next), by: actor },
    { actor, commandId: row.command_id },
  );
  tx.note({ ...stepOf(next), by: actor });
  return next;
}

/** The phase that follows from the seed's status alone: what it is when nothing is being done to it. */
export function restingPhase(session: SessionRow): SessionPhase {
  if (session.pending_decisions > 0) return 'waiting';
  if (session.status === 'created') return 'idle';
  return session.status as 'running' | 'halted' | 'completed' | 'failed';
}

/** A session whose holder went away is nobody's still, whatever became of a command that nobody took. */
export async function saysGone(tx: SessionTx, sessionId: string, reason: string): Promise<void> {
  const session = await tx.session(sessionId);
  if (session.status === 'completed' || session.status === 'failed' || session.phase === 'disconnected')
    return;
  const lease = await tx.db
    .selectFrom('session_lease')
    .select('expires_at')
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  if (lease?.expires_at === 0)
    await tx.say(sessionId, 'session:phase', { phase: 'disconnected', reason }, { actor: 'system' });
}

const label = (session: SessionRow) => ({
  session_id: session.session_id,
  tenant: session.tenant,
  title: session.title,
});

/** Whether the session ended after this command was handed to its holder: what it set going is over already. */
async function endedSince(tx: SessionTx, { session_id, command_id, seq }: CommandRow): Promise<boolean> {
  const since = tx.db.selectFrom('session_event').where('session_id', '=', session_id).where('seq', '>', seq);
  const handed = await since
    .where('command_id', '=', command_id)
    .where('type', '=', 'command:update')
    .select(({ fn }) => fn.min('seq').as('seq'))
    .executeTakeFirst();
  const end = await since
    .where('type', 'in', ['execution:completed', 'execution:failed'])
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst();
  return (end?.seq ?? 0) > (handed?.seq ?? seq);
}

/** What follows for the session when one of its commands was done. `row` is as it stood before. */
export async function sayApplied(
  tx: SessionTx,
  session: SessionRow,
  row: CommandRow,
  evidence: unknown,
): Promise<void> {
  const args = JSON.parse(row.args) as Record<string, unknown>;
  const by = { actor: row.actor, commandId: row.command_id };
  const at = { session_id: row.session_id, initiated_by: row.actor, command_id: row.command_id };
  const sessionId = row.session_id;
  switch (row.type) {
    case 'HALT':
      await tx.say(sessionId, 'execution:halted', { ...at, reason: args['reason'], evidence }, by);
      tx.tell('session.halted', row.actor, sessionId, {
        ...label(session),
        reason: typeof args['reason'] === 'string' ? args['reason'] : '',
        by: row.actor,
      });
      return;
    case 'RESUME':
      if (['completed', 'failed'].includes(session.status) && (await endedSince(tx, row))) return;
      await tx.say(sessionId, 'execution:resumed', { ...at, evidence }, by);
      tx.tell('session.resumed', row.actor, sessionId, { ...label(session), by: row.actor });
      return;
    case 'ROLLBACK':
      await tx.say(sessionId, 'execution:rollback_completed', { ...at, steps: args['steps'], evidence }, by);
      return;
    case 'INJECT':
      await tx.say(
        sessionId,
        'skill:injected',
        { ...args, session_id: sessionId, injected_by: row.actor, command_id: row.command_id, evidence },
        by,
      );
      return;
    default:
  }
}

/** What follows when it was not done: the session is again what it was. */
export async function sayNotDone(tx: SessionTx, row: CommandRow, why: string): Promise<void> {
  const by = { actor: 'system', commandId: row.command_id };
  const session = await tx.session(row.session_id);
  if (row.type === 'ROLLBACK' && row.state === 'delivered') {
    await tx.say(
      row.session_id,
      'execution:rollback_failed',
      { session_id: row.session_id, error: why, initiated_by: row.actor, command_id: row.command_id },
      by,
    );
  }
  if (['halting', 'resuming', 'rolling_back'].includes(session.phase))
    await tx.say(row.session_id, 'session:phase', { phase: restingPhase(session), reason: why }, by);
}
