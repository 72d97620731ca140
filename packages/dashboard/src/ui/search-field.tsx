import { Search, X } from 'lucide-react';
import { Kbd } from './kbd.tsx';

/** A filter field. `/` brings the focus here (see the shortcuts); Escape empties it. */
export function SearchField({
  value,
  onChange,
  label,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
}) {
  return (
    <div className="relative flex h-8 min-w-48 flex-1 items-center md:max-w-72">
      <Search aria-hidden size={14} className="pointer-events-none absolute left-2.5 text-text-3" />
      <input
        type="text"
        data-filter
        aria-label={label}
        placeholder={label}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (value) onChange('');
          else event.currentTarget.blur();
        }}
        className="peer h-full w-full rounded-md border border-line-strong bg-surface pr-8 pl-8 placeholder:text-text-3 hover:border-edge"
      />
      {value ? (
        <button
          type="button"
          aria-label="Clear"
          onClick={() => onChange('')}
          className="absolute right-1 grid size-6 place-items-center rounded-sm text-text-3 hover:text-text"
        >
          <X aria-hidden size={14} />
        </button>
      ) : (
        <span className="pointer-events-none absolute right-2 hidden peer-focus:hidden md:block">
          <Kbd>/</Kbd>
        </span>
      )}
    </div>
  );
}
