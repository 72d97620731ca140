import type { Identity, Scope } from '@vigiles/contract';
import { VigilesConfig } from '@vigiles/contract';
import { systemClock, type Clock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import { silentLog } from '../../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../../platform/event-log/index.ts';
import type { Store } from '../../../platform/store/index.ts';
import type { OpenStore, StorePlace } from '../../../testing/stores.ts';
import { createSessions, type Maker } from '../index.ts';
import { sessionMigrations } from '../migrations.ts';

export const rigMigrations = { ...eventLogMigrations, ...sessionMigrations };

/** A clock that goes on only when it is told to. */
export function handClock(): Clock & { pass(ms: number): void } {
  let now = 1_800_000_000_000;
  return { now: () => now, monotonic: () => now, pass: (ms) => (now += ms) };
}

export const maker: Maker = { actor: 'device:maker', deviceId: 'maker', tenant: 'main' };

export const identityOf = (scopes: Scope[], more: Partial<Identity> = {}): Identity => ({
  kind: 'device',
  deviceId: scopes.join('-').replaceAll(':', ''),
  name: 'test',
  scopes,
  ...more,
});

export interface RigOptions {
  clean?(json: string): string;
  place?: StorePlace;
  clock?: Clock;
  sessions?: Record<string, unknown>;
}

/** Sessions on a store of their own, started. */
export async function openRig(openStore: OpenStore, options: RigOptions = {}) {
  const { place, clock = systemClock } = options;
  const store: Store = await openStore({ migrations: rigMigrations, ...(place ? { place } : {}) });
  const config = VigilesConfig.parse({ sessions: options.sessions ?? {} });
  const events = createEventLog({ store, log: silentLog, clock, validate: true });
  await events.start();
  const sessions = createSessions({
    store,
    events,
    clock,
    newId,
    log: silentLog,
    config: () => config,
    clean: options.clean ?? ((json) => json),
  });
  await sessions.start();
  return {
    store,
    events,
    sessions,
    async stop() {
      await sessions.stop();
      await events.stop();
      await store.close();
    },
  };
}
