import { Link, Outlet, type LinkProps } from '@tanstack/react-router';

/** Screens that belong together, under one head with a link to each. */
export function PartsFrame({
  label,
  parts,
}: {
  label: string;
  parts: readonly { to: NonNullable<LinkProps['to']>; label: string }[];
}) {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <nav aria-label={label} className="shrink-0 overflow-x-auto border-b border-line px-(--gutter)">
        <ul className="flex gap-5">
          {parts.map(({ to, label: text }) => (
            <li key={to}>
              <Link
                to={to}
                activeOptions={{ exact: true, includeSearch: false }}
                className="press -mb-px inline-flex h-10 items-center border-b-2 border-transparent font-medium whitespace-nowrap text-text-3 -outline-offset-2 hover:text-text aria-[current=page]:border-text aria-[current=page]:text-text"
              >
                {text}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </div>
  );
}
