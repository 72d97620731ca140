import type { ServiceState } from '@vigiles/contract';

/** What is remembered of one service between two observations. Plain data: it is stored as it is. */
export interface Memory {
  state: ServiceState;
  /** When it entered this state, UTC milliseconds. */
  since: number;
  reason: string;
  /** Looks in a row, by check id. One of the two counts is always 0. */
  checks: Record<string, { failures: number; successes: number }>;
  /** Key of the instance that is believed to run; null when none is, or it is not ours. */
  instance: string | null;
  /** When that instance was first seen, monotonic; null once it was up. Failures until then are a slow start. */
  startedAt: number | null;
  /** An action is under way: nothing that is seen counts until a new instance runs. Monotonic. */
  hold: { until: number } | null;
  /** The service it depends on that is down. */
  parentDown: string | null;
  /** A fault was reported and not yet recovered from. */
  faulty: boolean;
  /** Its end was seen, and no new instance since. */
  ended: boolean;
}

/** A moment on both clocks: wall time for people and windows, monotonic time for durations. */
export interface Moment {
  /** UTC milliseconds. */
  wall: number;
  /** Milliseconds that never go back; only comparable within one process. */
  monotonic: number;
}

export const newMemory = (now: number): Memory => ({
  state: 'UNKNOWN',
  since: now,
  reason: 'not looked at yet',
  checks: {},
  instance: null,
  startedAt: null,
  hold: null,
  parentDown: null,
  faulty: false,
  ended: false,
});

/** The rules of one service. Milliseconds. */
export interface Policy {
  /** Ids of its checks: all of them have to succeed before it counts as up. */
  checks: readonly string[];
  failuresToDown: number;
  /** For an instance that lives and holds its port but answers too slowly. */
  slowFailuresToDown: number;
  successesToUp: number;
  /** How long a new instance may take to answer for the first time. */
  startGraceMs: number;
  /** Those that are open or come next. Absolute, so that neither midnight nor daylight saving time matters. */
  maintenance: readonly { from: number; to: number; reason: string }[];
}

/** Something that was seen or said about a service. */
export type Observation =
  | { kind: 'healthy'; check: string; instance: string | null }
  /**
   * `frozen`: its process was stopped (SIGSTOP), so it hangs rather than fails. `refused`: nothing listens there, and no process
   * of it is known to run.
   */
  | {
      kind: 'unhealthy';
      check: string;
      instance: string | null;
      reason: string;
      frozen?: boolean;
      refused?: boolean;
    }
  /** No answer in time, while its process lives and its port is bound. */
  | { kind: 'slow'; check: string; instance: string | null; reason: string }
  | { kind: 'process_started'; instance: string }
  /** `check`: which look found it so; absent where its end was seen. */
  | { kind: 'process_dead'; instance: string | null; reason: string; check?: string }
  /** We cannot be believed at all: nothing that was counted holds. */
  | { kind: 'own_trouble'; reason: string }
  /** One check cannot tell (no right, no program): what the others say holds. */
  | { kind: 'blind'; check: string; reason: string }
  | { kind: 'recovery_began'; until: number; reason: string }
  | { kind: 'recovery_failed'; reason: string }
  | { kind: 'user_stopped'; reason: string }
  | { kind: 'user_started'; reason: string }
  | { kind: 'maintenance_began'; reason: string }
  | { kind: 'maintenance_ended' }
  | { kind: 'parent_down'; parent: string }
  | { kind: 'parent_up' }
  /** Time passed. */
  | { kind: 'tick' };

export type ObservationKind = Observation['kind'];
export type Seen<K extends ObservationKind> = Extract<Observation, { kind: K }>;

/** What has to be done because of an observation. */
export type Effect =
  | { kind: 'changed'; from: ServiceState; to: ServiceState; reason: string }
  /** It is down, and somebody or something has to act. */
  | {
      kind: 'fault';
      code: FaultCode;
      reason: string;
      /** It was told before, and nobody saw it healthy since: we could not tell for a while. */
      still: boolean;
    }
  /** It is down because of its parent: part of the parent's incident, nothing of its own. */
  | { kind: 'suppressed'; parent: string; reason: string }
  /** It is up again after a fault. */
  | { kind: 'recovered'; reason: string }
  /** A person or a maintenance window took over: whatever is planned is off. */
  | { kind: 'hands_off'; reason: string };

export type FaultCode = 'process_dead' | 'not_responding' | 'check_failing' | 'refusing';

export interface Decision {
  memory: Memory;
  effects: Effect[];
}
