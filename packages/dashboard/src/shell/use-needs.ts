import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ActionRun, Incident } from '@vigiles/contract';
import { useMemo } from 'react';
import { incidentsQuery, runsQuery } from '../data/queries.ts';
import { needsPerson, waitsForPerson } from '../live/patch.ts';

/** What waits for a person now, most pressing first: actions about to start, then incidents. */
export interface Needs {
  runs: ActionRun[];
  incidents: Incident[];
  count: number;
  /** False until both lists were read once: an empty inbox must not be claimed before. */
  known: boolean;
}

export function useNeeds(): Needs {
  const runs = useQuery(runsQuery);
  const incidents = useInfiniteQuery(incidentsQuery({ state: 'needs_person' }));
  return useMemo(() => {
    const waiting = (runs.data ?? [])
      .filter(waitsForPerson)
      .sort(
        (a, b) => (a.veto_until ?? Number.POSITIVE_INFINITY) - (b.veto_until ?? Number.POSITIVE_INFINITY),
      );
    const asking = (incidents.data?.pages ?? []).flatMap((page) => page.incidents).filter(needsPerson);
    return {
      runs: waiting,
      incidents: asking,
      count: waiting.length + asking.length,
      known: runs.isSuccess && incidents.isSuccess,
    };
  }, [runs.data, incidents.data, runs.isSuccess, incidents.isSuccess]);
}
