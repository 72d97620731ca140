import type { Kysely, Selectable } from 'kysely';
import type { CiAction, CiAttempt, CiRun, CiRunState, Verdict } from '@vigiles/contract';
import { fromJson, toJson } from '../../../platform/store/index.ts';
import type { RunFacts } from '../core/run-facts.ts';
import type { GithubTables } from '../tables.ts';

export type Db = Kysely<GithubTables>;

/** A run as it is kept, as of its newest attempt. */
export interface KeptRun {
  facts: RunFacts;
  state: CiRunState;
  finishedAt: number | null;
  verdict: Verdict | null;
  action: CiAction | null;
  /** Of all attempts after the first. */
  minutes: number;
}

/** An attempt as it is kept. */
export interface KeptAttempt {
  attempt: number;
  conclusion: string | null;
  kind: string | null;
  answer: CiAction['kind'] | null;
  healed: boolean;
  /** What triggered the run. */
  event: string;
  detail: CiAttempt;
}

const toRun = (row: Selectable<GithubTables['ci_run']>): KeptRun => ({
  ...fromJson<Omit<KeptRun, 'state' | 'finishedAt'>>(row.data),
  state: row.state as CiRunState,
  finishedAt: row.finished_at,
});

interface AttemptData {
  event: string;
  detail: CiAttempt;
}

function toAttempt(row: Selectable<GithubTables['ci_attempt']>): KeptAttempt {
  const { event, detail } = fromJson<AttemptData>(row.data);
  return {
    attempt: row.attempt,
    conclusion: row.conclusion,
    kind: row.kind,
    answer: row.answer as KeptAttempt['answer'],
    healed: row.healed > 0,
    event,
    // Rows of earlier versions say nothing of opinions.
    detail: { ...detail, opinion: detail.opinion ?? null, opinion_note: detail.opinion_note ?? null },
  };
}

export const toCiRun = ({ facts, ...run }: KeptRun, retriesUsed: number): CiRun => ({
  id: facts.id,
  repository: facts.repository,
  workflow: facts.workflow,
  branch: facts.branch,
  commit: facts.commit,
  attempt: facts.attempt,
  event: facts.event,
  url: facts.url,
  state: run.state,
  verdict: run.verdict,
  action: run.action,
  started_at: facts.startedAt,
  finished_at: run.finishedAt,
  retries_used: retriesUsed,
  minutes_spent: Math.round(run.minutes * 100) / 100,
});

export interface RunFilter {
  repository?: string | undefined;
  workflow?: string | undefined;
  branch?: string | undefined;
  state?: CiRunState | undefined;
  before?: { startedAt: number; id: string } | undefined;
  limit: number;
}

