import type { EventData } from '@vigiles/contract';
import type { ActionContext } from './define-action.ts';
import type { ActionFaces } from './faces.ts';
import { readTarget, type TargetView } from './targets.ts';

/** Everything a context is made of besides the faces. */
export interface Asked {
  target: string;
  params: unknown;
  actor: string;
  reason: string;
  incidentId: string | null;
  runId: string;
  approvedBy?: string | null;
}

/** What a run follows while it works. Absent: somebody only looks. */
export interface Following {
  signal: AbortSignal;
  memory: Map<string, unknown>;
  note: ActionContext<never>['note'];
  alert: (alert: Omit<EventData<'alert.raised'>, 'incident_id'>) => void;
}

const onlyLooking = (): Following => ({
  signal: new AbortController().signal,
  memory: new Map(),
  note: () => undefined,
  alert: () => undefined,
});

export const isPerson = (actor: string): boolean => actor.startsWith('device:');
/** A change of the configuration is what a person wants: its restarts neither wait for a veto nor count as attempts. */
export const isConfig = (actor: string): boolean => actor === 'config';

export function createContext(
  faces: ActionFaces,
  now: () => number,
  asked: Asked,
  following: Following = onlyLooking(),
): ActionContext<never> {
  const { class: targetClass, name: targetName } = readTarget(asked.target);
  return {
    ...faces,
    ...following,
    target: asked.target,
    targetClass,
    targetName,
    params: asked.params as never,
    actor: asked.actor,
    automatic: !isPerson(asked.actor) && !isConfig(asked.actor),
    reason: asked.reason,
    incidentId: asked.incidentId,
    runId: asked.runId,
    approvedBy: asked.approvedBy ?? null,
    now,
  };
}

/** What a target is now; null: there is no such service. Whether others are there, each action finds out itself. */
export function viewOf(faces: ActionFaces, target: string): TargetView | null {
  const { class: targetClass } = readTarget(target);
  const named = targetClass === 'service' || targetClass === 'host';
  const service = named ? faces.services.look(target) : null;
  if (targetClass === 'service' && !service) return null;
  return { name: target, class: service ? 'service' : targetClass, service };
}
