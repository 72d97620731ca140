import { Link, type LinkProps } from '@tanstack/react-router';
import {
  CheckCircle2,
  CirclePause,
  CircleHelp,
  Ear,
  Settings2,
  TriangleAlert,
  XCircle,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { buttonClass } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { StateBadge, type Face } from '../../ui/state.tsx';

export const faces = {
  ok: { icon: CheckCircle2, label: 'Working', tone: 'ok' },
  listening: { icon: Ear, label: 'Listening', tone: 'idle' },
  failing: { icon: XCircle, label: 'Failing', tone: 'bad' },
  attention: { icon: TriangleAlert, label: 'Needs you', tone: 'warn' },
  unset: { icon: CircleHelp, label: 'Not set up', tone: 'idle' },
  off: { icon: CirclePause, label: 'Off', tone: 'idle' },
} satisfies Record<string, Face>;

/** One thing Vigiles works with: how it does, what went wrong last, and where it is set up. */
export function Card({
  icon: Icon,
  title,
  face,
  rows,
  error,
  part,
  to,
  link,
  actions,
}: {
  icon: LucideIcon;
  title: string;
  face: Face;
  rows: [string, ReactNode][];
  /** What went wrong last, in its own words. */
  error?: string | null | undefined;
  /** The part of the settings it is set up in. */
  part: string;
  /** Where more of it is to be seen. */
  to?: NonNullable<LinkProps['to']>;
  link?: string;
  /** What can be done with it here. */
  actions?: ReactNode;
}) {
  return (
    <section
      aria-label={title}
      className="flex min-w-0 flex-col gap-3 rounded-lg bg-surface p-4 shadow-raised"
    >
      <header className="flex items-center gap-2.5">
        <Icon aria-hidden size={16} className="shrink-0 text-text-3" />
        <h2 className="min-w-0 truncate font-medium">{title}</h2>
        <span className="ml-auto shrink-0">
          <StateBadge face={face} />
        </span>
      </header>
      <Facts rows={rows} />
      {error && <p className="rounded-md bg-bad-soft px-3 py-2 text-sm break-words text-bad">{error}</p>}
      <footer className="mt-auto flex flex-wrap gap-2 pt-1">
        {actions}
        {to && link && (
          <Link to={to} className={buttonClass()}>
            {link}
          </Link>
        )}
        <Link to="/settings" search={{ part }} className={buttonClass('ghost')}>
          <Settings2 aria-hidden size={13} /> Set up
        </Link>
      </footer>
    </section>
  );
}
