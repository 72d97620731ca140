import { Link, Outlet } from '@tanstack/react-router';

const parts = [
  { to: '/gateway', label: 'Traffic' },
  { to: '/gateway/usage', label: 'Usage' },
  { to: '/gateway/providers', label: 'Providers' },
  { to: '/gateway/routes', label: 'Routes' },
  { to: '/gateway/learned', label: 'Learned' },
] as const;

/** The gateway's screens under one head. */
export function GatewayFrame() {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <nav aria-label="Gateway" className="shrink-0 overflow-x-auto border-b border-line px-(--gutter)">
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
