import type { ActionRun, EventData, Outcome } from '@vigiles/contract';
import type { ActionContext, ActionDefinition } from './define-action.ts';
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
    alerts: [],
    memory: new Map(),
    done: end.promise,
    finish: end.resolve,
  };
}

export type ContextOf = (live: LiveRun) => ActionContext<never>;

/** What a run ended with. */
export interface Ending {
  outcome: Outcome;
  message: string;
}
