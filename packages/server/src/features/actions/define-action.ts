import type { z } from 'zod';
import type { EventData, RiskClass } from '@vigiles/contract';
import type { ServiceTargets, ServiceView, Work } from './targets.ts';

/** What an action is told, and what it may do. */
export interface ActionContext<Params> extends Work {
  target: string;
  params: Params;
  services: ServiceTargets;
  /** Why it was asked for. */
  reason: string;
  incidentId: string | null;
  /** Tells people; the runner sends it with the run's outcome. */
  alert(alert: Omit<EventData<'alert.raised'>, 'incident_id'>): void;
  /** What `perform` leaves for `verify`; gone after a restart of control. */
  memory: Map<string, unknown>;
}

/**
 * One thing Vigiles can do. Declared whole, so that it can be explained before (`plan`), refused at the last
 * moment (`precheck`), stopped (`signal`), proven (`verify`) and, where it can, undone (`rollback`).
 */
export interface ActionDefinition<Schema extends z.ZodType = z.ZodType> {
  id: string;
  title: string;
  params: Schema;
  /** Counts against cooldown, restart cap and storm breaker when the watchdog asks for it. */
  guarded: boolean;
  timeoutMs: number;
  /** Two runs with the same lock never overlap. */
  lock(target: string): string;
  risk(view: ServiceView): RiskClass;
  /** The steps it would take; changes nothing. */
  plan(context: ActionContext<z.output<Schema>>): string[];
  /** Read again directly before it starts: why it must not; null when it may. */
  precheck(context: ActionContext<z.output<Schema>>): string | null;
  /** Does it. Stops within 3 s when the signal is aborted, or cannot. Throws when it failed. */
  perform(context: ActionContext<z.output<Schema>>): Promise<void>;
  /** Whether it helped, seen from outside. */
  verify(context: ActionContext<z.output<Schema>>): Promise<'fixed' | 'not_fixed' | 'unknown'>;
  /** Keeps what `rollback` needs; rollback is only tried when this had succeeded. */
  snapshot?(context: ActionContext<z.output<Schema>>): Promise<unknown>;
  rollback?(context: ActionContext<z.output<Schema>>, snapshot: unknown): Promise<void>;
}

/** Ties the types of an action together. */
export function defineAction<Schema extends z.ZodType>(
  definition: ActionDefinition<Schema>,
): ActionDefinition {
  return definition;
}
