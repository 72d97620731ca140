import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionRun } from '@vigiles/contract';
import { runsOf } from './watch.ts';
import { bystanders, type World } from './world.ts';

/**
 * Vigiles watches every Codex of this user. One that somebody else runs, and that really dies in these minutes, has nothing to
 * do with this world: what is known of it names no file of its folder.
 */
export async function isOfSomebodyElse(
  { vigiles, folder }: World,
  { target, incident_id }: ActionRun,
): Promise<boolean> {
  if (!target.startsWith('agent:') || incident_id === null) return false;
  return !JSON.stringify(await vigiles.api(`/api/v1/incidents/${incident_id}`)).includes(folder);
}

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
  const ours: ActionRun[] = [];
  for (const run of runs) {
    if (await isOfSomebodyElse(world, run))
      console.error(`not of this world: ${run.action} on ${run.target}`);
    else ours.push(run);
  }
  const replaced: string[] = [];
  for (const [name, pid] of pids)
    if ((await world.service(name)).pid !== pid) replaced.push(`${name} has another process`);
  return [...ours.map(({ action, target }) => `${action} on ${target}`), ...replaced];
}
