import { readdir } from 'node:fs/promises';
import type { CheckFacts } from '@vigiles/contract';
import type { Clock } from '../../../../kernel/clock.ts';
import {
  identityKey,
  readProcess,
  sameProcess,
  type ProcessIdentity,
} from '../../../../platform/process/index.ts';
import { createGrowth } from '../../core/growth.ts';
import type { ConfigOf } from '../define-check.ts';

const megabyte = 1_048_576;
const rounded = (value: number): number => Math.round(value * 10) / 10;

/** What a process uses: facts, null when it does not run, a sentence when we may not see it. */
export type Use = (subject: ProcessIdentity | null) => Promise<CheckFacts | string | null>;

export function prepareProcessUse(config: ConfigOf<'resource'>, clock: Clock): Use {
  const growth = createGrowth(config.growth_window_s * 1000);
  let before: { key: string; cpuMs: number; at: number } | null = null;

  return async (subject) => {
    const info = subject && readProcess(subject.pid);
    if (!info || !sameProcess(info.identity, subject)) return null;
    const at = clock.monotonic();
    const key = identityKey(info.identity);
    const earlier = before;
    // Another instance starts with an empty heap: its growth is its own.
    if (earlier?.key !== key) growth.reset();
    before = { key, cpuMs: info.cpuMs, at };
    const memory = info.rssBytes / megabyte;
    growth.add(at, memory);
    const facts: CheckFacts = { memory_mb: rounded(memory) };
    if (earlier?.key === key && at > earlier.at)
      facts['cpu_percent'] = rounded((100 * (info.cpuMs - earlier.cpuMs)) / (at - earlier.at));
    const perHour = growth.perHour();
    if (perHour !== null) facts['growth_mb_per_h'] = rounded(perHour);
    const files = await openFiles(info.identity.pid);
    if (files !== null) facts['fds'] = files;
    else if (config.max_open_files !== undefined) return 'Vigiles may not see its open files';
    return facts;
  };
}

/** Null where the system does not tell. */
async function openFiles(pid: number): Promise<number | null> {
  try {
    return (await readdir(`/proc/${pid}/fd`)).length;
  } catch {
    return null;
  }
}
