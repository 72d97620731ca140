import { queryOptions } from '@tanstack/react-query';
import type { ActionRun, Incident, Maintenance, SeriesMarker } from '@vigiles/contract';
import { titled, words } from '../live/describe-event.ts';
import { api } from './api.ts';

const runMarker = ({
  action,
  target,
  outcome,
  state,
  started_at,
  finished_at,
  created_at,
}: ActionRun): SeriesMarker => ({
  kind: 'action',
  from: started_at ?? created_at,
  to: finished_at,
  title: `${titled(action)} ${target}, ${words(outcome ?? state)}`,
  target,
  id: null,
});

/** What charts are marked with: incidents, maintenance, actions, and what changed. @param service null: of all */
export const markersQuery = (service: string | null) =>
  queryOptions({
    queryKey: ['markers', service],
    async queryFn({ signal }): Promise<SeriesMarker[]> {
      const target = service ?? '';
      const [{ incidents }, { maintenance }, { runs }, { markers }] = await Promise.all([
        api.get<{ incidents: Incident[] }>('/api/v1/incidents', { service, limit: 100 }, signal),
        api.get<{ maintenance: Maintenance[] }>('/api/v1/maintenance', {}, signal),
        api.get<{ runs: ActionRun[] }>('/api/v1/actions/runs', { limit: 100 }, signal),
        api.get<{ markers: SeriesMarker[] }>('/api/v1/markers', { from: 0, target: service }, signal),
      ]);
      return [
        ...incidents.map(({ id, opened_at, closed_at, title }): SeriesMarker => ({
          kind: 'incident',
          from: opened_at,
          to: closed_at,
          title,
          target,
          id,
        })),
        ...maintenance
          .filter(({ services }) => !service || services.length === 0 || services.includes(service))
          .map(({ from, to, reason }): SeriesMarker => ({
            kind: 'maintenance',
            from,
            to,
            title: reason || 'planned',
            target,
            id: null,
          })),
        ...runs
          .filter((run) => run.started_at !== null && (service === null || run.target === service))
          .map(runMarker),
        ...markers,
      ];
    },
    refetchInterval: 60_000,
  });
