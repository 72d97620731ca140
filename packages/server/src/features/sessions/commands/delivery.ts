import type { SessionCommand } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { fromJson } from '../../../platform/store/index.ts';
import { isFinal } from '../core/transition.ts';
import { commandNotFound, staleEpoch } from '../faults.ts';
import type { SessionsKit, SessionTx } from '../kit.ts';
import { commandOf } from '../row.ts';
import type { CommandRow, LeaseRow } from '../tables.ts';
import { moveCommand, sayApplied, sayNotDone, saysGone } from './move-command.ts';
import { nextToDeliver, openCommands, stateOf } from './open-commands.ts';

export interface Settlement {
  sessionId: string;
  commandId: string;
  /** Of the lease it was delivered under. */
  epoch: number;
  state: 'applied' | 'failed';
  note: string;
  evidence: Record<string, unknown>;
}

/** What is told of a command whose holder went away: it may have been done or not. */
const unknownOutcome = 'Unknown outcome: whoever carried it out went away before saying what came of it';

/** Giving commands to whoever holds their session, and hearing what came of them. */
export function createCommandDelivery(kit: SessionsKit) {
  const { clock, transact } = kit;

  const leaseRow = (tx: SessionTx, sessionId: string): Promise<LeaseRow | undefined> =>
    tx.db.selectFrom('session_lease').selectAll().where('session_id', '=', sessionId).executeTakeFirst();

  async function lease(tx: SessionTx, sessionId: string, epoch: number): Promise<LeaseRow> {
    const row = await leaseRow(tx, sessionId);
    if (!row || row.expires_at === 0) return raise(staleEpoch(epoch, null));
    if (row.epoch !== epoch) return raise(staleEpoch(epoch, row.epoch));
    return row;
  }

  /** Marks as delivered what may be given out now. */
  async function deliver(tx: SessionTx, sessionId: string, held: LeaseRow): Promise<SessionCommand[]> {
    const idempotent = new Set(fromJson<string[]>(held.idempotent));
    const given: SessionCommand[] = [];
    for (;;) {
      const next = nextToDeliver(await openCommands(tx.db, sessionId));
      if (!next) return given;
      const moved = await moveCommand(tx, next, {
        step: 'deliver',
        actor: held.holder,
        nowMs: clock.now(),
        note: '',
        epoch: held.epoch,
        idempotent: idempotent.has(next.type),
      });
      if (next.type === 'ROLLBACK')
        await tx.say(
          sessionId,
          'execution:rollback_started',
          { session_id: sessionId, command_id: next.command_id },
          { actor: held.holder, commandId: next.command_id },
        );
      given.push(commandOf(moved));
    }
  }

  return {
    /**
     * The next commands for the holder of this epoch, marked as delivered. Raises `stale_epoch`.
     * @param having those it has got and not settled: what was given to it and is not among them was lost on the way
     */
    claim(sessionId: string, epoch: number, having?: ReadonlySet<string>): Promise<SessionCommand[]> {
      return transact(async (tx) => {
        await tx.session(sessionId);
        const held = await lease(tx, sessionId, epoch);
        const again: SessionCommand[] = [];
        if (having)
          for (const row of await openCommands(tx.db, sessionId))
            if (row.state === 'delivered' && row.epoch === epoch && !having.has(row.command_id))
              again.push(commandOf(row));
        return [...again, ...(await deliver(tx, sessionId, held))];
      });
    },

    /**
     * The same within the transaction that accepts a command, for whoever waits for it; the session is locked by it. Nothing for an
     * epoch that is over: whoever waits under it hears so from its own claim.
     */
    async claimIn(tx: SessionTx, sessionId: string, epoch: number): Promise<SessionCommand[]> {
      const held = await leaseRow(tx, sessionId);
      return held?.epoch === epoch && held.expires_at !== 0 ? deliver(tx, sessionId, held) : [];
    },

    /**
     * What came of it. The same again is no mistake. Raises `stale_epoch`, `already_settled`, `command_not_found`,
     * and `evidence_required` for a HALT that nothing shows.
     */
    settle({ sessionId, commandId, epoch, state, note, evidence }: Settlement): Promise<SessionCommand> {
      return transact(async (tx) => {
        const session = await tx.session(sessionId);
        const row = await tx.db
          .selectFrom('session_command')
          .selectAll()
          .where('session_id', '=', sessionId)
          .where('command_id', '=', commandId)
          .executeTakeFirst();
        if (!row) return raise(commandNotFound(commandId));
        if (isFinal(stateOf(row))) {
          if (row.state === state && row.epoch === epoch) return commandOf(row);
          return raise(
            fault('conflict', 'already_settled', `${commandId} is ${row.state} already: ${row.note}`, {
              details: { state: row.state },
            }),
          );
        }
        const held = await lease(tx, sessionId, epoch);
        if (row.state !== 'delivered' || row.epoch !== epoch) return raise(staleEpoch(epoch, row.epoch));
        if (state === 'applied' && row.type === 'HALT' && Object.keys(evidence).length === 0)
          raise(
            fault(
              'invalid',
              'evidence_required',
              'A HALT counts as applied only with evidence that it stands still.',
            ),
          );
        const step = state === 'applied' ? 'apply' : 'fail';
        const moved = await moveCommand(tx, row, {
          step,
          actor: held.holder,
          nowMs: clock.now(),
          note,
          evidence,
        });
        if (state === 'applied') await sayApplied(tx, session, row, evidence);
        else await sayNotDone(tx, row, note === '' ? 'It failed' : note);
        return commandOf(moved);
      });
    },

    /** Commands that were delivered under an epoch that is over: again, or failed with an unknown outcome. */
    async lost(tx: SessionTx, sessionId: string, nowMs: number): Promise<void> {
      for (const row of await openCommands(tx.db, sessionId)) {
        if (row.state !== 'delivered') continue;
        if (row.idempotent === 1)
          await moveCommand(tx, row, {
            step: 'requeue',
            actor: 'system',
            nowMs,
            note: 'Whoever had it went away; it may be done twice, so it is given out again',
          });
        else {
          await moveCommand(tx, row, { step: 'fail', actor: 'system', nowMs, note: unknownOutcome });
          await sayNotDone(tx, row, unknownOutcome);
        }
      }
    },

    /** What the agent showed by itself: its own word that it halted or goes on settles the open commands. */
    async shown(
      tx: SessionTx,
      sessionId: string,
      type: 'HALT' | 'RESUME',
      evidence: Record<string, unknown>,
    ): Promise<void> {
      for (const row of await openCommands(tx.db, sessionId)) {
        if (row.type !== type) continue;
        await moveCommand(tx, row, { step: 'apply', actor: row.actor, nowMs: clock.now(), evidence });
      }
    },

    /** The session has ended: what still waited is not done any more. */
    async ended(tx: SessionTx, sessionId: string): Promise<void> {
      const queued = (await openCommands(tx.db, sessionId)).filter(({ state }) => state === 'queued');
      for (const row of queued)
        await moveCommand(tx, row, {
          step: 'supersede',
          actor: 'system',
          nowMs: clock.now(),
          note: 'The session ended before it was delivered',
        });
    },

    async expire(row: Pick<CommandRow, 'session_id' | 'command_id'>): Promise<void> {
      await transact(async (tx) => {
        const open = await openCommands(tx.db, row.session_id);
        const found = open.find(
          ({ command_id, state }) => command_id === row.command_id && state === 'queued',
        );
        if (!found || found.deadline > clock.now()) return;
        const note = 'Nobody carried it out in time';
        await moveCommand(tx, found, { step: 'expire', actor: 'system', nowMs: clock.now(), note });
        await sayNotDone(tx, found, note);
        await saysGone(tx, row.session_id, note);
      });
    },
  };
}

export type CommandDelivery = ReturnType<typeof createCommandDelivery>;
