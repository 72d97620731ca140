import type { CommandResult, CommandType, SessionCommand } from '@vigiles/contract';
import { toJson } from '../../../platform/store/index.ts';
import { acceptedText, admitCommand, checkCommand, type Situation } from '../core/admit-command.ts';
import type { SessionsKit, SessionTx } from '../kit.ts';
import { commandOf } from '../row.ts';
import type { CommandRow, SessionRow } from '../tables.ts';
import type { CommandDelivery } from './delivery.ts';
import { moveCommand, sayApplied, saysGone, stepOf, updateOf } from './move-command.ts';
import { openCommands, stateOf, typeOf } from './open-commands.ts';
import type { Promised, Receivers } from './receivers.ts';

/** A command that was looked at: what its sender is told, and as what it is kept. */
export interface Accepted {
  result: CommandResult;
  command: SessionCommand | null;
}

export interface CommandRequest {
  actor: string;
  sessionId: string;
  type: Exclude<CommandType, 'DECISION'>;
  args: Record<string, unknown>;
  commandId: string | null;
  expectedSeq: number | null;
  ttlMs: number;
}

type Answer = Omit<CommandResult, 'timestamp'> & { success: boolean };

const conflict = 'This command_id was used for another command';

/** The result for whoever sends it, as things are now. */
function resultOf(row: CommandRow, nowMs: number): CommandResult {
  const answer = JSON.parse(row.answer) as Answer;
  return { ...answer, state: stateOf(row), note: row.note, timestamp: new Date(nowMs).toISOString() };
}

const failure = (
  type: string,
  error: string,
  code: string,
  nowMs: number,
  more: object = {},
): CommandResult => ({
  success: false,
  error,
  code,
  timestamp: new Date(nowMs).toISOString(),
  command_type: type,
  ...more,
});

/** As things are when it was delivered with its acceptance. */
function withDelivered(accepted: Accepted, given: readonly SessionCommand[]): Accepted {
  const command = given.find(({ command_id }) => command_id === accepted.command?.command_id);
  if (!command) return accepted;
  return { result: { ...accepted.result, state: command.state, note: command.note }, command };
}

async function situation(
  tx: SessionTx,
  session: SessionRow,
  open: CommandRow[],
  leftRunning: boolean,
): Promise<Situation> {
  const last = await tx.db
    .selectFrom('session_command')
    .selectAll()
    .where('session_id', '=', session.session_id)
    .where('state', '!=', 'rejected')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return {
    status: session.status as Situation['status'],
    phase: session.phase as Situation['phase'],
    leftRunning,
    open: open.map((row) => ({
      commandId: row.command_id,
      type: typeOf(row),
      state: stateOf(row),
      actor: row.actor,
      seq: row.seq,
    })),
    last: last ? { commandId: last.command_id, type: typeOf(last), actor: last.actor, seq: last.seq } : null,
  };
}

