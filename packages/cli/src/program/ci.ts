import { Argument } from 'commander';
import { integer, type Verbs } from './verb.ts';

/** `github …`, `retry` */
export function declareCi({ asking, group }: Verbs): void {
  const github = group('github', 'runs of GitHub Actions: how they ended, why, and what was done').alias(
    'workflows',
  );
  asking('list', 'the last runs and the patterns of failures', github)
    .option('-n, --limit <number>', 'how many', integer(1, 100), 10)
    .action(async (options) => (await import('../verbs/github.ts')).listRunsVerb(options));
  asking('show <ci-run>', 'one run: its verdict with the line, attempts and re-runs', github).action(
    async (id, options) => (await import('../verbs/github.ts')).showCiRunVerb(id, options),
  );
  asking('patterns', 'what fails how often, and whether it gets more', github).action(async (options) =>
    (await import('../verbs/github.ts')).listPatternsVerb(options),
  );
  asking('flaky', 'jobs and tests that fail and pass on the same commit', github).action(async (options) =>
    (await import('../verbs/github.ts')).listFlakyVerb(options),
  );
  asking('health', 'whether GitHub reaches Vigiles, and Vigiles GitHub', github).action(async (options) =>
    (await import('../verbs/github.ts')).showGithubHealthVerb(options),
  );
  asking('sync', 'pull or push the working copy: fast-forward only', github)
    .addArgument(new Argument('<action>').choices(['pull', 'push']))
    .option('--dry-run', 'say what it would do, and do nothing')
    .action(async (action, options) => (await import('../verbs/github.ts')).syncVerb(action, options));
  asking('retry <ci-run>', 'run the failed jobs of a run again')
    .option('--reason <text>', 'why; kept with the run', 'asked for by a person')
    .action(async (id, options) => (await import('../verbs/github.ts')).retryVerb(id, options));
}
