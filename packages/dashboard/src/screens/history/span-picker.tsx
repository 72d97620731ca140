import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { spans, toLocalInput, type HistorySpan } from './span.ts';

const field = 'h-7 rounded-md border border-line bg-surface px-2 text-sm text-text';

/** Which span charts show: a usual one, or from and to. */
export function SpanPicker({ span, onChange }: { span: HistorySpan; onChange: (id: string) => void }) {
  const custom = span.to !== null;
  const [open, setOpen] = useState(custom);
  const to = span.to ?? Date.now();
  const from = span.from ?? to - span.lengthMs;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segmented
        label="Span"
        items={[...spans, { id: 'custom', label: 'Custom' }]}
        value={custom || open ? 'custom' : span.id}
        onChange={(id) => {
          setOpen(id === 'custom');
          if (id !== 'custom') onChange(id);
        }}
      />
      {open && (
        <form
          className="flex flex-wrap items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            const data = new FormData(event.currentTarget);
            const [first, last] = ['from', 'to'].map((name) => {
              const value = data.get(name);
              return Date.parse(typeof value === 'string' ? value : '');
            });
            if (first !== undefined && last !== undefined && first < last) onChange(`${first}-${last}`);
          }}
        >
          <input
            className={field}
            type="datetime-local"
            name="from"
            aria-label="From"
            required
            defaultValue={toLocalInput(from)}
          />
          <input
            className={field}
            type="datetime-local"
            name="to"
            aria-label="To"
            required
            defaultValue={toLocalInput(to)}
          />
          <Button type="submit">Show</Button>
        </form>
      )}
    </div>
  );
}
