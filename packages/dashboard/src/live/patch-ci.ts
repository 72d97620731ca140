import type { CiRun } from '@vigiles/contract';
import type { CiRunFilter, CiRunPage } from '../data/ci-queries.ts';

/** Enough for every screen; a list that grew all day would grow the heap. */
const FIRST_PAGE_MAX = 400;

const matchesCiRun = (run: CiRun, filter: CiRunFilter): boolean =>
  (!filter.state || run.state === filter.state) &&
  (!filter.repository || run.repository === filter.repository) &&
  (!filter.workflow || run.workflow === filter.workflow);

/** A run before another in a list: the newest first, as the server has them. */
const isBefore = (a: CiRun, b: CiRun): boolean =>
  a.started_at > b.started_at || (a.started_at === b.started_at && a.id > b.id);

/** Pages of runs after one of them changed: in its place, put in where it belongs, or taken out. */
export function placeRun(pages: CiRunPage[], run: CiRun, filter: CiRunFilter): CiRunPage[] {
  const at = pages.findIndex(({ runs }) => runs.some(({ id }) => id === run.id));
  const keep = matchesCiRun(run, filter);
  const [first, ...rest] = pages;
  if (at >= 0) {
    const page = pages[at]!;
    const runs = keep
      ? page.runs.map((each) => (each.id === run.id ? run : each))
      : page.runs.filter(({ id }) => id !== run.id);
    return pages.with(at, { ...page, runs });
  }
  if (!keep || !first) return pages;
  const before = first.runs.findIndex((each) => isBefore(run, each));
  // Older than the whole page: it stands on one that is read when it is scrolled to.
  if (before < 0 && first.next !== null) return pages;
  const runs = before < 0 ? [...first.runs, run] : first.runs.toSpliced(before, 0, run);
  return [{ ...first, runs: runs.slice(0, FIRST_PAGE_MAX) }, ...rest];
}

/** Whether something is still being done about a failed run without a person. */
const isHandled = ({ action }: CiRun): boolean =>
  action !== null &&
  action.kind !== 'notify' &&
  action.kind !== 'none' &&
  (action.state === 'decided' || action.state === 'waiting' || action.state === 'asked');

/** Failures older than this are history: the list has them. */
const ASKS_FOR_MS = 3 * 86_400_000;

/**
 * Failed runs that wait for a person: the newest of their workflow and branch, judged, and with nothing under way.
 * A newer run that passes or that is running takes the older one away.
 */
export function runsForPerson(runs: readonly CiRun[], now: number): CiRun[] {
  const newest = new Map<string, CiRun>();
  for (const run of runs) {
    const key = JSON.stringify([run.repository, run.workflow, run.branch]);
    const known = newest.get(key);
    if (!known || isBefore(run, known)) newest.set(key, run);
  }
  return [...newest.values()]
    .filter(
      (run) =>
        run.state === 'failed' && now - (run.finished_at ?? run.started_at) < ASKS_FOR_MS && !isHandled(run),
    )
    .sort((a, b) => (isBefore(a, b) ? -1 : 1));
}
