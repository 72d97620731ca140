import { Option } from 'commander';
import { integer, type Verbs } from './verb.ts';

/** How it all stands */
export function declareOverview({ asking }: Verbs): void {
  asking('status', 'everything at a glance').action(async (options) =>
    (await import('../verbs/show.ts')).showStatus(options),
  );
  asking('services', 'what is watched, and how it is').action(async (options) =>
    (await import('../verbs/show.ts')).showServices(options),
  );
  asking('incidents', 'what happened, and what was done')
    .option('--all', 'not only the newest')
    .action(async (options) => (await import('../verbs/show.ts')).showIncidents(options));
  asking('health', 'ends with 4 when something that matters does not work').action(async (options) =>
    (await import('../verbs/show.ts')).showHealth(options),
  );
  asking('config', 'the configuration in force').action(async (options) =>
    (await import('../verbs/show.ts')).showConfig(options),
  );
  asking('reload', 'read vigiles.yaml again').action(async (options) =>
    (await import('../verbs/reload.ts')).reload(options),
  );
  asking('mark <title>', 'a deploy or another moment, marked on the charts')
    .option('--service <name>', 'the service it is about')
    .action(async (title, options) => (await import('../verbs/mark.ts')).markVerb(title, options));
  asking('logs', 'the end of the logs')
    .option('-n, --lines <number>', 'how many', integer(1, 1000), 50)
    .addOption(
      new Option('-l, --level <level>', 'this one and what is more serious').choices([
        'debug',
        'info',
        'warn',
        'error',
      ]),
    )
    .option('-c, --category <names>', 'sessions, github, audit, gateway, session-commands …; with commas')
    .option('-t, --text <text>', 'only lines with it')
    .option('-s, --since <moment>', '15m, 2h, 3d, 14:30 or a date')
    .option('-f, --follow', 'and what comes next')
    .action(async (options) => (await import('../verbs/logs.ts')).logs(options));
  asking('sign-in', 'a fresh link for one browser; ten minutes, one use').action(async (options) =>
    (await import('../verbs/sign-in.ts')).signIn(options),
  );
}
