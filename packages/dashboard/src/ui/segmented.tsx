import { cx } from './cx.ts';

export interface Segment {
  id: string;
  label: string;
  count?: number | undefined;
}

/** A few choices, one of them on. Buttons with `aria-pressed`, so that Tab and Enter are all one needs. */
export function Segmented({
  items,
  value,
  onChange,
  label,
}: {
  items: Segment[];
  value: string;
  onChange: (id: string) => void;
  label: string;
}) {
  return (
    <div
      role="group"
      aria-label={label}
      className="flex max-w-full items-center gap-0.5 overflow-x-auto [scrollbar-width:none]"
    >
      {items.map(({ id, label: text, count }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === value}
          onClick={() => onChange(id)}
          className={cx(
            'press inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 text-sm font-medium',
            id === value ? 'bg-selected text-text' : 'text-text-3 hover:bg-hover hover:text-text',
          )}
        >
          {text}
          {count !== undefined && <span className="num font-normal text-text-3">{count}</span>}
        </button>
      ))}
    </div>
  );
}
