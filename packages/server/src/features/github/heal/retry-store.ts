import type { Selectable } from 'kysely';
import type { CiRetry } from '@vigiles/contract';
import { fromJson, toJson } from '../../../platform/store/index.ts';
import type { RunFacts } from '../core/run-facts.ts';
import type { Db } from '../runs/run-store.ts';
import type { GithubTables } from '../tables.ts';

/** A re-run or a script that was decided on: on disk before it is asked for, so that limits outlive a restart. */
export interface KeptRetry extends CiRetry {
  runId: string;
  kind: 'retry' | 'fix_script';
  repository: string;
  workflow: string;
  commit: string;
  nextAt: number;
  /** Name of the script. */
  script: string | null;
  /** Re-run the failed jobs when the script ended well. */
  thenRetry: boolean;
  /** The control that asks for it, while it waits. */
  owner: string | null;
}

type Data = Pick<KeptRetry, 'reason' | 'minutes' | 'action_id' | 'message' | 'script' | 'thenRetry'>;

const dataOf = ({ reason, minutes, action_id, message, script, thenRetry }: KeptRetry): string =>
  toJson({ reason, minutes, action_id, message, script, thenRetry } satisfies Data);

const toKept = (row: Selectable<GithubTables['ci_retry']>): KeptRetry => ({
  ...fromJson<Data>(row.data),
  id: row.id,
  runId: row.run_id,
  attempt: row.attempt,
  kind: row.kind as KeptRetry['kind'],
  repository: row.repository,
  workflow: row.workflow,
  commit: row.head_sha,
  by: row.by_actor,
  state: row.state as KeptRetry['state'],
  asked_at: row.asked_at,
  nextAt: row.next_at,
  settled_at: row.settled_at,
  owner: row.owner,
});

export const toCiRetry = ({
  id,
  attempt,
  by,
  reason,
  state,
  asked_at,
  settled_at,
  minutes,
  action_id,
  message,
}: KeptRetry): CiRetry => ({
  id,
  attempt,
  by,
  reason,
  state,
  asked_at,
  settled_at,
  minutes,
  action_id,
  message,
});

const open = ['waiting', 'asked'];

