import { useState, type ReactNode } from 'react';

/** Details under a line. What is inside is made when it is opened first, not for every row of a long list. */
export function Disclosure({
  summary,
  children,
  className = 'min-h-6 rounded-sm text-sm',
}: {
  summary: ReactNode;
  children: ReactNode;
  /** Classes of the line. */
  className?: string;
}) {
  const [opened, setOpened] = useState(false);
  return (
    <details className="group" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary className={className}>{summary}</summary>
      {opened && children}
    </details>
  );
}
