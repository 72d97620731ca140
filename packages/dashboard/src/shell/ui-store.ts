import type { PinnedProcess } from '@vigiles/contract';
import { useSyncExternalStore } from 'react';

/** What is open in the frame. One of them at a time, so that nothing covers anything. */
export type Overlay = 'palette' | 'inbox' | 'keys' | null;

/** An action whose plan is to be shown. */
export interface Plan {
  action: string;
  title: string;
  target: string;
  /** A run of CI and its attempt that failed: asked for with a reason, which is kept with the run. */
  ciRun?: { id: string; attempt: number; workflow: string };
  /** Processes on a port: these and no others are ended. */
  port?: { port: number; processes: readonly PinnedProcess[] };
}

interface Frame {
  overlay: Overlay;
  /** An action whose plan is shown before it can be run. */
  plan: Plan | null;
  railCollapsed: boolean;
  /** Single-key shortcuts can be turned off (WCAG 2.1.4): speech input types letters. */
  singleKeys: boolean;
}

const stored = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

let frame: Frame = {
  overlay: null,
  plan: null,
  railCollapsed: stored('vigiles.rail') === 'collapsed',
  singleKeys: stored('vigiles.keys') !== 'off',
};
const listeners = new Set<() => void>();

/** Changes the frame; what should outlast the visit is remembered. */
export function setFrame(change: Partial<Frame>): void {
  frame = { ...frame, ...change };
  try {
    if (change.railCollapsed !== undefined)
      localStorage.setItem('vigiles.rail', change.railCollapsed ? 'collapsed' : 'open');
    if (change.singleKeys !== undefined)
      localStorage.setItem('vigiles.keys', change.singleKeys ? 'on' : 'off');
  } catch {
    // Storage can be refused; the choice then lasts until the page is left.
  }
  for (const listener of listeners) listener();
}

export const readFrame = (): Frame => frame;

export const useFrame = (): Frame =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, readFrame);

/** Shows what an action would do; it runs only from there. */
export const openPlan = (
  action: string,
  title: string,
  target: string,
  more: Pick<Plan, 'ciRun' | 'port'> = {},
): void => setFrame({ plan: { action, title, target, ...more }, overlay: null });
