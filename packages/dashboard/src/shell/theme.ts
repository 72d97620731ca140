import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'dark' | 'light';

const KEY = 'vigiles.theme';
const listeners = new Set<() => void>();

function read(): Theme {
  const theme = document.documentElement.dataset['theme'];
  return theme === 'dark' || theme === 'light' ? theme : 'system';
}

/** Sets the theme and remembers it; `theme.js` applies it before the first paint of the next visit. */
export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage can be refused; the choice then lasts until the page is left.
  }
  for (const listener of listeners) listener();
}

/** Renders again when the colours change, by choice or by the system. */
export function useTheme(): { theme: Theme; dark: boolean } {
  const theme = useSyncExternalStore(subscribe, read);
  const systemDark = useSyncExternalStore(
    subscribe,
    () => window.matchMedia('(prefers-color-scheme: dark)').matches,
  );
  return { theme, dark: theme === 'system' ? systemDark : theme === 'dark' };
}

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  listeners.add(listener);
  query.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    query.removeEventListener('change', listener);
  };
}
