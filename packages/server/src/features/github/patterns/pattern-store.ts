import type { CiPattern, GithubConfig } from '@vigiles/contract';
import { VerdictKind } from '@vigiles/contract';
import { patternName } from '../core/pattern-name.ts';
import { countByDay, trendOf } from '../core/trend.ts';
import type { Db } from '../runs/run-store.ts';

const dayMs = 86_400_000;
/** So many failed attempts are counted at most. */
const most = 20_000;

/** How runs failed within the last days, by workflow and kind; the most frequent first. */
export async function listPatterns(
  db: Db,
  heal: GithubConfig['heal'],
  {
    now,
    days,
    repository,
    limit,
  }: { now: number; days: number; repository?: string | undefined; limit: number },
): Promise<CiPattern[]> {
  const since = now - days * dayMs;
  let query = db
    .selectFrom('ci_attempt')
    .select(['repository', 'workflow', 'kind', 'finished_at', 'url', 'answer', 'healed'])
    .where('kind', 'is not', null)
    .where('finished_at', '>=', since);
  if (repository !== undefined) query = query.where('repository', '=', repository);
  const rows = await query.orderBy('finished_at', 'desc').limit(most).execute();
  const groups = new Map<string, typeof rows>();
  for (const row of rows) {
    const key = JSON.stringify([row.repository, row.workflow, row.kind]);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const patterns = [...groups.values()].flatMap((group): CiPattern[] => {
    const [newest] = group;
    const kind = VerdictKind.safeParse(newest?.kind).data;
    if (!newest || !kind) return [];
    const times = group.map(({ finished_at }) => finished_at ?? 0);
    const counts = countByDay(times, now, days);
    const { workflow, repository: owner } = newest;
    const acted = (answer: string | null) => answer === 'retry' || answer === 'fix_script';
    const script = heal.fix_scripts.find(
      (one) =>
        one.kind === kind &&
        (one.workflow ?? workflow) === workflow &&
        (one.repository ?? owner).toLowerCase() === owner.toLowerCase(),
    );
    return [
      {
        pattern: patternName(workflow, kind),
        repository: owner,
        workflow,
        kind,
        count: group.length,
        first_at: Math.min(...times),
        last_at: Math.max(...times),
        url: newest.url,
        days: counts,
        trend: trendOf(counts),
        auto_fixed: group.filter(({ answer, healed }) => healed > 0 && acted(answer)).length,
        manual: group.filter(({ answer }) => answer === 'notify' || answer === 'agent').length,
        fix_script: script?.script ?? null,
      },
    ];
  });
  return patterns.toSorted((a, b) => b.count - a.count || b.last_at - a.last_at).slice(0, limit);
}

/** Failed attempts since then, and how many of them needed nobody. */
export async function countHealed(
  db: Db,
  since: number,
): Promise<{ failed: number; autoFixed: number; manual: number }> {
  const rows = await db
    .selectFrom('ci_attempt')
    .select(({ fn }) => ['answer', 'healed', fn.countAll<number>().as('count')])
    .where('kind', 'is not', null)
    .where('finished_at', '>=', since)
    .groupBy(['answer', 'healed'])
    .execute();
  const sum = (fits: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(fits).reduce((all, { count }) => all + count, 0);
  return {
    failed: sum(() => true),
    autoFixed: sum(({ answer, healed }) => healed > 0 && (answer === 'retry' || answer === 'fix_script')),
    manual: sum(({ answer }) => answer === 'notify' || answer === 'agent'),
  };
}
