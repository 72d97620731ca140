import type { TurnLimit } from '@vigiles/contract';

export type LimitUnit = 'requests' | 'tokens';
export type LimitWindow = 'minute' | 'hour' | 'day';

export const WINDOW_MS: Record<LimitWindow, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** One figure of a rule. */
export interface Limit {
  unit: LimitUnit;
  window: LimitWindow;
  windowMs: number;
  limit: number;
}

/** A configured rule, ready to be asked. */
export interface TurnRule {
  /** The same for the same rule: its counts outlive a reload. */
  key: string;
  /** An id, `*` for each by itself, null for all together. */
  device: string | null;
  model: string | null;
  limits: readonly Limit[];
}

/** What a turn is counted under. */
export interface Caller {
  deviceId: string;
  model: string;
  modelRequested: string;
}

const UNITS: readonly LimitUnit[] = ['requests', 'tokens'];
const WINDOWS: readonly LimitWindow[] = ['minute', 'hour', 'day'];

/** @param requestsPerMinute holds for each device, besides the rules */
export function turnRules(requestsPerMinute: number, configured: readonly TurnLimit[]): TurnRule[] {
  const every: TurnLimit = { device: '*', requests_per_minute: requestsPerMinute };
  const seen = new Map<string, number>();
  return [every, ...configured].map((rule, index) => {
    const device = rule.device ?? null;
    const model = rule.model ?? null;
    const limits = UNITS.flatMap((unit) =>
      WINDOWS.flatMap((window) => {
        const limit = rule[`${unit}_per_${window}`];
        return limit === undefined ? [] : [{ unit, window, windowMs: WINDOW_MS[window], limit }];
      }),
    );
    const kinds = limits.map(({ unit, window }) => `${unit}/${window}`).join('+');
    const name = `${index === 0 ? 'every' : 'rule'} ${device ?? ''} ${model ?? ''} ${kinds}`;
    const again = (seen.get(name) ?? 0) + 1;
    seen.set(name, again);
    return { key: `${name} ${again}`, device, model, limits };
  });
}

export function concerns({ device, model }: TurnRule, caller: Caller): boolean {
  if (device !== null && device !== '*' && device !== caller.deviceId) return false;
  return model === null || matches(model, caller.model) || matches(model, caller.modelRequested);
}

const matches = (pattern: string, model: string): boolean =>
  pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : pattern === model;
