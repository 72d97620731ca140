// What waits for a person, for every place that lists it.
import type { ActionRun } from './action.ts';
import type { CiRun } from './ci-run.ts';
import type { Incident } from './incident.ts';

/** Actions that a person may still stop, or has to allow. */
export const waitsForPerson = (run: ActionRun): boolean =>
  run.state === 'vetoing' || run.state === 'awaiting_approval';

/** Incidents that ask for a person and that nobody has taken yet. */
export const needsPerson = (incident: Incident): boolean =>
  incident.state === 'needs_person' && incident.acknowledged_by === null;

/** A run before another in a list: the newest first, as the server has them. */
export const isNewerRun = (a: CiRun, b: CiRun): boolean =>
  a.started_at > b.started_at || (a.started_at === b.started_at && a.id > b.id);

/** Whether something is still being done about a failed run without a person. */
const isHandled = ({ action }: CiRun): boolean =>
  action !== null &&
  action.kind !== 'notify' &&
  action.kind !== 'none' &&
  (action.state === 'decided' || action.state === 'waiting' || action.state === 'asked');

/** Failures older than this are history: the list has them. */
const asksForMs = 3 * 86_400_000;

/**
 * Failed runs that wait for a person: the newest of their workflow and branch, judged, and with nothing under way.
 * A newer run that passes or that is running takes the older one away.
 *
 * @param now Unix milliseconds
 */
export function runsForPerson(runs: readonly CiRun[], now: number): CiRun[] {
  const newest = new Map<string, CiRun>();
  for (const run of runs) {
    const key = JSON.stringify([run.repository, run.workflow, run.branch]);
    const known = newest.get(key);
    if (!known || isNewerRun(run, known)) newest.set(key, run);
  }
  return [...newest.values()]
    .filter(
      (run) =>
        run.state === 'failed' && now - (run.finished_at ?? run.started_at) < asksForMs && !isHandled(run),
    )
    .sort((a, b) => (isNewerRun(a, b) ? -1 : 1));
}
