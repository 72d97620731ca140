import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionRun, GuardState, Incident } from '@vigiles/contract';
import { waitFor } from '../../harness/wait-for.ts';
import { guardAi } from './ai.ts';
import type { Guard } from './guard.ts';
import { runsOf } from '../watch.ts';
import { startWorld, type World, type WorldOptions } from '../world.ts';

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

const up = (world: World, name: string, ms = 60_000) =>
  waitFor(`${name} to be up`, async () => (await world.service(name)).state === 'UP', ms);

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

/** A success that does not last is none. */
async function recurrence(world: World): Promise<Guard[]> {
  const name = 'toy-leak';
  await kill(world, name);
  const first = await waitFor(
    'a restart that worked',
    async () => (await restartsOf(world, name)).find(({ outcome }) => outcome === 'fixed'),
    60_000,
  );
  await kill(world, name);
  const now = await waitFor(
    'another verdict about it',
    async () => {
      const run = await world.vigiles.api<ActionRun>(`/api/v1/actions/runs/${first.id}`);
      return run.outcome === 'fixed' ? null : run;
    },
    60_000,
  ).catch(() => first);
  await up(world, name);
  return [
    {
      guard: 'the same fault within ten minutes makes a success none',
      saw: `fixed, then ${now.outcome}`,
      held: now.outcome === 'not_fixed',
    },
  ];
}

/** What was tripped stays tripped when control is killed and started again. */
async function breakerAfterRestart(world: World): Promise<Guard[]> {
  const name = 'toy-crash';
  const guardOf = async () => {
    const { guards } = await world.vigiles.api<{ guards: GuardState[] }>(
      `/api/v1/actions/guards?target=${name}`,
    );
    return guards[0];
  };
  const before = await guardOf();
  await world.restart();
  const after = await guardOf();
  await sleep(8000);
  const restarts = (await restartsOf(world, name)).length;
  const open = (guard: GuardState | undefined) => (guard?.breaker_open_until === null ? 'closed' : 'open');
  return [
    {
      guard: 'a breaker outlives kill -9 of control',
      saw: `${open(before)} before, ${open(after)} after, ${restarts} restarts in all`,
      held: open(before) === 'open' && open(after) === 'open' && restarts === 3,
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
  const until = Date.now() + 600_000;
  await vigiles.api('/api/v1/maintenance', {
    method: 'POST',
    body: { services: ['toy-leak'], until, reason: 'a test' },
  });
  await waitFor('the window', async () => (await world.service('toy-leak')).state === 'MAINTENANCE');
  const since = Date.now();
  await kill(world, 'toy-leak');
  await sleep(8000);
  const stopped = await restartsOf(world, 'toy-port');
  const kept = (await restartsOf(world, 'toy-leak')).filter(({ created_at }) => created_at >= since);
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
    body: { action: 'run_script', target: 'bystander-one', params: { name: 'wipe' } },
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
  const begun = Date.now();
  for (const name of names) await up(world, name, 120_000);
  const mended = (Date.now() - begun) / 1000;
  return [
    { guard: 'a storm of 5 dead services: 3 restarts, not 5', saw: `${all} restarts`, held: all === 3 },
    {
      guard: 'half-open: one trial when its time is over, and all is well when that works',
      saw: `all of them up ${mended.toFixed(0)} s later`,
      held: true,
    },
  ];
}

const narrow = `  cooldown_s: [2, 4, 8]
  max_restarts: 3
  scripts: [{ name: wipe, command: ["/bin/true"], risk: destructive }]`;

/** Runs some of them in a world of their own. One that cannot be seen did not hold. */
async function inWorld(
  options: WorldOptions,
  holds: readonly ((world: World) => Promise<Guard[]>)[],
): Promise<Guard[]> {
  const world = await startWorld(options);
  const guards: Guard[] = [];
  try {
    for (const hold of holds)
      guards.push(
        ...(await hold(world).catch((thrown: unknown) => [
          { guard: hold.name, saw: String(thrown), held: false },
        ])),
      );
  } finally {
    await world.close();
  }
  return guards;
}

/** Puts each guard to the test on real processes. */
export async function holdGuards(): Promise<Guard[]> {
  return [
    ...(await inWorld({ watchdog: narrow }, [
      approval,
      vetoAndCancel,
      recurrence,
      handsOff,
      cooldownAndCap,
      breakerAfterRestart,
    ])),
    ...(await inWorld({ watchdog: '  half_open_after_s: 15', stormLimit: 3 }, [storm])),
    ...(await guardAi()),
  ];
}
