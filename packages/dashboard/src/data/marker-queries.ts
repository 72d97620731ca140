import { queryOptions } from '@tanstack/react-query';
import type { ActionRun, Incident, Maintenance, SeriesMarker, VigilesEvent } from '@vigiles/contract';
import { titled, words } from '../live/describe-event.ts';
import { is } from '../live/patch.ts';
import { api } from './api.ts';

/** Pages of events that are read at most: starts and changes of the configuration are few. */
const maxPages = 4;

async function changes(signal: AbortSignal): Promise<VigilesEvent[]> {
  const all: VigilesEvent[] = [];
  let after = 0;
  for (let page = 0; page < maxPages; page += 1) {
    const { events, next_seq, more } = await api.get<{
      events: VigilesEvent[];
      next_seq: number;
      more: boolean;
    }>('/api/v1/events', { types: 'system.started,config.reloaded', after_seq: after, limit: 500 }, signal);
    all.push(...events);
    if (!more) break;
    after = next_seq;
  }
  return all;
}

function changeMarker(event: VigilesEvent): SeriesMarker[] {
  const moment = { from: event.ts, to: null, target: '', id: null };
  if (is(event, 'system.started'))
    return [{ kind: 'start', title: `version ${event.data.version}`, ...moment }];
  if (is(event, 'config.reloaded'))
    return [{ kind: 'deploy', title: event.data.changed.slice(0, 3).join(', ') || 'no change', ...moment }];
  return [];
}

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
      const [{ incidents }, { maintenance }, { runs }, events] = await Promise.all([
        api.get<{ incidents: Incident[] }>('/api/v1/incidents', { service, limit: 100 }, signal),
        api.get<{ maintenance: Maintenance[] }>('/api/v1/maintenance', {}, signal),
        api.get<{ runs: ActionRun[] }>('/api/v1/actions/runs', { limit: 100 }, signal),
        changes(signal),
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
        ...events.flatMap(changeMarker),
      ];
    },
    refetchInterval: 60_000,
  });
