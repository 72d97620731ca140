import type { DeviceQuotaStates, QuotaName, QuotaPeriod, QuotaState } from '@vigiles/contract';
import type { ModelUse } from '../gateway/index.ts';
import { countedQuotas, shown, storageOf, type Who } from './core/limits.ts';
import { modelLimits } from './core/model-limits.ts';
import type { QuotaDeps, QuotaService } from './service.ts';

export interface OverviewDeps extends QuotaDeps {
  service: QuotaService;
  devices(): Promise<readonly Who[]>;
  modelUse(now: number): Promise<ReadonlyMap<string, ModelUse>>;
  /** Bytes that are kept for each device. */
  stored(): Promise<ReadonlyMap<string, number>>;
}

function stateOf(
  quota: QuotaName,
  period: QuotaPeriod,
  used: number,
  limit: number | null,
  resetsAt: number | null,
): QuotaState {
  return {
    quota,
    period,
    used: shown(quota, used),
    limit: limit === null ? null : shown(quota, limit),
    remaining: limit === null ? null : shown(quota, Math.max(0, limit - used)),
    percent: limit === null ? null : limit === 0 ? 100 : Math.min(100, Math.floor((used / limit) * 100)),
    resets_at: resetsAt,
  };
}

/** Of every device what it used and what it may; what is neither limited nor used is left out. */
export async function readOverview(deps: OverviewDeps): Promise<DeviceQuotaStates[]> {
  const { service, clock, config } = deps;
  const now = clock.now();
  await service.written();
  const devices = await deps.devices();
  const anybody = service.spansOf({ deviceId: '', name: '' }, 'web_requests', now);
  const [rows, models, stored] = await Promise.all([
    service.book.used(anybody.map(({ startsAt }) => startsAt)),
    deps.modelUse(now),
    deps.stored(),
  ]);
  const uses = new Map(
    rows.map((row) => [`${row.device_id} ${row.quota} ${row.period} ${row.starts_at}`, row.used]),
  );
  const { quotas, gateway } = config();
  return devices.map((who) => {
    const limits = modelLimits(gateway.limits, who.deviceId);
    const use = models.get(who.deviceId) ?? { requests: 0, tokens: 0 };
    const states = [
      stateOf('ai_requests', 'daily', use.requests, limits.requests, null),
      stateOf('ai_tokens', 'daily', use.tokens, limits.tokens, null),
      ...countedQuotas.flatMap((quota) =>
        service.spansOf(who, quota, now).map(({ period, startsAt, endsAt, limit }) => {
          const used = uses.get(`${who.deviceId} ${quota} ${period} ${startsAt}`) ?? 0;
          return stateOf(quota, period, used, limit, endsAt);
        }),
      ),
      stateOf('storage_mb', 'total', stored.get(who.deviceId) ?? 0, storageOf(quotas, who), null),
    ];
    return {
      device_id: who.deviceId,
      name: who.name,
      quotas: states.filter(({ used, limit }) => limit !== null || used > 0),
    };
  });
}