/** Accepts commands into their session's log, and gives them at once to whoever waits for them. */
export function createAcceptance(
  kit: SessionsKit,
  holderOf: (sessionId: string) => Promise<string | null>,
  receivers: Receivers,
  claimIn: CommandDelivery['claimIn'],
  /** How many processes the agent that is held here left running. */
  leftBy: (sessionId: string) => number,
) {
  const { clock, newId, transact } = kit;

  const find = (tx: SessionTx, sessionId: string, commandId: string) =>
    tx.db
      .selectFrom('session_command')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('command_id', '=', commandId)
      .executeTakeFirst();

  /** Keeps it with its place in the log. */
  async function insert(
    tx: SessionTx,
    request: CommandRequest,
    row: Omit<CommandRow, 'seq'>,
  ): Promise<CommandRow> {
    const placed = { ...row, seq: 0 };
    const seq = await tx.say(
      request.sessionId,
      'command:update',
      { ...updateOf(placed), by: row.actor },
      {
        actor: row.actor,
        commandId: row.command_id,
      },
    );
    const kept = { ...placed, seq, args: row.settled_at === null ? row.args : tx.clean(row.args) };
    await tx.db.insertInto('session_command').values(kept).execute();
    tx.note({ ...stepOf(kept), by: row.actor, args: request.args });
    return kept;
  }

  async function accept(tx: SessionTx, request: CommandRequest, holder: string | null): Promise<Accepted> {
    const { sessionId, type, args, actor } = request;
    const now = clock.now();
    const session = await tx.session(sessionId);
    const commandId = request.commandId ?? newId('cmd');
    const before = request.commandId === null ? undefined : await find(tx, sessionId, commandId);
    if (before) {
      const same = before.type === type && tx.clean(before.args) === tx.clean(toJson(args));
      return same
        ? { result: resultOf(before, now), command: commandOf(before) }
        : {
            result: failure(type, conflict, 'command_id_conflict', now, { command_id: commandId }),
            command: null,
          };
    }
    const open = await openCommands(tx.db, sessionId);
    const ended = session.status === 'completed' || session.status === 'failed';
    const leftRunning = type === 'HALT' && ended && leftBy(sessionId) > 0;
    const standing = await situation(tx, session, open, leftRunning);
    const admission = admitCommand(type, actor, request.expectedSeq, standing);
    if (admission.kind === 'same') {
      const under = open.find(({ command_id }) => command_id === admission.commandId);
      if (under) return { result: resultOf(under, now), command: commandOf(under) };
    }
    const { message, extras } = acceptedText(type, args);
    const answer: Answer = {
      success: true,
      message,
      ...extras,
      command_type: type,
      command_id: commandId,
      session_id: sessionId,
      holder,
    };
    const base = {
      session_id: sessionId,
      command_id: commandId,
      type,
      args: toJson(args),
      actor,
      expected_seq: request.expectedSeq,
      created_at: now,
      deadline: now + request.ttlMs,
      delivered_at: null,
      settled_at: null,
      epoch: null,
      note: '',
      evidence: null,
      idempotent: 0,
      answer: tx.clean(toJson(answer)),
    };
    if (admission.kind === 'refuse') {
      const { error, code } = admission;
      const refused: Answer = {
        success: false,
        error,
        code,
        command_type: type,
        command_id: commandId,
        session_id: sessionId,
      };
      const kept = await insert(tx, request, {
        ...base,
        state: 'rejected',
        settled_at: now,
        note: error,
        answer: toJson(refused),
      });
      return { result: resultOf(kept, now), command: commandOf(kept) };
    }
    if (admission.kind === 'done') {
      const kept = await insert(tx, request, {
        ...base,
        state: 'applied',
        settled_at: now,
        note: 'It was halted already',
        evidence: toJson({ already: true }),
      });
      return { result: resultOf(kept, now), command: commandOf(kept) };
    }
    const superseded = admission.kind === 'accept' ? admission.supersede : [];
    for (const id of superseded) {
      const row = open.find(({ command_id }) => command_id === id);
      if (row)
        await moveCommand(tx, row, {
          step: 'supersede',
          actor,
          nowMs: now,
          note: `${type} (${commandId}) came after it`,
        });
    }
    // The HALT it takes back never reached anybody: there is nothing to resume.
    const takenBack = type === 'RESUME' && superseded.length > 0 && session.status !== 'halted';
    const note =
      holder === null && !takenBack
        ? `Nobody is attached who could carry it out: it waits for ${Math.round(request.ttlMs / 1000)} s`
        : '';
    const kept = await insert(tx, request, { ...base, state: 'queued', note });
    const by = { actor, commandId };
    const told = { session_id: sessionId, initiated_by: actor, command_id: commandId };
    if (takenBack) {
      const evidence = { superseded };
      const applied = await moveCommand(tx, kept, { step: 'apply', actor, nowMs: now, evidence });
      await sayApplied(tx, session, kept, evidence);
      await saysGone(tx, sessionId, 'Nobody is attached');
      return { result: resultOf(applied, now), command: commandOf(applied) };
    }
    if (type === 'HALT')
      await tx.say(sessionId, 'execution:halting', { ...told, reason: args['reason'] }, by);
    if (type === 'RESUME') await tx.say(sessionId, 'session:phase', { phase: 'resuming', reason: '' }, by);
    if (type === 'ROLLBACK')
      await tx.say(sessionId, 'execution:rollback', { ...told, steps: args['steps'] }, by);
    if (type === 'REDIRECT') await tx.say(sessionId, 'execution:redirect', { ...args, ...told }, by);
    return { result: resultOf(kept, now), command: commandOf(kept) };
  }

  return {
    /** Raises `session_not_found`; everything else that is wrong with it is in the result. */
    async accept(request: CommandRequest): Promise<Accepted> {
      const { sessionId } = request;
      const holder = await holderOf(sessionId);
      let promised: Promised | null = null;
      try {
        const taken = await transact(async (tx) => {
          const accepted = await accept(tx, request, holder);
          const receiver = accepted.command?.state === 'queued' ? receivers.first(sessionId) : null;
          const given = receiver ? await claimIn(tx, sessionId, receiver.epoch) : [];
          if (given.length > 0)
            promised = receiver?.promise(given.map(({ command_id }) => command_id)) ?? null;
          return { accepted, given };
        });
        (promised as Promised | null)?.take(taken.given);
        return withDelivered(taken.accepted, taken.given);
      } catch (thrown) {
        (promised as Promised | null)?.missed();
        throw thrown;
      }
    },
    /** The same within a transaction that does more. @param holder whoever is attached: `holderOf`, asked before */
    acceptIn: accept,
    holderOf,
    check: checkCommand,
    failure,
  };
}
