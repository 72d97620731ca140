import type { Identity, Status, VigilesConfig } from '@vigiles/contract';

type GatewayPart = Pick<Status['gateway'], 'state' | 'pid'> & { url?: string };

/** Parts of the status that other features know; each has an answer while its feature is not there. */
export interface StatusParts {
  spending(): Promise<{ todayMicros: number; monthMicros: number; unpricedToday: number }>;
  deviceToday(deviceId: string): Promise<{ requests: number; cost_micros: number }>;
  services(): Promise<Status['services']> | Status['services'];
  incidents(): Promise<Status['incidents']> | Status['incidents'];
  /** `url` where it differs from the configured one: port 0 takes a free one. */
  gateway(): Promise<GatewayPart> | GatewayPart;
}

export const emptyParts: StatusParts = {
  spending: async () => ({ todayMicros: 0, monthMicros: 0, unpricedToday: 0 }),
  deviceToday: async () => ({ requests: 0, cost_micros: 0 }),
  services: () => ({ total: 0, up: 0, down: 0, unknown: 0 }),
  incidents: () => ({ open: 0, needs_person: 0, last_24h: 0 }),
  gateway: () => ({ state: 'unknown', pid: null }),
};

/** What the process itself knows. */
export interface StatusSource {
  version: string;
  startedAt: number;
  now(): number;
  uptimeS(): number;
  config(): VigilesConfig;
  configState(): Status['config'];
  address(): { host: string; port: number };
  store: Status['store'];
  left(identity: Identity): Status['rate_limits'];
  headSeq(): Promise<number>;
  subscribers(): number;
  /** Agent sessions that have not ended. */
  activeSessions(): Promise<number>;
}

/** Everything at a glance, for the device that asks. */
export async function statusFor(
  identity: Identity,
  source: StatusSource,
  parts: StatusParts,
): Promise<Status> {
  const config = source.config();
  const [spending, own, services, incidents, gateway, head_seq] = await Promise.all([
    parts.spending(),
    parts.deviceToday(identity.deviceId),
    parts.services(),
    parts.incidents(),
    parts.gateway(),
    source.headSeq(),
  ]);
  const { host: gatewayHost, port: gatewayPort, enabled } = config.gateway;
  return {
    server: {
      name: 'vigiles',
      version: source.version,
      pid: process.pid,
      ...source.address(),
      debug: config.server.debug,
      started_at: source.startedAt,
      uptime_s: source.uptimeS(),
      memory_mb: Math.round(process.memoryUsage.rss() / 1024 / 102.4) / 10,
    },
    device_id: identity.deviceId,
    session: { request_count: own.requests, ok_cost_today: own.cost_micros / 1_000_000 },
    rate_limits: source.left(identity),
    limits_config: config.limits,
    budgets: {
      daily_usd: limitOf(config.budgets.daily_usd),
      monthly_usd: limitOf(config.budgets.monthly_usd),
      spent_today_micros: spending.todayMicros,
      spent_month_micros: spending.monthMicros,
      unpriced_today: spending.unpricedToday,
    },
    services,
    incidents,
    gateway: { enabled, url: `http://${gatewayHost}:${gatewayPort}`, ...gateway },
    store: source.store,
    config: source.configState(),
    events: { head_seq, subscribers: source.subscribers() },
  };
}

const limitOf = (usd: number | 'none'): number | null => (usd === 'none' ? null : usd);
