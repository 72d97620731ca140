import type { ActionRun, Incident } from '@vigiles/contract';
import type { Vigiles } from '../harness/vigiles.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { FaultCase } from './fault-case.ts';

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

const isOf = (incident: Incident, { fault, target }: FaultCase): boolean =>
  incident.fault_id === fault && incident.target === target;

/** Waits until the fault is an incident, then until it is over, and says how it went. */
export async function watchFault(vigiles: Vigiles, wanted: FaultCase, since: number): Promise<Seen> {
  const fresh = ({ opened_at, timeline }: Incident) =>
    opened_at >= since || (timeline.at(-1)?.ts ?? 0) >= since;
  const found = await waitFor(
    `${wanted.fault} on ${wanted.target}`,
    async () => (await incidentsOf(vigiles)).find((one) => isOf(one, wanted) && fresh(one)) ?? null,
    (wanted.withinS ?? 30) * 1000,
  ).catch(async (thrown: unknown) => {
    const there = (await incidentsOf(vigiles)).filter(fresh);
    const list = there.map((one) => `${one.fault_id} ${one.target}: ${one.title}`).join('\n');
    throw new Error(`${String(thrown)}\nincidents instead:\n${list || 'none'}`, { cause: thrown });
  });
  const ended = await waitFor(
    `the end of ${wanted.fault} on ${wanted.target}`,
    async () => {
      const now = await vigiles.api<Incident>(`/api/v1/incidents/${found.id}`);
      return isOver(now) ? now : null;
    },
    600_000,
  );
  const cause = ended.timeline.find(({ kind, ts }) => kind === 'cause' && ts >= since);
  const decision = ended.timeline.find(({ kind, ts }) => kind === 'decision' && ts >= since);
  const runs = (await runsOf(vigiles)).filter(({ created_at }) => created_at >= since);
  const mine = runs.filter(({ incident_id }) => incident_id === ended.id);
  const allowed = new Set([wanted.target, ...(wanted.actsOn ?? [])]);
  return {
    detectedMs: (cause?.ts ?? ended.opened_at) - since,
    tier: decision?.tier ?? null,
    actions: mine.toReversed().map(({ action }) => action),
    outcome: ended.state === 'needs_person' ? 'needs_person' : (ended.outcome ?? 'unknown'),
    verifiedMs: ended.closed_at === null ? null : ended.closed_at - since,
    wrong: mine
      .filter(({ target }) => !allowed.has(target))
      .map(({ action, target }) => `${action} on ${target}`),
  };
}
