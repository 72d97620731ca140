import type { CiRun } from '@vigiles/contract';
import { isNewerRun } from '@vigiles/contract';
import type { CiRunFilter, CiRunPage } from '../data/ci-queries.ts';

/** Enough for every screen; a list that grew all day would grow the heap. */
const FIRST_PAGE_MAX = 400;

const matchesCiRun = (run: CiRun, filter: CiRunFilter): boolean =>
  (!filter.state || run.state === filter.state) &&
  (!filter.repository || run.repository === filter.repository) &&
  (!filter.workflow || run.workflow === filter.workflow);

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
  const before = first.runs.findIndex((each) => isNewerRun(run, each));
  // Older than the whole page: it stands on one that is read when it is scrolled to.
  if (before < 0 && first.next !== null) return pages;
  const runs = before < 0 ? [...first.runs, run] : first.runs.toSpliced(before, 0, run);
  return [{ ...first, runs: runs.slice(0, FIRST_PAGE_MAX) }, ...rest];
}
