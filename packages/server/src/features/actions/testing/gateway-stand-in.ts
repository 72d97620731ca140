import type { Adaptation, ProviderOverride } from '@vigiles/contract';
import type { GatewayTargets } from '../index.ts';

interface Script {
  models?: string[];
  /** What asking it for its models says. */
  answers?: boolean | null;
  /** It looks well until it is asked. */
  seemsWell?: boolean;
}

/** A gateway's hands over providers that behave as told; overrides end by time as the real ones do. */
export function gatewayStandIn(providers: Record<string, Script>) {
  const overrides = new Map<string, ProviderOverride>();
  let learned: Adaptation[] = [];
  let turns = { answered: 0, failed: 0 };
  let url: string | null = 'http://127.0.0.1:8766/v1';
  let next = 0;
  const holding = () => [...overrides.values()].filter(({ until }) => until > Date.now());
  const targets: GatewayTargets = {
    async provider(id) {
      if (!providers[id]) return null;
      const own = holding().filter(({ provider }) => provider === id);
      return {
        id,
        state: 'ok',
        lastError: null,
        circuit: 'closed',
        models: providers[id].models ?? [],
        others: Object.entries(providers)
          .filter(([other, { answers, seemsWell }]) => other !== id && (answers !== false || seemsWell))
          .map(([other, { models = [] }]) => ({ id: other, local: false, models })),
        overrides: own,
        idleTimeoutS: Math.max(300, ...own.map(({ idle_timeout_s }) => idle_timeout_s ?? 0)),
        connectTimeoutS: Math.max(10, ...own.map(({ connect_timeout_s }) => connect_timeout_s ?? 0)),
      };
    },
    async override({
      provider,
      hold = false,
      detourTo,
      idleTimeoutS,
      connectTimeoutS,
      until,
      reason,
      actor,
    }) {
      next += 1;
      const made: ProviderOverride = {
        id: `ovr_${next}`,
        provider,
        hold,
        detour_to: detourTo ?? null,
        idle_timeout_s: idleTimeoutS ?? null,
        connect_timeout_s: connectTimeoutS ?? null,
        until,
        reason,
        actor,
        created_at: Date.now(),
      };
      overrides.set(made.id, made);
      return made;
    },
    endOverride: async (id) => overrides.delete(id),
    adaptations: async (provider) => learned.filter((one) => one.provider === provider),
    async forget(ids) {
      learned = learned.filter(({ id }) => !ids.includes(id));
    },
    async relearn(kept) {
      learned = [...learned, ...kept];
    },
    async probe(id) {
      const answers = providers[id]?.answers ?? true;
      return answers === null
        ? null
        : { ok: answers, message: answers ? 'it lists 1 models' : 'it answered 503' };
    },
    turnsSince: async () => turns,
    url: async () => url,
  };
  return {
    targets,
    overrides: holding,
    learned: () => learned,
    learn: (...adaptations: Adaptation[]) => void learned.push(...adaptations),
    settle: (next: { answered: number; failed: number }) => void (turns = next),
    answers: (id: string, how: boolean) => void (providers[id] = { ...providers[id], answers: how }),
    moveTo: (address: string | null) => void (url = address),
  };
}
