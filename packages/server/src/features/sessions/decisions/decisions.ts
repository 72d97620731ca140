import type { z } from 'zod';
import { NewDecision, type Decision, type DecisionResolution } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { toJson } from '../../../platform/store/index.ts';
import { restingPhase } from '../commands/move-command.ts';
import { cleanData } from '../core/clean-data.ts';
import {
  expire,
  extendDecision,
  judgeAnswer,
  openDecision,
  outcomeText,
  sameQuestion,
} from '../core/decide.ts';
import { decisionNotFound } from '../faults.ts';
import type { SessionsKit, SessionTx } from '../kit.ts';
import { decisionOf } from '../row.ts';
import type { SessionRow } from '../tables.ts';

export interface DecisionFilter {
  /** Null: every tenant's. */
  tenant: string | null;
  sessionId?: string;
  owner?: string;
  state?: Decision['state'];
  limit: number;
}

/** Who answers. `deviceId` null: Vigiles itself. */
export interface Answerer {
  actor: string;
  deviceId: string | null;
}

export type AnswerOutcome =
  | { kind: 'taken'; decision: Decision }
  | { kind: 'same'; decision: Decision }
  | { kind: 'lost'; decision: Decision; error: string }
  | { kind: 'wrong'; decision: Decision; error: string };

type GivenOption = z.output<typeof NewDecision>['options'][number];
const relabelled = (option: GivenOption, label: string | null | undefined): GivenOption =>
  typeof option === 'string' || typeof label !== 'string' ? option : { ...option, label };

