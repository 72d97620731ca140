import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Kbd } from './kbd.tsx';

/**
 * A filter field. What is typed is kept here and told outside, where it may arrive late (the URL changes in a
 * transition): a fast typist must not lose letters.
 * `/` brings the focus here (see the shortcuts); Escape empties it.
 */
export function SearchField({
  value,
  onChange,
  label,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
}) {
  const [text, setText] = useState(value);
  const told = useRef([value]);
  useEffect(() => {
    // Our own words coming back are no news, however late; anything else was changed elsewhere.
    const at = told.current.indexOf(value);
    if (at >= 0) told.current = told.current.slice(at);
    else {
      told.current = [value];
      setText(value);
    }
  }, [value]);
  const tell = (next: string): void => {
    told.current.push(next);
    setText(next);
    onChange(next);
  };
  return (
    <div className="relative flex h-8 min-w-48 flex-1 items-center md:max-w-72">
      <Search aria-hidden size={14} className="pointer-events-none absolute left-2.5 text-text-3" />
      <input
        type="text"
        data-filter
        aria-label={label}
        placeholder={label}
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => tell(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (text) tell('');
          else event.currentTarget.blur();
        }}
        className="peer h-full w-full rounded-md border border-line-strong bg-surface pr-8 pl-8 placeholder:text-text-3 hover:border-edge"
      />
      {text ? (
        <button
          type="button"
          aria-label="Clear"
          onClick={() => tell('')}
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
