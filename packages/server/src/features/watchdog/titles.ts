import type { Outcome } from '@vigiles/contract';

/** What the steps of an incident are called for people. Their names in the code stand in each entry's evidence. */

const outcomes: Record<Outcome, string> = {
  fixed: 'Fixed',
  not_fixed: 'Not fixed',
  rolled_back: 'Undone, it did not help',
  timed_out: 'Took too long',
  cancelled: 'Cancelled',
  unknown: 'Outcome unknown',
};

export const outcomeTitle = (outcome: Outcome | null): string => outcomes[outcome ?? 'unknown'];

const guards: Record<string, string> = {
  cooldown: 'Guard: wait before the next attempt',
  restart_cap: 'Guard: too many restarts',
  breaker: 'Guard: the breaker is open',
  storm: 'Guard: too much goes on at once',
  precheck: 'Guard: not possible now',
};

export const guardTitle = (guard: string): string => guards[guard] ?? `Guard: ${guard.replaceAll('_', ' ')}`;

const actions: Record<string, string> = {
  restart_service: 'Action: restart the service',
  start_service: 'Action: start the service',
  stop_service: 'Action: stop the service',
  kill_stale_processes: 'Action: end left-over processes',
};

export const actionTitle = (action: string): string =>
  actions[action] ?? `Action: ${action.replaceAll('_', ' ')}`;
