import type { ActionRun, EventData, Outcome } from '@vigiles/contract';
import type { ActionDefinition } from './define-action.ts';
import type { StoredRun } from './store.ts';

/** `left`: this process ends; the next one waits on. */
export type Release = 'go' | 'cancel' | 'expired' | 'left';

/** A run that is under way in this process. */
export interface LiveRun extends StoredRun {
  definition: ActionDefinition;
  /** As they were asked; what is journaled has no secrets in it. */
  params: unknown;
  abort: AbortController;
  /** Ends the veto or the wait for approval: `go` starts it, `left` leaves it as it is, the others end it. */
  release: (how: Release) => void;
  released: Promise<Release>;
  /** Who cancelled, once somebody has. */
  cancelledBy: string | null;
  /** What `perform` does; it may go on after the run was given up. */
  working: Promise<void>;
  /** It could not be stopped: its lock stays taken until it ends by itself. */
  stuck: boolean;
  alerts: Omit<EventData<'alert.raised'>, 'incident_id'>[];
  memory: Map<string, unknown>;
  /** Ends the watch over a success early: somebody else acts on the same thing. */
  overtaken: boolean;
  done: Promise<ActionRun>;
  finish: (run: ActionRun) => void;
}

export function newLiveRun(
  stored: StoredRun,
  definition: ActionDefinition,
  params: unknown = stored.run.params,
): LiveRun {
  const gate = Promise.withResolvers<Release>();
  const end = Promise.withResolvers<ActionRun>();
  return {
    ...stored,
    definition,
    params,
    abort: new AbortController(),
    release: gate.resolve,
    released: gate.promise,
    cancelledBy: null,
    working: Promise.resolve(),
    stuck: false,
    alerts: [],
    memory: new Map(),
    overtaken: false,
    done: end.promise,
    finish: end.resolve,
  };
}

/** What a run ended with. */
export interface Ending {
  outcome: Outcome;
  message: string;
}
