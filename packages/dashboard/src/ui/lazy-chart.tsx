import { lazy, type ComponentType } from 'react';

/**
 * A chart whose code comes when it is needed. Where it cannot run (the charting library refuses some locales), the
 * screen goes on without it.
 */
export const lazyChart = <Props extends object>(load: () => Promise<ComponentType<Props>>) =>
  lazy(async (): Promise<{ default: ComponentType<Props> }> => {
    try {
      return { default: await load() };
    } catch {
      return {
        default: () => <p className="py-8 text-center text-text-3">The chart cannot be drawn here.</p>,
      };
    }
  });
