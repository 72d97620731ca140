import type { Delivery, NoticePhase, NoticeSeverity } from '@vigiles/contract';
import type { Quiet } from './quiet.ts';

/** A delivery that waits, with what its notice says. */
export interface Waiting {
  id: string;
  role: Delivery['role'];
  phase: NoticePhase;
  severity: NoticeSeverity;
  incidentId: string | null;
  createdAt: number;
  nextAt: number;
}

export interface BatchRules {
  now: number;
  summaryAbove: number;
  /** It follows incidents by a key of its own: each step of each incident for itself, never a summary. */
  tracks: boolean;
  /** Incidents of which something was delivered already. */
  told: ReadonlySet<string>;
  quiet(critical: boolean): Quiet | null;
}

/** What is done with deliveries that wait for one channel. */
export interface Batch {
  /** Each entry is one message; more than one delivery in it is a summary. */
  send: string[][];
  hold: { id: string; until: number; reason: string }[];
  drop: { id: string; reason: string }[];
}

/** Later steps of a story stand for the earlier ones. */
const order: Record<NoticePhase, number> = {
  single: 0,
  opened: 1,
  needs_person: 2,
  acknowledged: 3,
  resolved: 4,
};

/** Decides about everything that waits for a channel: held in quiet hours, folded per incident, summed up in a storm. */
export function decideBatch(waiting: readonly Waiting[], rules: BatchRules): Batch {
  const batch: Batch = { send: [], hold: [], drop: [] };
  const due = waiting.filter(({ nextAt }) => nextAt <= rules.now);
  const dueIncidents = new Set(due.flatMap(({ incidentId }) => incidentId ?? []));
  // What belongs to an incident that is due comes along: it is told once, as it stands.
  const along = waiting.filter(
    ({ nextAt, incidentId, role }) =>
      nextAt > rules.now && role === 'first' && incidentId !== null && dueIncidents.has(incidentId),
  );
  const awake: Waiting[] = [];
  for (const each of [...due, ...along]) {
    const quiet = each.role === 'test' ? null : rules.quiet(each.severity === 'critical');
    if (!quiet) awake.push(each);
    else if (quiet.otherwise === 'drop') batch.drop.push({ id: each.id, reason: 'quiet hours' });
    else batch.hold.push({ id: each.id, until: quiet.until, reason: 'quiet hours' });
  }
  const kept = rules.tracks ? keepTracked(awake, rules.told, batch) : keepLatest(awake, batch);
  const tests = kept.filter(({ role }) => role === 'test');
  const rest = kept.filter(({ role }) => role !== 'test');
  batch.send.push(...tests.map(({ id }) => [id]));
  if (!rules.tracks && rest.length > rules.summaryAbove) batch.send.push(rest.map(({ id }) => id));
  else batch.send.push(...rest.map(({ id }) => [id]));
  return batch;
}

const byStory = (a: Waiting, b: Waiting): number =>
  a.createdAt - b.createdAt || order[a.phase] - order[b.phase] || (a.id < b.id ? -1 : 1);

/** Of each incident the last step only. */
function keepLatest(awake: readonly Waiting[], batch: Batch): Waiting[] {
  const kept: Waiting[] = [];
  const latest = new Map<string, Waiting>();
  const sorted = awake.toSorted(byStory);
  for (const each of sorted) if (each.incidentId !== null) latest.set(each.incidentId, each);
  for (const each of sorted) {
    if (each.incidentId === null || latest.get(each.incidentId) === each) kept.push(each);
    else batch.drop.push({ id: each.id, reason: 'told with what came after it' });
  }
  return kept;
}

/** Each step in order; of an incident that is over before it was told, nothing. */
function keepTracked(awake: readonly Waiting[], told: ReadonlySet<string>, batch: Batch): Waiting[] {
  const sorted = awake.toSorted(byStory);
  const over = new Set(
    sorted.flatMap(({ incidentId, phase }) =>
      incidentId !== null && phase === 'resolved' && !told.has(incidentId) ? [incidentId] : [],
    ),
  );
  const kept: Waiting[] = [];
  for (const each of sorted) {
    if (each.incidentId !== null && over.has(each.incidentId)) {
      batch.drop.push({ id: each.id, reason: 'over before it was told' });
    } else kept.push(each);
  }
  return kept;
}
