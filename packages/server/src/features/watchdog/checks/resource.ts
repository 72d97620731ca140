import type { CheckFacts } from '@vigiles/contract';
import { defineCheck, local, type ConfigOf } from './define-check.ts';
import { cannotTell, unhealthy } from './failed-look.ts';
import { prepareHostUse } from './resource/host-use.ts';
import { prepareProcessUse } from './resource/process-use.ts';

/** What may be used at most, and what has to be left at least: each limit with the fact it is compared with. */
const limits = [
  { setting: 'max_memory_mb', fact: 'memory_mb', of: 'process', most: true, unit: ' MB of memory' },
  {
    setting: 'max_growth_mb_per_h',
    fact: 'growth_mb_per_h',
    of: 'process',
    most: true,
    unit: ' MB of growth an hour',
  },
  { setting: 'max_cpu_percent', fact: 'cpu_percent', of: 'both', most: true, unit: ' % of CPU' },
  { setting: 'max_open_files', fact: 'fds', of: 'process', most: true, unit: ' open files' },
  { setting: 'max_memory_percent', fact: 'memory_percent', of: 'host', most: true, unit: ' % of memory' },
  { setting: 'max_load_per_core', fact: 'load_per_core', of: 'host', most: true, unit: ' load a core' },
  { setting: 'min_disk_free_mb', fact: 'disk_free_mb', of: 'host', most: false, unit: ' MB of free disk' },
  {
    setting: 'min_disk_free_percent',
    fact: 'disk_free_percent',
    of: 'host',
    most: false,
    unit: ' % of free disk',
  },
  {
    setting: 'min_inodes_free_percent',
    fact: 'inodes_free_percent',
    of: 'host',
    most: false,
    unit: ' % of free inodes',
  },
] as const;

/** The first limit that is passed, in words. */
function problemOf(config: ConfigOf<'resource'>, facts: CheckFacts): string | null {
  for (const { setting, fact, of, most, unit } of limits) {
    const limit = config[setting];
    const value = facts[fact];
    if (limit === undefined || typeof value !== 'number' || (of !== 'both' && of !== config.of)) continue;
    if (most && value > limit) return `${value}${unit}, more than ${limit}`;
    if (!most && value < limit) return `${value}${unit}, less than ${limit}`;
  }
  return null;
}

export const check = defineCheck({
  type: 'resource',
  title: 'Resources',
  target: (config) => (config.of === 'host' ? 'this machine' : 'its process'),
  ...local,
  prepare(config, { clock, logFile }, { service }) {
    const use = config.of === 'host' ? prepareHostUse(config) : prepareProcessUse(config, clock);
    return {
      async look({ subject }) {
        const begun = clock.monotonic();
        const found = await use(subject);
        // Of a process that others start it is the check of the process that says whether it runs.
        if (found === null)
          return logFile(service) === null
            ? cannotTell('which process it is, is not known')
            : unhealthy('its process does not run');
        if (typeof found === 'string') return cannotTell(found);
        const problem = problemOf(config, found);
        if (problem !== null) return unhealthy(problem, found);
        return { ok: true, latencyMs: clock.monotonic() - begun, facts: found };
      },
    };
  },
});
