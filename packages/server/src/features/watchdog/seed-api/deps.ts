import type { HealthSnapshot } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { SchedulerStats } from '../scheduler/scheduler.ts';
import type { History } from './history.ts';
import type { RecoveryDeps } from './recovery.ts';

export interface SeedRoutesDeps extends RecoveryDeps {
  clock: Clock;
  history: History;
  snapshot: () => HealthSnapshot;
  loop: () => SchedulerStats;
  /** Looks at once at these services. */
  lookNow: (names: readonly string[]) => Promise<void>;
  running: () => boolean;
}

export const common = { tag: 'mission control', audit: 'none', faults: [] } as const;
