import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** Says that there is nothing, why, and what to do. */
export function EmptyState({
  icon: Icon,
  title,
  children,
}: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center justify-center gap-1 px-6 py-10 text-center">
      <Icon aria-hidden size={20} strokeWidth={1.6} className="mb-2 text-text-3" />
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-sm text-sm text-pretty text-text-3">{children}</div>}
    </div>
  );
}
