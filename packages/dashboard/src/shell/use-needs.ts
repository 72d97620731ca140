import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ActionRun, Decision, Incident } from '@vigiles/contract';
import { useMemo } from 'react';
import { incidentsQuery, runsQuery } from '../data/queries.ts';
import { decisionsQuery } from '../data/session-queries.ts';
import { needsPerson, waitsForPerson } from '../live/patch.ts';

/** What waits for a person now, most pressing first: actions about to start, questions of agents, then incidents. */
export interface Needs {
  runs: ActionRun[];
  /** Those that were just settled are among them, and not counted. */
  decisions: Decision[];
  incidents: Incident[];
  count: number;
  /** False until both lists were read once: an empty inbox must not be claimed before. */
  known: boolean;
}

export function useNeeds(): Needs {
  const runs = useQuery(runsQuery);
  const decisions = useQuery(decisionsQuery);
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
    const open = questions.filter(({ state }) => state === 'pending').length;
    return {
      decisions: questions,
      runs: waiting,
      incidents: asking,
      count: waiting.length + open + asking.length,
      known: runs.isSuccess && incidents.isSuccess,
    };
  }, [runs.data, decisions.data, incidents.data, runs.isSuccess, incidents.isSuccess]);
}