/** SQL of runs and their attempts. Each takes the connection, so that it can be part of a transaction. */
export const runStore = {
  async get(db: Db, id: string): Promise<KeptRun | null> {
    const row = await db.selectFrom('ci_run').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toRun(row) : null;
  },

  async save(db: Db, run: KeptRun): Promise<void> {
    const { facts, state, finishedAt, ...rest } = run;
    const row = {
      repository: facts.repository,
      workflow: facts.workflow,
      branch: facts.branch,
      head_sha: facts.commit,
      run_number: facts.number,
      attempt: facts.attempt,
      state,
      started_at: facts.startedAt,
      finished_at: finishedAt,
      data: toJson({ facts, ...rest }),
    };
    await db
      .insertInto('ci_run')
      .values({ id: facts.id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  },

  async list(db: Db, filter: RunFilter): Promise<KeptRun[]> {
    let query = db.selectFrom('ci_run').selectAll();
    const { repository, workflow, branch, state, before } = filter;
    if (repository !== undefined) query = query.where('repository', '=', repository);
    if (workflow !== undefined) query = query.where('workflow', '=', workflow);
    if (branch !== undefined) query = query.where('branch', '=', branch);
    if (state !== undefined) query = query.where('state', '=', state);
    if (before) {
      query = query.where((is) =>
        is.or([
          is('started_at', '<', before.startedAt),
          is.and([is('started_at', '=', before.startedAt), is('id', '<', before.id)]),
        ]),
      );
    }
    const rows = await query
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc')
      .limit(filter.limit)
      .execute();
    return rows.map(toRun);
  },

  /** Runs that were under way when last heard of, quiet ones first. */
  async running(db: Db, limit: number): Promise<KeptRun[]> {
    const rows = await db
      .selectFrom('ci_run')
      .selectAll()
      .where('state', '=', 'running')
      .orderBy('started_at')
      .limit(limit)
      .execute();
    return rows.map(toRun);
  },

  /** Whether a newer run of the same workflow and branch is known. */
  async isSuperseded(
    db: Db,
    { repository, workflow, branch, event, number, commit }: RunFacts,
  ): Promise<boolean> {
    const row = await db
      .selectFrom('ci_run')
      .select('data')
      .where('repository', '=', repository)
      .where('workflow', '=', workflow)
      .where('branch', '=', branch)
      .where('run_number', '>', number)
      .where('head_sha', '!=', commit)
      .limit(20)
      .execute();
    return row.some(({ data }) => fromJson<{ facts: RunFacts }>(data).facts.event === event);
  },

  async saveAttempt(db: Db, facts: RunFacts, kept: Omit<KeptAttempt, 'event'>): Promise<void> {
    const { detail, ...columns } = kept;
    const row = {
      repository: facts.repository,
      workflow: facts.workflow,
      head_sha: facts.commit,
      conclusion: columns.conclusion,
      kind: columns.kind,
      answer: columns.answer,
      healed: columns.healed ? 1 : 0,
      started_at: detail.started_at,
      finished_at: detail.finished_at,
      url: facts.url,
      data: toJson({ event: facts.event, detail } satisfies AttemptData),
    };
    await db
      .insertInto('ci_attempt')
      .values({ run_id: facts.id, attempt: kept.attempt, ...row })
      .onConflict((conflict) => conflict.columns(['run_id', 'attempt']).doUpdateSet(row))
      .execute();
  },

  async attempt(db: Db, runId: string, attempt: number): Promise<KeptAttempt | null> {
    const row = await db
      .selectFrom('ci_attempt')
      .selectAll()
      .where('run_id', '=', runId)
      .where('attempt', '=', attempt)
      .executeTakeFirst();
    return row ? toAttempt(row) : null;
  },

  async attempts(db: Db, runId: string): Promise<KeptAttempt[]> {
    const rows = await db
      .selectFrom('ci_attempt')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('attempt')
      .limit(100)
      .execute();
    return rows.map(toAttempt);
  },

  /** Attempts at the same commit by the same workflow and trigger, this run's and others'. */
  async sameCommit(
    db: Db,
    { repository, workflow, commit, event }: RunFacts,
  ): Promise<(KeptAttempt & { runId: string })[]> {
    const rows = await db
      .selectFrom('ci_attempt')
      .selectAll()
      .where('repository', '=', repository)
      .where('workflow', '=', workflow)
      .where('head_sha', '=', commit)
      .limit(100)
      .execute();
    return rows
      .map((row) => Object.assign(toAttempt(row), { runId: row.run_id }))
      .filter((attempt) => attempt.event === event);
  },

  async setHealed(db: Db, runId: string, attempt: number): Promise<void> {
    await db
      .updateTable('ci_attempt')
      .set({ healed: 1 })
      .where('run_id', '=', runId)
      .where('attempt', '=', attempt)
      .execute();
  },

  /** Forgets runs that began before, with their attempts. */
  async prune(db: Db, before: number): Promise<void> {
    const old = await db
      .selectFrom('ci_run')
      .select('id')
      .where('started_at', '<', before)
      .limit(500)
      .execute();
    const ids = old.map(({ id }) => id);
    if (ids.length === 0) return;
    await db.deleteFrom('ci_attempt').where('run_id', 'in', ids).execute();
    await db.deleteFrom('ci_retry').where('run_id', 'in', ids).execute();
    await db.deleteFrom('ci_run').where('id', 'in', ids).execute();
  },
};
