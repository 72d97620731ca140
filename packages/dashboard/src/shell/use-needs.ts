import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ActionRun, CiRun, Decision, Incident } from '@vigiles/contract';
import { needsPerson, runsForPerson, waitsForPerson } from '@vigiles/contract';
import { useMemo } from 'react';
import { ciRunsQuery } from '../data/ci-queries.ts';
import { incidentsQuery, runsQuery } from '../data/queries.ts';
import { decisionsQuery } from '../data/session-queries.ts';
import { serverClock } from '../live/server-clock.ts';
import { attemptKey, useSeenRuns } from '../screens/ci/seen-runs.ts';

/** What waits for a person now, most pressing first: actions about to start, questions of agents, then incidents. */
export interface Needs {
  runs: ActionRun[];
  /** Those that were just settled are among them, and not counted. */
  decisions: Decision[];
  incidents: Incident[];
  /** Failed runs of CI that nothing is done about, and that nobody put aside here. */
  ciRuns: CiRun[];
  count: number;
  /** False until both lists were read once: an empty inbox must not be claimed before. */
  known: boolean;
}

export function useNeeds(): Needs {
  const runs = useQuery(runsQuery);
  const decisions = useQuery(decisionsQuery);
  const ci = useInfiniteQuery(ciRunsQuery({}));
  const seen = useSeenRuns();
  const incidents = useInfiniteQuery(incidentsQuery({ state: 'needs_person' }));
  return useMemo(() => {
    const waiting = (runs.data ?? [])
      .filter(waitsForPerson)
      .sort(
        (a, b) => (a.veto_until ?? Number.POSITIVE_INFINITY) - (b.veto_until ?? Number.POSITIVE_INFINITY),
      );
    const asking = (incidents.data?.pages ?? []).flatMap((page) => page.incidents).filter(needsPerson);
    const questions = (decisions.data ?? []).toSorted(
      (a, b) => (a.expires_at ?? Number.POSITIVE_INFINITY) - (b.expires_at ?? Number.POSITIVE_INFINITY),
    );
    const aside = new Set(seen);
    const failed = runsForPerson(ci.data?.pages[0]?.runs ?? [], serverClock.now()).filter(
      (run) => !aside.has(attemptKey(run)),
    );
    const open = questions.filter(({ state }) => state === 'pending').length;
    return {
      decisions: questions,
      runs: waiting,
      incidents: asking,
      ciRuns: failed,
      count: waiting.length + open + asking.length + failed.length,
      known: runs.isSuccess && incidents.isSuccess,
    };
  }, [runs.data, decisions.data, incidents.data, ci.data, seen, runs.isSuccess, incidents.isSuccess]);
}
