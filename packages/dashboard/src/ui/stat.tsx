import type { ReactNode } from 'react';

/** A number with its name above it. */
export function Stat({ label, children, tip }: { label: string; children: ReactNode; tip?: string }) {
  return (
    <div className="min-w-0" data-tip={tip}>
      <dt className="truncate text-sm text-text-3">{label}</dt>
      <dd className="num truncate text-base font-medium">{children}</dd>
    </div>
  );
}
