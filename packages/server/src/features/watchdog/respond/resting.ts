import type { Incidents } from '../incidents/incidents.ts';
import { isStateStory } from './context.ts';

/** A story of before a restart that nothing was seen of since: nobody knows how it went on. */
const forgottenMs = 300_000;

/** Stories known from before a restart that were not seen since: they are left alone until they are, or forgotten. */
export function createResting(incidents: Incidents) {
  const keys = new Set<string>();
  return {
    has: (key: string): boolean => keys.has(key),
    /** It is seen again. */
    wake: (key: string): boolean => keys.delete(key),
    /** Lets all rest that was only sighted; services are looked at anyway. */
    begin(): void {
      for (const value of incidents.openStories()) {
        if (value.sighting === null || isStateStory(value)) continue;
        const { key } = value;
        keys.add(key);
        setTimeout(() => {
          const open = keys.delete(key) ? incidents.of(key) : null;
          const detail = 'It was not seen again since Vigiles was restarted';
          if (open)
            incidents.close(open, 'unknown', [{ kind: 'outcome', title: 'Not seen any more', detail }], null);
        }, forgottenMs).unref();
      }
    },
  };
}