/** SQL of re-runs. */
export const retryStore = {
  /** False: there is one for this attempt already. */
  async add(db: Db, retry: KeptRetry): Promise<boolean> {
    const done = await db
      .insertInto('ci_retry')
      .values({
        id: retry.id,
        run_id: retry.runId,
        attempt: retry.attempt,
        kind: retry.kind,
        repository: retry.repository,
        workflow: retry.workflow,
        head_sha: retry.commit,
        by_actor: retry.by,
        state: retry.state,
        asked_at: retry.asked_at,
        next_at: retry.nextAt,
        settled_at: retry.settled_at,
        owner: retry.owner,
        data: dataOf(retry),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
  },

  async change(db: Db, retry: KeptRetry): Promise<void> {
    await db
      .updateTable('ci_retry')
      .set({
        state: retry.state,
        next_at: retry.nextAt,
        settled_at: retry.settled_at,
        owner: retry.owner,
        data: dataOf(retry),
      })
      .where('id', '=', retry.id)
      .execute();
  },

  /** Notes of one that waits until when it goes on waiting; false: it was settled meanwhile, and stays so. */
  async rest(db: Db, retry: KeptRetry): Promise<boolean> {
    const noted = await db
      .updateTable('ci_retry')
      .set({
        next_at: retry.nextAt,
        owner: retry.owner,
        data: dataOf(retry),
      })
      .where('id', '=', retry.id)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    return noted.numUpdatedRows > 0n;
  },

  /** Takes one that is due until then; null: another control has it, or it waits no more. */
  async claim(db: Db, retry: KeptRetry, until: number, owner: string): Promise<KeptRetry | null> {
    const taken = await db
      .updateTable('ci_retry')
      .set({ next_at: until, owner })
      .where('id', '=', retry.id)
      .where('state', '=', 'waiting')
      .where('next_at', '=', retry.nextAt)
      .executeTakeFirst();
    return taken.numUpdatedRows > 0n ? { ...retry, nextAt: until, owner } : null;
  },

  /** What was asked for by controls that are gone is to be asked for again; what rests goes on resting. */
  async free(db: Db, now: number, isGone: (owner: string) => boolean): Promise<boolean> {
    const held = await db
      .selectFrom('ci_retry')
      .select('owner')
      .distinct()
      .where('state', '=', 'waiting')
      .where('owner', 'is not', null)
      .execute();
    const gone = held.flatMap(({ owner }) => (owner !== null && isGone(owner) ? [owner] : []));
    if (gone.length === 0) return false;
    const freed = await db
      .updateTable('ci_retry')
      .set({ next_at: now, owner: null })
      .where('state', '=', 'waiting')
      .where('owner', 'in', gone)
      .executeTakeFirst();
    return freed.numUpdatedRows > 0n;
  },

  async get(db: Db, id: string): Promise<KeptRetry | null> {
    const row = await db.selectFrom('ci_retry').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toKept(row) : null;
  },

  async ofRun(db: Db, runId: string): Promise<KeptRetry[]> {
    const rows = await db
      .selectFrom('ci_retry')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('asked_at')
      .limit(200)
      .execute();
    return rows.map(toKept);
  },

  /** Re-runs of a commit and workflow; what GitHub refused does not count. */
  async used(
    db: Db,
    { repository, workflow, commit }: Pick<RunFacts, 'repository' | 'workflow' | 'commit'>,
  ): Promise<number> {
    const row = await db
      .selectFrom('ci_retry')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('repository', '=', repository)
      .where('workflow', '=', workflow)
      .where('head_sha', '=', commit)
      .where('kind', '=', 'retry')
      .where('state', '!=', 'refused')
      .executeTakeFirstOrThrow();
    return row.count;
  },

  /** Of several runs at once, in one question. */
  async usedOf(
    db: Db,
    runs: readonly Pick<RunFacts, 'repository' | 'workflow' | 'commit'>[],
  ): Promise<(run: Pick<RunFacts, 'repository' | 'workflow' | 'commit'>) => number> {
    const commits = [...new Set(runs.map(({ commit }) => commit))];
    const keyOf = (...parts: string[]) => JSON.stringify(parts);
    const rows =
      commits.length === 0
        ? []
        : await db
            .selectFrom('ci_retry')
            .select(({ fn }) => ['repository', 'workflow', 'head_sha', fn.countAll<number>().as('count')])
            .where('head_sha', 'in', commits)
            .where('kind', '=', 'retry')
            .where('state', '!=', 'refused')
            .groupBy(['repository', 'workflow', 'head_sha'])
            .execute();
    const counts = new Map(rows.map((row) => [keyOf(row.repository, row.workflow, row.head_sha), row.count]));
    return ({ repository, workflow, commit }) => counts.get(keyOf(repository, workflow, commit)) ?? 0;
  },

  /** Re-runs by Vigiles itself in all repositories since then. */
  async since(db: Db, at: number): Promise<number> {
    const row = await db
      .selectFrom('ci_retry')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('asked_at', '>=', at)
      .where('kind', '=', 'retry')
      .where('by_actor', '=', 'ci')
      .where('state', '!=', 'refused')
      .executeTakeFirstOrThrow();
    return row.count;
  },

  /** What is to be asked for now. */
  async due(db: Db, now: number, limit: number): Promise<KeptRetry[]> {
    const rows = await db
      .selectFrom('ci_retry')
      .selectAll()
      .where('state', '=', 'waiting')
      .where('next_at', '<=', now)
      .orderBy('asked_at')
      .limit(limit)
      .execute();
    return rows.map(toKept);
  },

  /** When the next one is due; null: none waits. */
  async nextAt(db: Db): Promise<number | null> {
    const row = await db
      .selectFrom('ci_retry')
      .select(({ fn }) => fn.min('next_at').as('at'))
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    return row?.at ?? null;
  },

  /** What is waited for: asked or to be asked. */
  async open(db: Db, limit: number): Promise<KeptRetry[]> {
    const rows = await db
      .selectFrom('ci_retry')
      .selectAll()
      .where('state', 'in', open)
      .orderBy('asked_at')
      .limit(limit)
      .execute();
    return rows.map(toKept);
  },

  async totals(db: Db, since: number): Promise<{ retries: number; minutes: number }> {
    const rows = await db
      .selectFrom('ci_retry')
      .select(['data', 'state'])
      .where('asked_at', '>=', since)
      .where('kind', '=', 'retry')
      .orderBy('asked_at', 'desc')
      .limit(5000)
      .execute();
    const counted = rows.filter(({ state }) => state !== 'refused');
    const minutes = counted.reduce((sum, { data }) => sum + fromJson<Data>(data).minutes, 0);
    return { retries: counted.length, minutes: Math.round(minutes * 100) / 100 };
  },
};
