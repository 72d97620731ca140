import type { CiPattern, CiRun, FlakyTest, GithubHealth } from '@vigiles/contract';
import { detailOf } from './make-ci.ts';
import { makeRun } from './make-incidents.ts';

export interface CiWorld {
  runs: CiRun[];
  patterns: CiPattern[];
  flaky: FlakyTest[];
  health: GithubHealth;
}

/** What is known of GitHub, made up; undefined: another path, null: it is not there. */
export function answerCi(world: CiWorld, method: string, path: string, query: URLSearchParams): unknown {
  if (!path.startsWith('/api/v1/github/')) return undefined;
  if (path === '/api/v1/github/health') return world.health;
  if (path === '/api/v1/github/patterns') return { patterns: world.patterns };
  if (path === '/api/v1/github/flaky') return { tests: world.flaky };
  if (path === '/api/v1/github/runs') {
    const fits = (run: CiRun): boolean =>
      (['state', 'repository', 'workflow'] as const).every(
        (key) => !query.get(key) || run[key] === query.get(key),
      );
    const found = world.runs.filter(fits);
    const from = found.findIndex(({ id }) => id === query.get('cursor')) + 1;
    const page = found.slice(from, from + 100);
    return { runs: page, next: from + 100 < found.length ? (page.at(-1)?.id ?? null) : null };
  }
  const [, id = '', verb] = /^\/api\/v1\/github\/runs\/([^/]+)(\/retry)?$/.exec(path) ?? [];
  const run = world.runs.find((each) => each.id === id);
  if (!run) return null;
  if (!verb) return detailOf(run);
  if (method !== 'POST') return null;
  Object.assign(run, {
    state: 'running',
    attempt: run.attempt + 1,
    retries_used: run.retries_used + 1,
    finished_at: null,
    action: {
      kind: 'retry',
      state: 'asked',
      by_rule: 'person',
      reason: 'A person asked for it.',
      at: Date.now(),
      action_id: 'run_ci',
    },
  });
  return {
    run,
    action: makeRun('run_ci', {
      action: 'rerun_failed_jobs',
      target: `ci:${run.repository}/${run.id}`,
      actor: 'device:dev_browser',
      state: 'running',
      outcome: null,
      risk: 'reversible',
    }),
  };
}
