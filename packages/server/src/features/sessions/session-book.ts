import { sql } from 'kysely';
import {
  NewSession,
  SessionAgent,
  type Session,
  type SessionPhase,
  type SessionStatus,
} from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import { toJson } from '../../platform/store/index.ts';
import type { ProcessIdentity } from '../../platform/process/index.ts';
import { cleanData } from './core/clean-data.ts';
import { sessionExists } from './faults.ts';
import type { SessionsKit } from './kit.ts';
import type { Purge } from './purge.ts';
import { sessionOf } from './row.ts';
import type { SessionRow } from './tables.ts';
import type { Watchers } from './watchers.ts';

/** On whose behalf something is done. */
export interface Maker {
  /** `device:<id>`, or the part of Vigiles that does it. */
  actor: string;
  deviceId: string;
  tenant: string;
}

export interface SessionFilter {
  /** Null: every tenant's. */
  tenant: string | null;
  owner?: string;
  status?: readonly SessionStatus[];
  phase?: readonly SessionPhase[];
  agent?: string;
  /** Part of the id or the title. */
  text?: string;
  /** Only those with a decision that waits. */
  waiting?: boolean;
  /** Of the page before. */
  cursor?: string;
  /** 1 to 500. */
  limit: number;
}

const cursorForm = /^(\d{1,16}):(.{1,128})$/s;

const titleOf = (metadata: Record<string, unknown>): string => {
  const given = metadata['title'] ?? metadata['task'];
  return typeof given === 'string' ? given.replaceAll('\0', '').slice(0, 200) : '';
};

