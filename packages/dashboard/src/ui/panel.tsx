import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A titled box. `aside` sits at the right end of its head. */
export function Panel({
  title,
  aside,
  children,
  className,
  flush = false,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}) {
  return (
    <section aria-label={title} className={cx('min-w-0 rounded-lg bg-surface shadow-raised', className)}>
      <header className="flex min-h-10 items-center gap-3 border-b border-line px-4 py-1.5">
        <h2 className="font-medium">{title}</h2>
        <div className="ml-auto flex items-center gap-2 text-sm text-text-3">{aside}</div>
      </header>
      <div className={flush ? '' : 'p-4'}>{children}</div>
    </section>
  );
}
