import type { ReactNode } from 'react';

/** What stands above a list: its views, its filters, what can be done with all of it. */
export const Toolbar = ({ children }: { children: ReactNode }) => (
  <div className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-(--gutter) py-2">
    {children}
  </div>
);
