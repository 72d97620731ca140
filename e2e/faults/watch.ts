import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionRun, Incident } from '@vigiles/contract';
import type { Vigiles } from '../harness/vigiles.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { FaultCase } from './fault-case.ts';
import type { World } from './world.ts';

/** What was seen of one fault, times in milliseconds after it was made to happen. */
export interface Seen {
  detectedMs: number;
  tier: number | null;
  actions: string[];
  outcome: string;
  verifiedMs: number | null;
  /** What was done to anything else because of it. */
  wrong: string[];
}

const incidentsOf = async (vigiles: Vigiles): Promise<Incident[]> =>
  (await vigiles.api<{ incidents: Incident[] }>('/api/v1/incidents?limit=200')).incidents;

export const runsOf = async (vigiles: Vigiles): Promise<ActionRun[]> =>
  (await vigiles.api<{ runs: ActionRun[] }>('/api/v1/actions/runs?limit=200')).runs;

const isOver = ({ state }: Incident): boolean => state === 'closed' || state === 'needs_person';

/** Whether a target is the one meant: `*` is any text, `~` the home folder. */
export const isMeant = (pattern: string, target: string, home: string): boolean => {
  const [start = '', end] = pattern.replace('~', home).split('*');
  return end === undefined ? target === start : target.startsWith(start) && target.endsWith(end);
};

/** Waits until the fault is an incident, then until it is over, and says how it went. */
export async function watchFault(
  { vigiles, folder }: Pick<World, 'vigiles' | 'folder'>,
  wanted: FaultCase,
  target: string,
  since: number,
): Promise<Seen> {
  const isOf = (one: Incident) => one.fault_id === wanted.fault && isMeant(target, one.target, folder);
  const fresh = ({ opened_at, timeline }: Incident) =>
    opened_at >= since || (timeline.at(-1)?.ts ?? 0) >= since;
  const found = await waitFor(
    `${wanted.fault} on ${target}`,
    async () => (await incidentsOf(vigiles)).find((one) => isOf(one) && fresh(one)) ?? null,
    (wanted.withinS ?? 30) * 1000,
  ).catch(async (thrown: unknown) => {
    const there = (await incidentsOf(vigiles)).filter(fresh);
    const list = there.map((one) => `${one.fault_id} ${one.target}: ${one.title}`).join('\n');
    throw new Error(`${String(thrown)}\nincidents instead:\n${list || 'none'}`, { cause: thrown });
  });
  const mineOf = async () =>
    (await runsOf(vigiles)).filter(
      ({ created_at, incident_id }) => created_at >= since && incident_id === found.id,
    );
  if (wanted.ends === 'noted') {
    await waitFor(`the decision about ${wanted.fault} on ${target}`, async () =>
      (await mineOf()).some(({ action, state }) => action === wanted.action && state === 'finished'),
    );
    // Long enough for whoever would do more than that.
    await sleep(15_000);
  }
  const ended = await waitFor(
    `the end of ${wanted.fault} on ${target}`,
    async () => {
      const now = await vigiles.api<Incident>(`/api/v1/incidents/${found.id}`);
      return wanted.ends === 'noted' || isOver(now) ? now : null;
    },
    660_000,
  );
  const cause = ended.timeline.find(({ kind, ts }) => kind === 'cause' && ts >= since);
  const decision = ended.timeline.find(({ kind, ts }) => kind === 'decision' && ts >= since);
  const mine = await mineOf();
  const allowed = (one: string) =>
    [target, ...(wanted.actsOn ?? [])].some((pattern) => isMeant(pattern, one, folder));
  return {
    detectedMs: (cause?.ts ?? ended.opened_at) - since,
    tier: decision?.tier ?? null,
    actions: mine.toReversed().map(({ action }) => action),
    outcome: ended.state === 'needs_person' ? 'needs_person' : (ended.outcome ?? ended.state),
    verifiedMs: ended.closed_at === null ? null : ended.closed_at - since,
    wrong: mine.filter((run) => !allowed(run.target)).map((run) => `${run.action} on ${run.target}`),
  };
}
