import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { screens } from './screens.ts';
import { readFrame, setFrame } from './ui-store.ts';

/** How long `g` waits for its second key. */
const CHORD_MS = 1_200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function moveRow(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('main [data-row-link]')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
}

/** The keys that work everywhere. ⌘K and Ctrl K always; single keys while they are on and nothing is typed in. */
export function useShortcuts(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let chordUntil = 0;
    const onKey = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setFrame({ overlay: readFrame().overlay === 'palette' ? null : 'palette' });
        return;
      }
      const blocked = event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target);
      if (blocked || !readFrame().singleKeys || document.querySelector('dialog:modal')) return;
      const key = event.key;
      if (performance.now() < chordUntil) {
        chordUntil = 0;
        const screen = screens.find((each) => each.key === key);
        if (screen) void navigate({ to: screen.to });
        return;
      }
      if (key === 'g') chordUntil = performance.now() + CHORD_MS;
      else if (key === 'n') setFrame({ overlay: readFrame().overlay === 'inbox' ? null : 'inbox' });
      else if (key === '?') setFrame({ overlay: 'keys' });
      else if (key === 'j') moveRow(1);
      else if (key === 'k') moveRow(-1);
      else if (key === '[') setFrame({ railCollapsed: !readFrame().railCollapsed });
      else if (key === '/') {
        const field = document.querySelector<HTMLElement>('[data-filter]');
        if (!field) return;
        event.preventDefault();
        field.focus();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate]);
}
