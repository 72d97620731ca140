import type { CiAttempt, FlakyTest } from '@vigiles/contract';
import { fromJson, toJson } from '../../../platform/store/index.ts';
import type { RunFacts } from '../core/run-facts.ts';
import { isFailure } from '../core/delivery.ts';
import type { Db } from './run-store.ts';

type Data = Pick<FlakyTest, 'last_commit' | 'last_line' | 'url'>;

/** What lies outside the code does not make a test flaky. */
const notTheTest = new Set(['infrastructure', 'rate_limit', 'permission', 'cancelled', 'out_of_memory']);

/** SQL of tests and jobs whose outcome differed without a change. */
export const flakyStore = {
  /** An attempt had failed, and the same commit passed since. */
  async flipped(db: Db, run: RunFacts, attempt: CiAttempt, now: number): Promise<void> {
    for (const job of attempt.jobs) {
      if (!isFailure(job.conclusion) || notTheTest.has(job.verdict?.kind ?? 'unknown')) continue;
      const key = {
        repository: run.repository,
        workflow: run.workflow,
        job: job.name.slice(0, 300),
        test: (job.failed_step?.name ?? 'the whole job').slice(0, 300),
      };
      const known = await db
        .selectFrom('ci_flaky')
        .select(['flips', 'failures'])
        .where((is) => is.and(key))
        .executeTakeFirst();
      const data: Data = {
        last_commit: run.commit,
        last_line: job.verdict?.line?.text ?? null,
        url: job.url || run.url,
      };
      const row = {
        flips: (known?.flips ?? 0) + 1,
        failures: (known?.failures ?? 0) + 1,
        last_at: now,
        data: toJson(data),
      };
      await db
        .insertInto('ci_flaky')
        .values({ ...key, ...row, first_at: now })
        .onConflict((conflict) =>
          conflict.columns(['repository', 'workflow', 'job', 'test']).doUpdateSet(row),
        )
        .execute();
    }
  },

  async list(db: Db, filter: { repository?: string | undefined; limit: number }): Promise<FlakyTest[]> {
    let query = db.selectFrom('ci_flaky').selectAll();
    if (filter.repository !== undefined) query = query.where('repository', '=', filter.repository);
    const rows = await query
      .orderBy('flips', 'desc')
      .orderBy('last_at', 'desc')
      .limit(filter.limit)
      .execute();
    return rows.map(({ data, ...row }) => Object.assign(row, fromJson<Data>(data)));
  },

  async prune(db: Db, before: number): Promise<void> {
    await db.deleteFrom('ci_flaky').where('last_at', '<', before).execute();
  },
};
