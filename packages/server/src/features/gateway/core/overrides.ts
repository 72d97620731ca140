import type { ProviderOverride } from '@vigiles/contract';
import type { Candidate, RouteMap } from './route/plan-route.ts';

/** Overrides that hold now, by provider. Times are UTC ms. */
export interface OverrideBook {
  replaceAll(overrides: readonly ProviderOverride[]): void;
  readonly empty: boolean;
  /** When the next one ends; null: none does. */
  nextEnd(now: number): number | null;
  /** Until when no turn is sent there while another place may take it; 0: it may be used. */
  heldUntil(provider: string, now: number): number;
  /** Where its turns go meanwhile: `provider/model` or `provider`. */
  detourOf(provider: string, now: number): string | null;
  /** Longest silence in seconds; the configured one unless it is overridden. */
  idleTimeoutS(provider: string, configured: number, now: number): number;
  connectTimeoutS(provider: string, configured: number, now: number): number;
}

export function createOverrideBook(): OverrideBook {
  let byProvider = new Map<string, ProviderOverride[]>();
  const holding = (provider: string, now: number): ProviderOverride[] =>
    byProvider.size === 0 ? NONE : (byProvider.get(provider) ?? NONE).filter(({ until }) => until > now);
  // The longest of those that hold: somebody who raises a timeout must not lower it for somebody else.
  const longest = (
    provider: string,
    configured: number,
    now: number,
    of: (override: ProviderOverride) => number | null,
  ) => holding(provider, now).reduce((most, override) => Math.max(most, of(override) ?? 0), configured);

  return {
    replaceAll(overrides) {
      byProvider = Map.groupBy(overrides, ({ provider }) => provider);
    },
    get empty() {
      return byProvider.size === 0;
    },
    nextEnd(now) {
      let next: number | null = null;
      for (const overrides of byProvider.values())
        for (const { until } of overrides) if (until > now && (next === null || until < next)) next = until;
      return next;
    },
    heldUntil: (provider, now) =>
      holding(provider, now).reduce((last, { hold, until }) => (hold ? Math.max(last, until) : last), 0),
    detourOf: (provider, now) =>
      holding(provider, now).findLast(({ detour_to }) => detour_to !== null)?.detour_to ?? null,
    idleTimeoutS: (provider, configured, now) =>
      longest(provider, configured, now, (one) => one.idle_timeout_s),
    connectTimeoutS: (provider, configured, now) =>
      longest(provider, configured, now, (one) => one.connect_timeout_s),
  };
}

const NONE: ProviderOverride[] = [];

/**
 * A plan with what holds for its providers: a held one has to be judged turn by turn, and its detour is one more place,
 * right behind it. What may not leave this machine still may not: that is judged of each place.
 * @param find whether a provider is there, and on which side
 */
export function withOverrides(
  plan: RouteMap,
  book: OverrideBook,
  find: (id: string) => Pick<Candidate, 'side'> | undefined,
  now: number,
): RouteMap {
  if (book.empty || plan.candidates.every(({ provider }) => book.heldUntil(provider, now) === 0)) return plan;
  const candidates = plan.candidates.flatMap((candidate): Candidate[] => {
    const to = book.heldUntil(candidate.provider, now) > 0 ? book.detourOf(candidate.provider, now) : null;
    if (to === null) return [candidate];
    const slash = to.indexOf('/');
    const provider = slash < 0 ? to : to.slice(0, slash);
    const model = slash < 0 ? candidate.model : to.slice(slash + 1);
    const side = find(provider)?.side;
    const known = plan.candidates.some((one) => one.provider === provider && one.model === model);
    return side === undefined || known ? [candidate] : [candidate, { ...candidate, provider, model, side }];
  });
  return { ...plan, candidates, plain: false };
}
