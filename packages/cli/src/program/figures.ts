import { Option } from 'commander';
import type { Verbs } from './verb.ts';

/** `metrics`, `usage`, `quotas` */
export function declareFigures({ asking }: Verbs): void {
  asking('metrics [text]', 'figures about Vigiles itself; only those with this text')
    .option('--raw', 'as Prometheus reads them')
    .action(async (text, options) => (await import('../verbs/metrics.ts')).metricsVerb(text, options));
  asking('usage', 'what model traffic cost, and what is left of the budgets')
    .addOption(
      new Option('--by <what>', 'summed by it')
        .choices(['model', 'provider', 'device', 'session', 'workspace', 'hour', 'day'])
        .default('model'),
    )
    .option('-s, --since <moment>', '24h, 7d, or a date', '24h')
    .action(async (options) => (await import('../verbs/usage.ts')).usageVerb(options));
  asking('quotas [device]', 'what each device used of its quotas, and what is left').action(
    async (device, options) => (await import('../verbs/quotas.ts')).quotasVerb(device, options),
  );
}