/** Questions agents wait with: opened once, answered once, never lost. */
export function createDecisions(kit: SessionsKit) {
  const { db, clock, newId, config, transact, clean } = kit;

  /** The question without secrets. Ids are what whoever asked waits for: they stay as they are. */
  function heardOf(given: z.output<typeof NewDecision>): z.output<typeof NewDecision> {
    const { question, detail, options } = given;
    const labels = options.map((option) => (typeof option === 'string' ? null : (option.label ?? null)));
    const heard = cleanData(clean, { question, detail, labels });
    return {
      ...given,
      question: heard.question,
      detail: heard.detail,
      options: options.map((option, i) => relabelled(option, heard.labels[i])),
    };
  }

  const find = async (tx: SessionTx, sessionId: string, decisionId: string): Promise<Decision | null> => {
    const row = await tx.db
      .selectFrom('session_decision')
      .select('data')
      .where('session_id', '=', sessionId)
      .where('decision_id', '=', decisionId)
      .executeTakeFirst();
    return row ? decisionOf(row) : null;
  };

  async function pendingCount(tx: SessionTx, sessionId: string): Promise<number> {
    const { count } = await tx.db
      .selectFrom('session_decision')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where('session_id', '=', sessionId)
      .where('state', '=', 'pending')
      .executeTakeFirstOrThrow();
    return count;
  }

  /** Counts anew what waits, and lets the session wait or go on. */
  async function recount(tx: SessionTx, sessionId: string, why: string): Promise<void> {
    const pending = await pendingCount(tx, sessionId);
    await tx.db
      .updateTable('session')
      .set({ pending_decisions: pending })
      .where('session_id', '=', sessionId)
      .execute();
    const session = await tx.session(sessionId);
    const waits = session.phase === 'waiting';
    const mayWait = session.phase === 'running' || session.phase === 'idle';
    if (pending > 0 ? mayWait : waits)
      await tx.say(
        sessionId,
        'session:phase',
        { phase: pending > 0 ? 'waiting' : restingPhase(session), reason: why },
        { actor: 'system' },
      );
  }

  /** Opens one inside a transaction. `event`: it is in the log already, as the agent's own `decision:point`. */
  async function open(
    tx: SessionTx,
    session: SessionRow,
    input: NewDecision,
    actor: string,
    event: boolean,
  ): Promise<Decision> {
    const sessionId = session.session_id;
    const given = heardOf(NewDecision.parse(input));
    const decision = openDecision(given, {
      decisionId: given.decision_id ?? newId('dec'),
      sessionId,
      tenant: session.tenant,
      askedBy: actor,
      nowMs: clock.now(),
      timeoutS: config().sessions.decision_timeout_s,
    });
    if ('problem' in decision) return raise(fault('invalid', 'invalid_decision', decision.problem));
    const before = await find(tx, sessionId, decision.decision_id);
    if (before) {
      if (sameQuestion(before, decision)) return before;
      return raise(
        fault(
          'conflict',
          'decision_id_used',
          `Decision ${decision.decision_id} was another question: "${before.question.slice(0, 100)}". Give this one an id of its own.`,
        ),
      );
    }
    await tx.db
      .insertInto('session_decision')
      .values({
        session_id: sessionId,
        decision_id: decision.decision_id,
        tenant: decision.tenant,
        state: 'pending',
        opened_at: decision.opened_at,
        expires_at: decision.expires_at,
        data: toJson(decision),
      })
      .execute();
    if (!event) {
      const { decision_id, kind, question, options, expires_at, on_timeout, detail } = decision;
      await tx.say(
        sessionId,
        'decision:point',
        {
          decision_id,
          question,
          options: options.map(({ id }) => id),
          default: decision.default,
          kind,
          choices: options,
          expires_at,
          on_timeout,
          detail,
        },
        { actor },
      );
    }
    tx.tell('decision.opened', actor, sessionId, { decision, title: session.title });
    await recount(tx, sessionId, decision.question.slice(0, 200));
    return decision;
  }

  async function resolve(
    tx: SessionTx,
    session: SessionRow,
    decision: Decision,
    resolution: DecisionResolution,
    by: { actor: string; commandId?: string },
  ): Promise<Decision> {
    const sessionId = decision.session_id;
    const next: Decision = { ...decision, state: 'resolved', resolution };
    await tx.db
      .updateTable('session_decision')
      .set({ state: 'resolved', data: toJson(next) })
      .where('session_id', '=', sessionId)
      .where('decision_id', '=', decision.decision_id)
      .execute();
    const { source, choice } = resolution;
    const type =
      source === 'expired'
        ? 'decision:expired'
        : source === 'cancelled'
          ? 'decision:cancelled'
          : 'decision:made';
    await tx.say(
      sessionId,
      type,
      {
        decision_id: decision.decision_id,
        choice,
        session_id: sessionId,
        made_by: resolution.by,
        source,
        note: resolution.note,
      },
      by,
    );
    tx.note({
      session_id: sessionId,
      command_id: by.commandId ?? decision.decision_id,
      type: 'DECISION',
      state: source === 'operator' ? 'applied' : source,
      actor: by.actor,
      by: by.actor,
      note: resolution.note,
      args: { decision_id: decision.decision_id, choice },
    });
    tx.tell('decision.resolved', by.actor, sessionId, { decision: next, title: session.title });
    await recount(tx, sessionId, '');
    return next;
  }

  return {
    openIn: open,
    /** Raises `session_not_found`, `invalid_decision`, `decision_id_used`. The same question again is no second one. */
    open: (sessionId: string, input: NewDecision, actor: string): Promise<Decision> =>
      transact(async (tx) => open(tx, await tx.session(sessionId), input, actor, false)),

    /** Raises `decision_not_found`. The first valid answer wins. */
    answer(
      sessionId: string,
      decisionId: string,
      choice: string,
      { actor, deviceId }: Answerer,
      more: { note?: string; commandId?: string } = {},
    ): Promise<AnswerOutcome> {
      return transact(async (tx) => {
        const session = await tx.session(sessionId);
        const decision = await find(tx, sessionId, decisionId);
        if (!decision) return raise(decisionNotFound(decisionId));
        const lease = await tx.db
          .selectFrom('session_lease')
          .select('device_id')
          .where('session_id', '=', sessionId)
          .where('expires_at', '>', clock.now())
          .executeTakeFirst();
        const asks =
          deviceId !== null && (lease?.device_id === deviceId || decision.asked_by === `device:${deviceId}`);
        const verdict = judgeAnswer(decision, choice, asks, clock.now());
        if (verdict.kind === 'same') return { kind: 'same', decision };
        if (verdict.kind !== 'take') {
          // Whoever comes too late learns who won, and no secret that was the answer.
          const shown = cleanData(clean, { decision, error: verdict.error });
          return { kind: verdict.kind, ...shown };
        }
        const resolution: DecisionResolution = {
          source: 'operator',
          choice,
          by: actor,
          at: clock.now(),
          note: cleanData(clean, [more.note ?? ''])[0] ?? '',
        };
        const by = more.commandId === undefined ? { actor } : { actor, commandId: more.commandId };
        return { kind: 'taken', decision: await resolve(tx, session, decision, resolution, by) };
      });
    },

    /** More time for a question that waits. Raises `decision_not_found`, and what `extendDecision` refuses with. */
    extend(sessionId: string, decisionId: string, seconds: number, actor: string): Promise<Decision> {
      return transact(async (tx) => {
        const session = await tx.session(sessionId);
        const decision = await find(tx, sessionId, decisionId);
        if (!decision) return raise(decisionNotFound(decisionId));
        const most = config().sessions.decision_extension_s;
        const outcome = extendDecision(decision, seconds, most, clock.now());
        if (outcome.kind === 'refused')
          return raise(fault('conflict', outcome.code, outcome.error, { details: { decision } }));
        const { decision: next } = outcome;
        await tx.db
          .updateTable('session_decision')
          .set({ expires_at: next.expires_at, data: toJson(next) })
          .where('session_id', '=', sessionId)
          .where('decision_id', '=', decisionId)
          .execute();
        await tx.say(
          sessionId,
          'decision:extended',
          { decision_id: decisionId, session_id: sessionId, expires_at: next.expires_at, extended_by: actor },
          { actor },
        );
        tx.tell('decision.extended', actor, sessionId, { decision: next, title: session.title });
        return next;
      });
    },

    /** Nobody waits for it any more. Does nothing where it is resolved. */
    cancelIn: async (
      tx: SessionTx,
      session: SessionRow,
      decisionId: string | null,
      why: string,
    ): Promise<void> => {
      let query = tx.db
        .selectFrom('session_decision')
        .select('data')
        .where('session_id', '=', session.session_id)
        .where('state', '=', 'pending');
      if (decisionId !== null) query = query.where('decision_id', '=', decisionId);
      for (const row of await query.execute()) {
        const resolution: DecisionResolution = {
          source: 'cancelled',
          choice: null,
          by: 'system',
          at: clock.now(),
          note: why,
        };
        await resolve(tx, session, decisionOf(row), resolution, { actor: 'system' });
      }
    },

    /**
     * Its time is over, unless somebody was faster.
     * @param halt called in the transaction where its session is to halt then: both are written, or neither
     */
    expire(sessionId: string, decisionId: string, halt: (tx: SessionTx) => Promise<void>): Promise<void> {
      return transact(async (tx) => {
        const session = await tx.session(sessionId);
        const decision = await find(tx, sessionId, decisionId);
        if (
          decision?.state !== 'pending' ||
          decision.expires_at === null ||
          decision.expires_at > clock.now()
        )
          return;
        const outcome = expire(decision, clock.now());
        await resolve(tx, session, decision, outcome.resolution, { actor: 'system' });
        if (outcome.halt) await halt(tx);
      });
    },

    async get(sessionId: string, decisionId: string): Promise<Decision | null> {
      const row = await db
        .selectFrom('session_decision')
        .select('data')
        .where('session_id', '=', sessionId)
        .where('decision_id', '=', decisionId)
        .executeTakeFirst();
      return row ? decisionOf(row) : null;
    },

    /** Those of this id in any session: the seed names decisions without their session. */
    async byId(decisionId: string): Promise<Decision[]> {
      const rows = await db
        .selectFrom('session_decision')
        .select('data')
        .where('decision_id', '=', decisionId)
        .orderBy('opened_at', 'desc')
        .limit(50)
        .execute();
      return rows.map(decisionOf);
    },

    /** Oldest first where they wait, newest first where they are resolved. */
    async list({ tenant, sessionId, owner, state, limit }: DecisionFilter): Promise<Decision[]> {
      let query = db
        .selectFrom('session_decision')
        .select('session_decision.data')
        .orderBy('session_decision.opened_at', state === 'pending' ? 'asc' : 'desc')
        .limit(limit);
      if (tenant !== null) query = query.where('session_decision.tenant', '=', tenant);
      if (sessionId !== undefined) query = query.where('session_decision.session_id', '=', sessionId);
      if (state !== undefined) query = query.where('session_decision.state', '=', state);
      if (owner !== undefined)
        query = query.where('session_decision.session_id', 'in', (from) =>
          from.selectFrom('session').select('session_id').where('owner_device_id', '=', owner),
        );
      return (await query.execute()).map(({ data }) => decisionOf({ data: clean(data) }));
    },
    outcomeText,
  };
}

export type Decisions = ReturnType<typeof createDecisions>;
