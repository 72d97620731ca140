import { Link, Outlet } from '@tanstack/react-router';

const parts = [
  { to: '/incidents', label: 'Incidents' },
  { to: '/incidents/ai', label: 'AI monitoring' },
  { to: '/incidents/faults', label: 'Fault catalogue' },
] as const;

/** Incidents, and what was learned from them. */
export function IncidentsFrame() {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <nav aria-label="Incidents" className="shrink-0 overflow-x-auto border-b border-line px-(--gutter)">
        <ul className="flex gap-5">
          {parts.map(({ to, label }) => (
            <li key={to}>
              <Link
                to={to}
                activeOptions={{ exact: true, includeSearch: false }}
                className="press -mb-px inline-flex h-10 items-center border-b-2 border-transparent font-medium text-text-3 -outline-offset-2 hover:text-text aria-[current=page]:border-text aria-[current=page]:text-text"
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </div>
  );
}
