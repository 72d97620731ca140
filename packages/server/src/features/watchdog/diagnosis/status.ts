import type { DiagnosisStatus, WatchdogConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { SpendGuard } from '../../actions/index.ts';
import type { DiagnosisStore } from './store.ts';

const lastCalls = 20;

export interface StatusDeps {
  config: () => WatchdogConfig;
  spend: SpendGuard;
  store: DiagnosisStore;
  clock: Clock;
  model: string | null;
  ready: { ready: boolean; why: string };
}

const monthStart = (now: number): number => {
  const day = new Date(now);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1);
};

/** Tier 3 for people: what it may, what it cost, what it said last. */
export async function diagnosisStatus(deps: StatusDeps): Promise<DiagnosisStatus> {
  const { ai } = deps.config();
  const { callsToday, microsThisMonth, nextAt } = deps.spend.state();
  const [month, last] = await Promise.all([
    deps.store.since(monthStart(deps.clock.now())),
    deps.store.last(lastCalls),
  ]);
  const sum = (of: (call: (typeof month)[number]) => number) =>
    month.reduce((all, call) => all + of(call), 0);
  return {
    enabled: ai.enabled,
    ready: deps.ready.ready,
    why: deps.ready.ready ? null : deps.ready.why,
    model: deps.model,
    auto: ai.auto,
    min_confidence: ai.min_confidence,
    limits: {
      per_minute: ai.per_minute,
      per_day: ai.per_day,
      monthly_micros: Math.round(ai.monthly_usd * 1e6),
    },
    calls_today: callsToday,
    calls_left_today: Math.max(0, ai.per_day - callsToday),
    next_at: nextAt,
    month_micros: microsThisMonth,
    month_calls: month.length,
    month_unpriced: month.filter(({ cost_micros, turn_id }) => turn_id !== null && cost_micros === null)
      .length,
    month_tokens_in: sum(({ tokens_in }) => tokens_in),
    month_tokens_out: sum(({ tokens_out }) => tokens_out),
    last,
  };
}
