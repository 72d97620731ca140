import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { incidentsQuery } from '../../data/queries.ts';
import { Ago } from '../../ui/time.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { faceOf } from '../incidents/face-of.ts';

/** As many as one looks back on from the side of a session. */
const MOST = 5;

/** Which session it is stands on the page already. */
const titleOf = (title: string, sessionId: string): string => {
  const own = title.replace(`session:${sessionId}: `, '');
  return `${own.charAt(0).toUpperCase()}${own.slice(1)}`;
};

/** What the watchdog saw go wrong with the session's agent; nothing where nothing did. */
export function SessionIncidents({ sessionId }: { sessionId: string }) {
  const { data } = useInfiniteQuery(incidentsQuery({ service: `session:${sessionId}` }));
  const incidents = (data?.pages ?? []).flatMap((page) => page.incidents).slice(0, MOST);
  if (incidents.length === 0) return null;
  return (
    <section aria-label="Incidents of the session" className="flex flex-col gap-1.5">
      <h2 className="text-sm font-medium text-text-2">Incidents</h2>
      <ul className="flex flex-col gap-2">
        {incidents.map((incident) => (
          <li key={incident.id} className="flex flex-col gap-0.5">
            <Link
              to="/incidents/$id"
              params={{ id: incident.id }}
              className="text-sm font-medium break-words hover:underline"
            >
              {titleOf(incident.title, sessionId)}
            </Link>
            <span className="flex flex-wrap items-center gap-2 text-sm text-text-3">
              <StateLabel face={faceOf(incident)} quiet />
              <Ago ts={incident.opened_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
