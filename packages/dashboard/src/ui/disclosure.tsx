import { useState, type ReactNode } from 'react';

/** Details under a line. What is inside is made when it is opened first, not for every row of a long list. */
export function Disclosure({
  summary,
  children,
  className = 'min-h-6 rounded-sm text-sm',
  open = false,
}: {
  summary: ReactNode;
  children: ReactNode;
  /** Classes of the line. */
  className?: string;
  /** Open from the start; then it is whoever looks at it who opens and closes it. */
  open?: boolean;
}) {
  const [opened, setOpened] = useState(open);
  const [begin] = useState(open);
  return (
    <details open={begin} className="group" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary className={className}>{summary}</summary>
      {opened && children}
    </details>
  );
}
