import type { FaultCase } from '../fault-case.ts';

/** A fault of the gateway itself: every turn depends on it. */
export const gatewayCases: readonly FaultCase[] = [
  {
    fault: 'A1',
    how: 'kill -9 of the gateway',
    target: 'gateway',
    action: 'restart_service',
    ends: 'fixed',
    async happen({ service }) {
      process.kill((await service('gateway')).pid ?? 0, 'SIGKILL');
    },
  },
];

/** A: services, their processes, ports and memory. */
export const serviceCases: readonly FaultCase[] = [
  {
    fault: 'A2',
    how: 'an orphaned grandchild keeps the port of a killed service',
    target: 'toy-port',
    action: 'kill_stale_processes',
    further: ['restart_service'],
    ends: 'fixed',
    async happen({ service, toy }) {
      await toy('toy-port', '/orphan');
      process.kill((await service('toy-port')).pid ?? 0, 'SIGKILL');
    },
  },
  {
    fault: 'A3',
    how: 'a service takes 1.1 GB and keeps it',
    target: 'toy-leak',
    action: 'restart_service',
    ends: 'fixed',
    withinS: 60,
    happen: ({ toy }) => toy('toy-leak', '/leak?mb=1100'),
  },
  {
    fault: 'A4',
    how: 'SIGSTOP of a service: alive, port bound, no answer',
    target: 'toy-hang',
    action: 'restart_service',
    ends: 'fixed',
    withinS: 60,
    async happen({ service }) {
      process.kill((await service('toy-hang')).pid ?? 0, 'SIGSTOP');
    },
  },
  {
    fault: 'A5',
    how: 'a service ends with exit code 3',
    target: 'toy-crash',
    action: 'restart_service',
    ends: 'fixed',
    happen: ({ toy }) => toy('toy-crash', '/exit?code=3').catch(() => undefined),
  },
];
