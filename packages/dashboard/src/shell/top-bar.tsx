import { Inbox, Search } from 'lucide-react';
import { cx } from '../ui/cx.ts';
import { commandKey, Kbd } from '../ui/kbd.tsx';
import { ConnectionIndicator } from './connection-indicator.tsx';
import { ThemeToggle } from './theme-toggle.tsx';
import { setFrame, useFrame } from './ui-store.ts';
import { useCurrentTitle } from './use-title.ts';

/** Where one is, the palette, the connection, the theme and the inbox. */
export function TopBar({ needs }: { needs: number }) {
  const { overlay } = useFrame();
  const title = useCurrentTitle();
  return (
    <header className="flex h-(--bar) shrink-0 items-center gap-1.5 border-b border-line bg-canvas px-(--gutter)">
      <h1 id="page-title" tabIndex={-1} className="mr-auto truncate text-lg font-semibold tracking-tight">
        {title}
      </h1>
      <button
        type="button"
        onClick={() => setFrame({ overlay: 'palette' })}
        className="press flex h-7 items-center gap-2 rounded-md px-2 text-sm text-text-3 shadow-raised hover:bg-hover hover:text-text max-md:px-1.5 md:mr-1.5 md:w-56 md:bg-surface"
      >
        <Search aria-hidden size={14} />
        <span className="max-md:sr-only">Search or run</span>
        <span className="ml-auto flex gap-0.5 max-md:hidden">
          <Kbd>{commandKey}</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      <ConnectionIndicator />
      <ThemeToggle />
      <button
        type="button"
        aria-expanded={overlay === 'inbox'}
        aria-label={needs > 0 ? `Needs you: ${needs}` : 'Needs you: nothing'}
        data-tip="Needs you"
        onClick={() => setFrame({ overlay: overlay === 'inbox' ? null : 'inbox' })}
        className={cx(
          'press flex h-7 items-center gap-1.5 rounded-md px-1.5 text-text-3 hover:bg-hover hover:text-text aria-expanded:bg-selected aria-expanded:text-text',
          needs > 0 && 'text-text',
        )}
      >
        <Inbox aria-hidden size={16} />
        {needs > 0 && (
          <span className="num inline-grid h-[18px] min-w-[18px] place-items-center rounded-full bg-warn-soft px-1 text-xs font-semibold text-warn">
            {needs}
          </span>
        )}
      </button>
    </header>
  );
}
