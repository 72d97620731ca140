import { setTimeout as sleep } from 'node:timers/promises';
import { runsOf } from './watch.ts';
import { bystanders, type World } from './world.ts';

/**
 * Lets everything be well for so many minutes, with turns that succeed and lines that only look like faults.
 * @returns whatever was done meanwhile: nothing, it must be.
 */
export async function quietRun(world: World, minutes: number): Promise<string[]> {
  const since = Date.now();
  const until = performance.now() + minutes * 60_000;
  const pids = new Map<string, number | null>();
  for (const name of ['gateway', ...bystanders]) pids.set(name, (await world.service(name)).pid);
  while (performance.now() < until) {
    await world.turns('well', 2);
    await world.turns('well', 1, { stream: true, tools: true });
    await sleep(1000);
  }
  const runs = (await runsOf(world.vigiles)).filter(({ created_at }) => created_at >= since);
  const replaced: string[] = [];
  for (const [name, pid] of pids)
    if ((await world.service(name)).pid !== pid) replaced.push(`${name} has another process`);
  return [...runs.map(({ action, target }) => `${action} on ${target}`), ...replaced];
}
