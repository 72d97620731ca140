import type { Adaptation as AdaptationResource, GatewaySnapshot, RouteConfig } from '@vigiles/contract';
import type { NewId } from '../../../kernel/ids.ts';
import type { EventLog } from '../../../platform/event-log/event-log.ts';
import type { Configuration } from '../../../platform/config/index.ts';
import type { Store } from '../../../platform/store/store.ts';
import { createAdaptationStore, toResource } from '../adaptations/adaptation-store.ts';
import type { Adaptation } from '../core/adapt/adaptation-table.ts';
import type { Edit } from '../core/adapt/edit.ts';
import { createOverrideBook } from '../core/overrides.ts';
import type { GatewayTables } from '../ledger/tables.ts';
import { createOverrideStore } from '../overrides/override-store.ts';
import { readRunFile } from '../run-file.ts';
import { createGatewayClient } from './gateway-client.ts';

export interface GatewayTargetsDeps {
  home: string;
  configuration: Configuration;
  store: Store;
  events: Pick<EventLog, 'transaction'>;
  newId: NewId;
  now(): number;
}

/** Hands on the gateway for the action runner: what holds for a while, what was learned, and whether a provider answers. */
export function createGatewayTargets(deps: GatewayTargetsDeps) {
  const { home, configuration, store, events, newId, now } = deps;
  const client = createGatewayClient(() => readRunFile(home));
  const overrides = createOverrideStore(store, events, now);
  const adaptations = createAdaptationStore(store, events, now);
  const config = () => configuration.current().gateway;

  async function timeouts(provider: string) {
    const all = await overrides.list();
    const book = createOverrideBook();
    book.replaceAll(all);
    const { idle_timeout_s, connect_timeout_s } = config();
    return {
      overrides: all.filter((one) => one.provider === provider),
      idleTimeoutS: book.idleTimeoutS(provider, idle_timeout_s, now()),
      connectTimeoutS: book.connectTimeoutS(provider, connect_timeout_s, now()),
    };
  }

  return {
    async provider(id: string) {
      const snapshot = await client.snapshot();
      const live = snapshot?.providers.find((one) => one.id === id);
      if (!live && !config().providers.some((one) => one.id === id && one.enabled)) return null;
      return {
        id,
        state: live?.state ?? ('unknown' as const),
        lastError: live?.last_error ?? null,
        circuit: live?.circuit ?? ('closed' as const),
        models: live?.models ?? [],
        others: othersOf(snapshot, id, fellowsOf(config().routes, id)),
        ...(await timeouts(id)),
      };
    },
    async override(ask: {
      provider: string;
      hold?: boolean;
      detourTo?: string;
      idleTimeoutS?: number;
      connectTimeoutS?: number;
      until: number;
      reason: string;
      actor: string;
    }) {
      const override = {
        id: newId('ovr'),
        provider: ask.provider,
        hold: ask.hold ?? false,
        detour_to: ask.detourTo ?? null,
        idle_timeout_s: ask.idleTimeoutS ?? null,
        connect_timeout_s: ask.connectTimeoutS ?? null,
        until: ask.until,
        reason: ask.reason,
        actor: ask.actor,
        created_at: now(),
      };
      await overrides.add(override);
      return override;
    },
    endOverride: async (id: string, actor: string, why: string) =>
      (await overrides.end(id, actor, why)) !== undefined,
    adaptations: async (provider: string) =>
      (await adaptations.list())
        .filter((one) => one.provider === provider)
        .map((one) => toResource(one, now())),
    async forget(ids: readonly string[], actor: string) {
      for (const id of ids) await adaptations.remove(id, actor);
    },
    async relearn(kept: readonly AdaptationResource[]) {
      for (const one of kept) await adaptations.keep(fromResource(one), []);
    },
    probe: async (id: string, signal: AbortSignal) => (signal.aborted ? null : client.probe(id)),
    async turnsSince(provider: string, since: number) {
      const rows = await store
        .db<GatewayTables>()
        .selectFrom('turn')
        .select('outcome')
        .where('provider', '=', provider)
        .where('ts', '>=', since)
        .limit(1000)
        .execute();
      return {
        answered: rows.filter(({ outcome }) => outcome === 'ok').length,
        failed: rows.filter(({ outcome }) => outcome === 'upstream_error').length,
      };
    },
    async url() {
      const url = config().enabled ? await client.url() : null;
      return url === null ? null : new URL('/v1', url).toString();
    },
  };
}

/** Who stands beside it in a route: a person chose them for the same turns. */
const fellowsOf = (routes: readonly RouteConfig[], id: string): ReadonlySet<string> =>
  new Set(
    routes
      .map(({ candidates }) => candidates.map(({ provider }) => provider))
      .filter((places) => places.includes(id))
      .flat(),
  );

/** Who else works: those of the same routes first, then local ones; the demo is no help. */
const othersOf = (snapshot: GatewaySnapshot | null, id: string, fellows: ReadonlySet<string>) =>
  (snapshot?.providers ?? [])
    .filter(
      (one) => one.id !== id && one.type !== 'demo' && one.state !== 'failing' && one.circuit !== 'open',
    )
    .map(({ id: other, local, models }) => ({ id: other, local, models }))
    .sort(
      (a, b) => Number(fellows.has(b.id)) - Number(fellows.has(a.id)) || Number(b.local) - Number(a.local),
    );

function fromResource(one: AdaptationResource): Adaptation {
  const { first_seen, last_seen, expires_at, edit, protocol, change: _, in_force: __, ...same } = one;
  return {
    ...same,
    protocol: protocol as Adaptation['protocol'],
    edit: edit as unknown as Edit,
    firstSeen: first_seen,
    lastSeen: last_seen,
    expiresAt: expires_at,
  };
}
