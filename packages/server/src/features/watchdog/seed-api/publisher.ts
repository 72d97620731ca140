import type { HealthSnapshot } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';

const lookMs = 1000;
/** While no state changes, latencies and uptimes are sent this often. */
const quietMs = 5000;

export interface PublisherDeps {
  clock: Clock;
  take: () => HealthSnapshot;
  /** States of all services, as one text: cheaper than a snapshot. */
  fingerprint: () => string;
  /** How many clients follow it. */
  watching: () => number;
  publish: (snapshot: HealthSnapshot) => void;
}

/** Sends snapshots while somebody looks: to a newcomer within a second, on a change at once, else every five seconds. */
export function createPublisher({ clock, take, fingerprint, watching, publish }: PublisherDeps) {
  let timer: NodeJS.Timeout | null = null;
  let watchers = 0;
  let told = '';
  let toldMs = Number.NEGATIVE_INFINITY;

  function look(): void {
    const before = watchers;
    watchers = watching();
    if (watchers === 0) return;
    const states = fingerprint();
    const now = clock.monotonic();
    if (watchers <= before && states === told && now - toldMs < quietMs) return;
    told = states;
    toldMs = now;
    publish(take());
  }

  return {
    start(): void {
      timer ??= setInterval(look, lookMs).unref();
    },
    stop(): void {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
