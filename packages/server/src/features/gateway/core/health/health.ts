import type { CircuitState, FailureCause, ModelHealth } from '@vigiles/contract';
import { concernsProvider } from './cause.ts';
import { noteFailure, noteSuccess, type HealthEntry, type Trouble } from './health-entry.ts';
import { ANNOUNCE_MS } from './rules.ts';

/** A circuit opened for long enough to speak of, or one that was spoken of closed. */
export type CircuitChange =
  | { type: 'opened'; provider: string; model: string; trouble: Readonly<Trouble> }
  | { type: 'closed'; provider: string; model: string; cause: FailureCause; openMs: number };

/** How every provider and model does, in memory only. Decisions are made from `HealthEntry` by `health-entry.ts`. */
export interface Health {
  /** The entry of a model, made when it is first asked for. */
  of(provider: string, model: string): HealthEntry;
  /** A turn was completed. */
  succeeded(entry: HealthEntry, latencyMs: number, now: number): void;
  failed(
    entry: HealthEntry,
    now: number,
    failure: { cause: FailureCause; namedMs: number | undefined; message: string },
  ): void;
  /** Forgets what is known of a provider: its configuration has changed. */
  forget(provider: string): void;
  /** Troubles first, at most `limit`. */
  list(now: number, limit: number): ModelHealth[];
}

/** Clients choose model names: what is kept must not grow with their imagination. */
const MAX_ENTRIES = 1000;

/** Stands for all models of a provider. */
export const WHOLE_PROVIDER = '*';

export function createHealth(onChange: (change: CircuitChange) => void = () => undefined): Health {
  const entries = new Map<string, HealthEntry>();
  const keyOf = (provider: string, model: string): string => `${provider}\n${model}`;

  function of(provider: string, model: string): HealthEntry {
    const key = keyOf(provider, model);
    const known = entries.get(key);
    if (known) return known;
    const wide = model === WHOLE_PROVIDER ? null : of(provider, WHOLE_PROVIDER);
    if (entries.size >= MAX_ENTRIES) makeRoom(entries);
    const fresh: HealthEntry = { provider, model, wide, latencyMs: null, troubles: [] };
    entries.set(key, fresh);
    return fresh;
  }

  function succeed(entry: HealthEntry, latencyMs: number, now: number): void {
    for (const { cause, openedAt, announced } of noteSuccess(entry, latencyMs)) {
      if (!announced) continue;
      const { provider, model } = entry;
      onChange({ type: 'closed', provider, model, cause, openMs: now - openedAt });
    }
  }

  return {
    of,
    succeeded(entry, latencyMs, now) {
      succeed(entry, latencyMs, now);
      if (entry.wide) succeed(entry.wide, latencyMs, now);
    },
    failed(entry, now, failure) {
      const at = entry.wide && concernsProvider(failure.cause) ? entry.wide : entry;
      const trouble = noteFailure(at, now, failure);
      if (!trouble || trouble.announced || trouble.coolingUntil - now < ANNOUNCE_MS) return;
      trouble.announced = true;
      onChange({ type: 'opened', provider: at.provider, model: at.model, trouble });
    },
    forget(provider) {
      for (const [key, entry] of entries) {
        if (entry.provider !== provider) continue;
        // Plans hold entries: an emptied one is as good as gone.
        entry.troubles = [];
        entries.delete(key);
      }
    },
    list(now, limit) {
      return [...entries.values()]
        .filter(({ latencyMs, troubles }) => latencyMs !== null || troubles.length > 0)
        .sort((a, b) => b.troubles.length - a.troubles.length)
        .slice(0, limit)
        .map((entry) => told(entry, now));
    },
  };
}

/** An entry without troubles is cheap to lose: it is measured again with the next turn. */
function makeRoom(entries: Map<string, HealthEntry>): void {
  for (const [key, { model, troubles }] of entries) {
    if (model === WHOLE_PROVIDER || troubles.length > 0) continue;
    entries.delete(key);
    return;
  }
  for (const key of entries.keys()) {
    entries.delete(key);
    return;
  }
}

/** Open while any trouble cools, half-open while one has cooled and nobody has succeeded since. */
export function circuitOf(entry: HealthEntry, now: number): CircuitState {
  let state: CircuitState = 'closed';
  for (const { openedAt, coolingUntil } of entry.troubles) {
    if (openedAt === 0) continue;
    if (coolingUntil > now) return 'open';
    state = 'half-open';
  }
  return state;
}

const told = (entry: HealthEntry, now: number): ModelHealth => ({
  provider: entry.provider,
  model: entry.model,
  circuit: circuitOf(entry, now),
  latency_ms: entry.latencyMs === null ? null : Math.round(entry.latencyMs),
  causes: entry.troubles.map(({ cause, failures, coolingUntil, message }) => ({
    cause,
    failures,
    cooling_until: coolingUntil > now ? coolingUntil : null,
    message,
  })),
});
