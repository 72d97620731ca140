import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A quiet tag for kinds and names; states use StateBadge. */
export function Badge({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      className={cx(
        'inline-flex h-5 items-center rounded-sm bg-idle-soft px-1.5 text-xs whitespace-nowrap text-text-2',
        className,
      )}
    >
      {children}
    </span>
  );
}
