import { ServiceState, type ActionRun, type DiagnosisStatus, type GuardState } from '@vigiles/contract';
import type { MetricFamily } from '../features/system/index.ts';

export interface WatchdogNumbers {
  services(): readonly { name: string; state: ServiceState }[];
  /** Sums of answers of checks by type, since the start. */
  checks(): ReadonlyMap<string, { looks: number; failed: number; seconds: number }>;
  openIncidents(): readonly { severity: string; state: string }[];
  predictions(): readonly { kind: string }[];
  guards(): readonly GuardState[];
  ai(): Promise<DiagnosisStatus | null>;
  /** Samples that the history's thread has not stored yet. */
  historyWaiting(): number;
  subscribeRuns(handler: (run: ActionRun) => void): () => void;
}

const counted = (names: Iterable<string>, zero: readonly string[] = []): Record<string, number> => {
  const counts: Record<string, number> = Object.fromEntries(zero.map((name) => [name, 0]));
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

/** The watchdog's numbers for Prometheus. Labels are states, types and outcomes; services by name, up to 500 of them. */
export function watchdogMetrics(numbers: WatchdogNumbers): MetricFamily[] {
  const runs: Record<string, number> = {};
  numbers.subscribeRuns(({ state, outcome }) => {
    if (state === 'finished' && outcome) runs[outcome] = (runs[outcome] ?? 0) + 1;
  });
  const ofChecks = (pick: (one: { looks: number; failed: number; seconds: number }) => number) =>
    Object.fromEntries([...numbers.checks()].map(([type, one]) => [type, pick(one)]));
  const gauge = (name: string, help: string, label: string | undefined, read: MetricFamily['read']) => ({
    name: `vigiles_${name}`,
    help,
    kind: 'gauge' as const,
    ...(label === undefined ? {} : { label }),
    read,
  });
  const counter = (name: string, help: string, label: string, read: MetricFamily['read']) => ({
    ...gauge(name, help, label, read),
    kind: 'counter' as const,
  });
  return [
    gauge('services', 'Services by state', 'state', () =>
      counted(
        numbers.services().map(({ state }) => state),
        ServiceState.options,
      ),
    ),
    gauge('service_up', 'Whether a service is up: 1, or 0; nothing while nobody can tell', 'service', () =>
      Object.fromEntries(
        numbers.services().flatMap(({ name, state }) => {
          if (state === 'UP' || state === 'SUSPECT') return [[name, 1]];
          return state === 'DOWN' || state === 'RECOVERING' ? [[name, 0]] : [];
        }),
      ),
    ),
    counter('check_looks_total', 'Looks of checks since the start, by type', 'type', () =>
      ofChecks(({ looks }) => looks),
    ),
    counter('check_failures_total', 'Looks that found something wrong, by type', 'type', () =>
      ofChecks(({ failed }) => failed),
    ),
    counter('check_latency_seconds_total', 'Time until answers came, added up, by type', 'type', () =>
      ofChecks(({ seconds }) => seconds),
    ),
    gauge('incidents_open', 'Incidents that are open, by severity', 'severity', () =>
      counted(
        numbers.openIncidents().map(({ severity }) => severity),
        ['critical', 'warning', 'info'],
      ),
    ),
    gauge('incidents_need_person', 'Open incidents that need a person', undefined, () => ({
      '': numbers.openIncidents().filter(({ state }) => state === 'needs_person').length,
    })),
    gauge('predictions', 'Failures that are foreseen, by kind', 'kind', () =>
      counted(
        numbers.predictions().map(({ kind }) => kind),
        ['memory', 'latency', 'disk', 'budget', 'certificate'],
      ),
    ),
    counter('action_runs_total', 'Actions that ended since the start, by outcome', 'outcome', () => ({
      ...runs,
    })),
    gauge(
      'guards_open',
      'Targets on which the watchdog does not act by itself: a breaker is open',
      undefined,
      () => ({
        '': numbers.guards().filter((guard) => guard.breaker_open_until !== null && guard.target !== '*')
          .length,
      }),
    ),
    gauge(
      'storm_breaker_open',
      'Whether too much failed at once for the watchdog to act by itself',
      undefined,
      () => ({
        '': numbers.guards().some((guard) => guard.breaker_open_until !== null && guard.target === '*')
          ? 1
          : 0,
      }),
    ),
    gauge('ai_spend_dollars', 'What asking a model cost this month', undefined, async () => {
      const ai = await numbers.ai();
      return ai ? { '': ai.month_micros / 1e6 } : {};
    }),
    gauge('ai_calls_today', 'Questions to a model today', undefined, async () => {
      const ai = await numbers.ai();
      return ai ? { '': ai.calls_today } : {};
    }),
    gauge('history_waiting_samples', 'Samples that the history has not stored yet', undefined, () => ({
      '': numbers.historyWaiting(),
    })),
  ];
}
