import type { Clock } from '../../../kernel/clock.ts';
import type { Presence } from '../../../platform/presence/index.ts';
import type { IncidentStore } from './store.ts';

/** How long nobody may go on with a story: whoever watched it is not just being restarted. */
const abandonedMs = 300_000;

/**
 * Open stories of controls that are gone for good, on a database that several share: nobody knows how they went on. The result
 * closes those that were found so for five minutes, and is to be called now and then.
 */
export function createAbandoned(deps: {
  store: IncidentStore;
  presence: Pick<Presence, 'gone'>;
  clock: Clock;
}): () => Promise<void> {
  const { store, presence, clock } = deps;
  let since = new Map<string, number>();
  return async () => {
    const isGone = await presence.gone();
    const now = clock.now();
    const left = (await store.foreign()).filter(({ owner }) => isGone(owner));
    since = new Map(left.map(({ id }) => [id, since.get(id) ?? now]));
    for (const [id, at] of since) {
      if (now - at < abandonedMs) continue;
      const value = await store.byId(id);
      if (!value || value.incident.state === 'closed') continue;
      const { incident } = value;
      Object.assign(incident, { state: 'closed', outcome: 'unknown', closed_at: now });
      incident.timeline.push({
        ts: now,
        kind: 'note',
        title: 'Not watched any more',
        detail: 'The Vigiles that watched it is gone, so how it went on cannot be told',
        tier: null,
        actor: 'watchdog',
        evidence: {},
      });
      await store.save(value, 'incident.closed', 'watchdog');
    }
  };
}
