import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionRun, Incident } from '@vigiles/contract';
import { waitFor } from '../harness/wait-for.ts';
import { runsOf } from './watch.ts';
import { startWorld, type World } from './world.ts';

/** A guard of the action runner, put to the test. */
export interface Guard {
  guard: string;
  saw: string;
  held: boolean;
}

const restartsOf = async ({ vigiles }: World, target: string): Promise<ActionRun[]> =>
  (await runsOf(vigiles))
    .filter((run) => run.target === target && run.action === 'restart_service' && run.started_at !== null)
    .toReversed();

const kill = async ({ service }: World, name: string): Promise<void> => {
  const { pid } = await waitFor(`${name} to run`, async () => {
    const found = await service(name);
    return found.pid === null ? null : found;
  });
  process.kill(pid ?? 0, 'SIGKILL');
};

const up = (world: World, name: string) =>
  waitFor(`${name} to be up`, async () => (await world.service(name)).state === 'UP', 60_000);

async function cooldownAndCap(world: World): Promise<Guard[]> {
  const name = 'toy-crash';
  // Whenever it is up it is killed: nothing that is done to it helps for long.
  const until = performance.now() + 45_000;
  while (performance.now() < until) {
    const { state, pid } = await world.service(name);
    if (state === 'UP' && pid !== null) process.kill(pid, 'SIGKILL');
    await sleep(100);
  }
  const restarts = await restartsOf(world, name);
  const gaps = restarts
    .slice(1)
    .map((run, at) => ((run.started_at ?? 0) - (restarts[at]?.started_at ?? 0)) / 1000);
  const { incidents } = await world.vigiles.api<{ incidents: Incident[] }>(
    `/api/v1/incidents?service=${name}`,
  );
  const told = incidents.some(({ state }) => state === 'needs_person');
  return [
    {
      guard: 'waits of 2, 4, 8 s between attempts',
      saw: `gaps of ${gaps.map((gap) => gap.toFixed(1)).join(', ')} s`,
      held: gaps.length >= 2 && gaps.every((gap, at) => gap >= ([2, 4, 8][at] ?? 8) - 0.1),
    },
    {
      guard: 'no more than 3 restarts in the window, then a person',
      saw: `${restarts.length} restarts, ${told ? 'a person was told' : 'nobody was told'}`,
      held: restarts.length === 3 && told,
    },
  ];
}

async function vetoAndCancel(world: World): Promise<Guard[]> {
  const { vigiles } = world;
  const before = (await world.service('toy-hang')).pid;
  process.kill(before ?? 0, 'SIGSTOP');
  const run = await waitFor(
    'a restart that waits for its veto',
    async () =>
      (await runsOf(vigiles)).find(({ target, state }) => target === 'toy-hang' && state === 'vetoing'),
    60_000,
  );
  await vigiles.api(`/api/v1/actions/runs/${run.id}/cancel`, { method: 'POST' });
  const ended = await waitFor('the cancelled run', async () => {
    const now = await vigiles.api<ActionRun>(`/api/v1/actions/runs/${run.id}`);
    return now.state === 'finished' ? now : null;
  });
  const after = (await world.service('toy-hang')).pid;
  process.kill(before ?? 0, 'SIGCONT');
  const veto = ((run.veto_until ?? 0) - run.created_at) / 1000;
  return [
    { guard: 'a veto of 3 s before what disrupts', saw: `${veto.toFixed(1)} s`, held: veto >= 3 },
    {
      guard: 'a cancelled action does nothing',
      saw: `${ended.outcome}, ${after === before ? 'the same process' : 'another process'}`,
      held: ended.outcome === 'cancelled' && after === before,
    },
  ];
}

async function handsOff(world: World): Promise<Guard[]> {
  const { vigiles } = world;
  await vigiles.api('/api/v1/services/toy-port/stop', { method: 'POST' });
  await waitFor('the stop', async () => (await world.service('toy-port')).state === 'STOPPED_BY_USER');
  const until = new Date(Date.now() + 600_000).toISOString();
  await vigiles.api('/api/v1/maintenance', {
    method: 'POST',
    body: { services: ['toy-leak'], until, reason: 'a test' },
  });
  await waitFor('the window', async () => (await world.service('toy-leak')).state === 'MAINTENANCE');
  await kill(world, 'toy-leak');
  await sleep(8000);
  const stopped = await restartsOf(world, 'toy-port');
  const kept = await restartsOf(world, 'toy-leak');
  return [
    {
      guard: 'what a person stopped stays stopped',
      saw: `${stopped.length} restarts`,
      held: stopped.length === 0,
    },
    { guard: 'nothing is done in maintenance', saw: `${kept.length} restarts`, held: kept.length === 0 },
  ];
}

async function approval(world: World): Promise<Guard[]> {
  const { vigiles } = world;
  const run = await vigiles.api<ActionRun>('/api/v1/actions/run', {
    method: 'POST',
    body: { action: 'run_script', target: 'bystander-one', params: { script: 'wipe' } },
  });
  await sleep(4000);
  const now = await vigiles.api<ActionRun>(`/api/v1/actions/runs/${run.id}`);
  await vigiles.api(`/api/v1/actions/runs/${run.id}/cancel`, { method: 'POST' });
  return [
    {
      guard: 'what destroys waits for an approval',
      saw: now.state,
      held: now.state === 'awaiting_approval' && now.started_at === null,
    },
  ];
}

async function storm(world: World): Promise<Guard[]> {
  const names = ['toy-port', 'toy-leak', 'toy-hang', 'toy-crash', 'bystander-one'];
  for (const name of names) await up(world, name);
  await Promise.all(names.map((name) => kill(world, name)));
  await sleep(10_000);
  const counts = await Promise.all(names.map(async (name) => (await restartsOf(world, name)).length));
  const all = counts.reduce((sum, count) => sum + count, 0);
  return [
    { guard: 'a storm of 5 dead services: 3 restarts, not 5', saw: `${all} restarts`, held: all === 3 },
  ];
}

const narrow = `  cooldown_s: [2, 4, 8]
  max_restarts: 3
  scripts: [{ name: wipe, command: ["/bin/true"], risk: destructive }]`;

/** Puts each guard to the test on real processes. */
export async function holdGuards(): Promise<Guard[]> {
  const one = await startWorld({ watchdog: narrow });
  const guards: Guard[] = [];
  try {
    for (const hold of [approval, vetoAndCancel, handsOff, cooldownAndCap]) guards.push(...(await hold(one)));
  } finally {
    await one.close();
  }
  const other = await startWorld({ watchdog: '', stormLimit: 3 });
  try {
    guards.push(...(await storm(other)));
  } finally {
    await other.close();
  }
  return guards;
}
