import { useEffect, useSyncExternalStore } from 'react';

let page = '';
let count = 0;
const listeners = new Set<() => void>();

function write(): void {
  document.title = `${count > 0 ? `(${count}) ` : ''}${page ? `${page} · ` : ''}Vigiles`;
  for (const listener of listeners) listener();
}

/** Names the page in the tab's title and, below 768 px, in the top bar. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    page = title;
    write();
  }, [title]);
}

/** The number of things that wait for a person, in front of the title. */
export function useTitleCount(needs: number): void {
  useEffect(() => {
    count = needs;
    write();
  }, [needs]);
}

export const useCurrentTitle = (): string =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => page,
  );
