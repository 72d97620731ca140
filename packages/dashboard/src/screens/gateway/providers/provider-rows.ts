import type { GatewaySnapshot, ProviderConfig } from '@vigiles/contract';

type Live = GatewaySnapshot['providers'][number];

/** A provider as the file names it and as the gateway has it; either may be missing. */
export interface ProviderRow {
  id: string;
  type: string;
  config: ProviderConfig | null;
  /** In the file's list; -1: it is not in the file. */
  place: number;
  live: Live | null;
}

/** Providers of the file in its order, then those that were found or are built in. */
export function providerRows(
  configured: readonly ProviderConfig[],
  live: readonly Live[] | null,
): ProviderRow[] {
  const rows = configured.map((config, place): ProviderRow => ({
    id: config.id,
    type: config.type,
    config,
    place,
    live: live?.find(({ id }) => id === config.id) ?? null,
  }));
  const found = (live ?? []).filter(({ id }) => !configured.some((config) => config.id === id));
  return [
    ...rows,
    ...found.map((one) => ({ id: one.id, type: one.type, config: null, place: -1, live: one })),
  ];
}

/** What a provider's state is called. `known`: whether the gateway answers at all. */
export function stateOf(
  { config, live }: ProviderRow,
  known: boolean,
): 'off' | 'unknown' | 'unusable' | 'open' | 'probing' | 'failing' | 'ok' | 'unused' {
  if (config?.enabled === false) return 'off';
  if (!known) return 'unknown';
  if (!live) return 'unusable';
  if (live.circuit === 'open') return 'open';
  if (live.circuit === 'half-open') return 'probing';
  if (live.state === 'failing') return 'failing';
  return live.state === 'ok' ? 'ok' : 'unused';
}
