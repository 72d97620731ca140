import type { ActionRun, EventData, Outcome } from '@vigiles/contract';
import type { ActionDefinition } from './define-action.ts';
import type { StoredRun } from './store.ts';

/** A run that is under way in this process. */
export interface LiveRun extends StoredRun {
  definition: ActionDefinition;
  abort: AbortController;
  /** Ends the veto or the wait for approval: `go` starts it, the others end it. */
  release: (how: 'go' | 'cancel') => void;
  released: Promise<'go' | 'cancel'>;
  /** Who cancelled, once somebody has. */
  cancelledBy: string | null;
  /** What `perform` does; it may go on after the run was given up. */
  working: Promise<void>;
  /** It could not be stopped: its lock stays taken until it ends by itself. */
  stuck: boolean;
  alerts: Omit<EventData<'alert.raised'>, 'incident_id'>[];
  memory: Map<string, unknown>;
  done: Promise<ActionRun>;
  finish: (run: ActionRun) => void;
}

export function newLiveRun(stored: StoredRun, definition: ActionDefinition): LiveRun {
  const gate = Promise.withResolvers<'go' | 'cancel'>();
  const end = Promise.withResolvers<ActionRun>();
  return {
    ...stored,
    definition,
    abort: new AbortController(),
    release: gate.resolve,
    released: gate.promise,
    cancelledBy: null,
    working: Promise.resolve(),
    stuck: false,
    alerts: [],
    memory: new Map(),
    done: end.promise,
    finish: end.resolve,
  };
}

/** What a run ended with. */
export interface Ending {
  outcome: Outcome;
  message: string;
}
