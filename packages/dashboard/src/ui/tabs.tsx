import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface TabItem {
  id: string;
  label: string;
  content: ReactNode;
}

/** Tabs with a line under the open one. Only the open panel is mounted. */
export function Tabs({
  items,
  value,
  onChange,
  label,
}: {
  items: TabItem[];
  value: string;
  onChange: (id: string) => void;
  label: string;
}) {
  return (
    <Radix.Root value={value} onValueChange={onChange} className="flex min-h-0 flex-1 flex-col">
      <Radix.List aria-label={label} className="flex shrink-0 gap-4 border-b border-line px-4">
        {items.map(({ id, label: text }) => (
          <Radix.Trigger
            key={id}
            value={id}
            className="press -mb-px h-9 border-b-2 border-transparent font-medium text-text-3 hover:text-text data-[state=active]:border-text data-[state=active]:text-text"
          >
            {text}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {items.map(({ id, content }) => (
        <Radix.Content key={id} value={id} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto">
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
