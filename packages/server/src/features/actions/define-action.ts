import type { z } from 'zod';
import type { EventData, RiskClass, ActionTargetClass, Scope } from '@vigiles/contract';
import type { ActionFaces } from './faces.ts';
import type { TargetView, Work } from './targets.ts';

/** What an action is told, and what it may do. */
export interface ActionContext<Params> extends Work, ActionFaces {
  target: string;
  targetClass: ActionTargetClass;
  /** The target without the prefix of its class: a provider's id, a file's path. */
  targetName: string;
  params: Params;
  /** Who asked. */
  actor: string;
  /** Nobody asked: the watchdog decided. */
  automatic: boolean;
  /** Why it was asked for. */
  reason: string;
  incidentId: string | null;
  runId: string;
  /** Who approved it; null: it did not have to wait for that. */
  approvedBy: string | null;
  /** UTC milliseconds. */
  now(): number;
  /** Tells people; the runner sends it with the run's outcome. */
  alert(alert: Omit<EventData<'alert.raised'>, 'incident_id'>): void;
  /** What `perform` leaves for `verify`; gone after a restart of control. */
  memory: Map<string, unknown>;
}

type Later<T> = T | Promise<T>;
export type Seen = 'fixed' | 'not_fixed' | 'unknown';

/**
 * One thing Vigiles can do. Declared whole, so that it can be explained before (`plan`), refused at the last
 * moment (`precheck`), stopped (`signal`), proven (`verify`, `steady`) and, where it can, undone (`rollback`).
 */
export interface ActionDefinition<Schema extends z.ZodType = z.ZodType> {
  id: string;
  title: string;
  /** For people, one or two sentences: what it does and what proves that it worked. */
  description?: string;
  params: Schema;
  /** What it can be aimed at; services unless said otherwise. */
  targets?: readonly ActionTargetClass[];
  /** Counts against cooldown, restart cap and storm breaker when the watchdog asks for it. */
  guarded: boolean;
  timeoutMs: number;
  /** Where it has to wait for somebody to come to it: how long. Null or absent: it is done within `timeoutMs`. */
  waitsMs?(context: ActionContext<z.output<Schema>>): Later<number | null>;
  /** Two runs with the same lock never overlap. */
  lock(target: string): string;
  /** The most it can cost; what `risk` says of a target that is not there unless said otherwise. */
  riskAtMost?: RiskClass;
  /** Whoever asked for it may not approve it, whatever the configuration says. */
  approvalByAnother?: true;
  /** What approving it needs, where `operate` is too little: asking for it needs no more than that. */
  approvalScope?: Scope;
  /** How long it may wait for an approval; absent: `watchdog.approval_expires_s`. */
  approvalMs?(context: ActionContext<z.output<Schema>>): number;
  risk(view: TargetView, context: ActionContext<z.output<Schema>>): RiskClass;
  /** The steps it would take; changes nothing. */
  plan(context: ActionContext<z.output<Schema>>): Later<string[]>;
  /** Read again directly before it starts: why it must not; null when it may. */
  precheck(context: ActionContext<z.output<Schema>>): Later<string | null>;
  /** Does it. Stops within 3 s when the signal is aborted, or cannot. Throws when it failed. */
  perform(context: ActionContext<z.output<Schema>>): Promise<void>;
  /** Whether it helped, seen from outside. */
  verify(context: ActionContext<z.output<Schema>>): Promise<Seen>;
  /** Whether what helped still does: asked again and again while a success has to last. Absent: it is over at once. */
  steady?(context: ActionContext<z.output<Schema>>): Later<boolean>;
  /** Keeps what `rollback` needs, as JSON; rollback is only tried when this had succeeded. null: there is nothing to keep. */
  snapshot?(context: ActionContext<z.output<Schema>>): Promise<unknown>;
  rollback?(context: ActionContext<z.output<Schema>>, snapshot: unknown): Promise<void>;
  /** Whether everything is again as it was: a rollback is only believed when this says so. */
  restored?(context: ActionContext<z.output<Schema>>, snapshot: unknown): Later<boolean>;
}

/** Ties the types of an action together. */
export function defineAction<Schema extends z.ZodType>(
  definition: ActionDefinition<Schema>,
): ActionDefinition {
  return definition;
}
