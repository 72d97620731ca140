import type { TurnLimit } from '@vigiles/contract';

/** What a device may ask of all models in a day, by the gateway's own limits; null: no limit. Every rule that fits holds. */
export function modelLimits(
  rules: readonly TurnLimit[],
  deviceId: string,
): { requests: number | null; tokens: number | null } {
  const fitting = rules.filter(
    ({ device, model }) => (device === '*' || device === deviceId) && model === undefined,
  );
  const least = (given: readonly (number | undefined)[]): number | null =>
    given.reduce<number | null>((low, one) => (one === undefined ? low : Math.min(low ?? one, one)), null);
  return {
    requests: least(fitting.map((rule) => rule.requests_per_day)),
    tokens: least(fitting.map((rule) => rule.tokens_per_day)),
  };
}