/** Making, finding, listing and removing sessions. */
export function createSessionBook(kit: SessionsKit, watchers: Watchers, purge: Purge) {
  const { db, clock, newId, config, transact, fanOut } = kit;
  const shown = (row: SessionRow): Session => sessionOf(row, watchers.count(row.session_id));

  const find = (sessionId: string): Promise<SessionRow | undefined> =>
    db.selectFrom('session').selectAll().where('session_id', '=', sessionId).executeTakeFirst();

  return {
    /** Raises `session_exists`, `too_many_sessions`. */
    async create(
      input: Partial<NewSession>,
      maker: Maker,
      process: ProcessIdentity | null = null,
    ): Promise<Session> {
      const { session_id, agent, ...given } = NewSession.parse(input);
      const { skills, metadata } = cleanData(kit.clean, given);
      const sessionId = session_id ?? newId('ses');
      await purge.finish(sessionId);
      const now = clock.now();
      const row: SessionRow = {
        session_id: sessionId,
        tenant: maker.tenant,
        owner_device_id: maker.deviceId,
        created_at: now,
        active_at: now,
        last_event_at: null,
        status: 'created',
        phase: 'idle',
        phase_reason: '',
        title: titleOf(metadata),
        skills: toJson(skills),
        metadata: toJson(metadata),
        progress: 0,
        current_skill: null,
        agent: agent === null ? null : toJson(agent),
        start_time: process?.startTime ?? null,
        cost_microusd: 0,
        tokens_input: 0,
        tokens_cached: 0,
        tokens_output: 0,
        head_seq: 0,
        trimmed_seq: 0,
        pending_decisions: 0,
      };
      const most = config().sessions.max_sessions;
      await transact(async (tx) => {
        const { count } = await tx.db
          .selectFrom('session')
          .select((select) => select.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
        if (count >= most)
          raise(
            fault(
              'conflict',
              'too_many_sessions',
              `There are ${most} sessions already (sessions.max_sessions).`,
            ),
          );
        const made = await tx.db
          .insertInto('session')
          .values(row)
          .onConflict((conflict) => conflict.column('session_id').doNothing())
          .returning('session_id')
          .executeTakeFirst();
        if (!made) raise(sessionExists(sessionId));
        await tx.say(sessionId, 'session:created', { session_id: sessionId, skills, metadata }, maker);
        tx.tell('session.created', maker.actor, sessionId, {
          session_id: sessionId,
          tenant: row.tenant,
          title: row.title,
          agent: agent?.name ?? null,
        });
      });
      return shown((await find(sessionId)) ?? row);
    },

    async get(sessionId: string): Promise<Session | null> {
      const row = await find(sessionId);
      return row ? shown(row) : null;
    },

    /** Most recently active first. `next`: the cursor of the next page, or null. */
    async list(filter: SessionFilter): Promise<{ sessions: Session[]; next: string | null }> {
      let query = db
        .selectFrom('session')
        .selectAll()
        .orderBy('active_at', 'desc')
        .orderBy('session_id', 'desc')
        .limit(filter.limit + 1);
      if (filter.tenant !== null) query = query.where('tenant', '=', filter.tenant);
      if (filter.owner !== undefined) query = query.where('owner_device_id', '=', filter.owner);
      if (filter.status?.length) query = query.where('status', 'in', [...filter.status]);
      if (filter.phase?.length) query = query.where('phase', 'in', [...filter.phase]);
      if (filter.agent !== undefined) {
        // The kind is the first field of the JSON that we wrote.
        query = query.where('agent', 'like', `{"kind":${JSON.stringify(filter.agent)},%`);
      }
      if (filter.waiting) query = query.where('pending_decisions', '>', 0);
      if (filter.text !== undefined && filter.text !== '') {
        const like = `%${filter.text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
        query = query.where(
          sql<boolean>`(lower(title) like ${like} escape '\\' or lower(session_id) like ${like} escape '\\')`,
        );
      }
      const at = cursorForm.exec(filter.cursor ?? '');
      if (at) {
        const active = Number(at[1]);
        query = query.where((where) =>
          where.or([
            where('active_at', '<', active),
            where.and([where('active_at', '=', active), where('session_id', '<', at[2] ?? '')]),
          ]),
        );
      }
      const rows = await query.execute();
      const page = rows.slice(0, filter.limit);
      const last = page.at(-1);
      return {
        sessions: page.map(shown),
        next: rows.length > page.length && last ? `${last.active_at}:${last.session_id}` : null,
      };
    },

    /** Raises `session_not_found`. Its log goes bit by bit afterwards. */
    async remove(sessionId: string, actor: string): Promise<void> {
      await transact(async (tx) => {
        const row = await tx.session(sessionId);
        for (const table of [
          'session_command',
          'session_decision',
          'session_lease',
          'session_checkpoint',
          'session',
        ] as const)
          await tx.db.deleteFrom(table).where('session_id', '=', sessionId).execute();
        await tx.db
          .insertInto('session_purge')
          .values({ session_id: sessionId })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        tx.tell('session.deleted', actor, sessionId, {
          session_id: sessionId,
          tenant: row.tenant,
          title: row.title,
          by: actor,
        });
      });
      fanOut.forget(sessionId);
      purge.start();
    },

    /** Who works on it now: its adapter tells. */
    async setAgent(sessionId: string, agent: SessionAgent, process: ProcessIdentity | null): Promise<void> {
      const shownAgent = cleanData(kit.clean, agent);
      await transact(async (tx) => {
        await tx.session(sessionId);
        await tx.db
          .updateTable('session')
          .set({ agent: toJson(SessionAgent.parse(shownAgent)), start_time: process?.startTime ?? null })
          .where('session_id', '=', sessionId)
          .execute();
        await tx.say(sessionId, 'session:attached', { agent: shownAgent }, { actor: 'system' });
      });
    },

    /** Sessions that have not ended. */
    async active(): Promise<number> {
      const { count } = await db
        .selectFrom('session')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('status', 'not in', ['completed', 'failed'])
        .executeTakeFirstOrThrow();
      return count;
    },
  };
}

export type SessionBook = ReturnType<typeof createSessionBook>;
