import type { Clock } from '../../kernel/clock.ts';

/** Fewer hosts than this say nothing about our own network. */
const leastHosts = 5;
const shareFailing = 0.8;
const memoryMs = 120_000;

/**
 * Tells our own network outage from theirs: when nearly all hosts outside this machine fail at the same time,
 * it is us (uptime-kuma#6040).
 */
export function createOutageSense(clock: Clock) {
  const hosts = new Map<string, { ok: boolean; at: number }>();
  return {
    note(host: string, ok: boolean): void {
      hosts.set(host, { ok, at: clock.monotonic() });
    },
    /** Why a failure of a remote host cannot be believed now; null when it can. */
    suspicion(): string | null {
      const recent = [...hosts.values()].filter(({ at }) => clock.monotonic() - at < memoryMs);
      const failing = recent.filter(({ ok }) => !ok).length;
      if (recent.length < leastHosts || failing / recent.length < shareFailing) return null;
      return `${failing} of ${recent.length} remote hosts fail at the same time: our own network is suspected`;
    },
  };
}

export type OutageSense = ReturnType<typeof createOutageSense>;
