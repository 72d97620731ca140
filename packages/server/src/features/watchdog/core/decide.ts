import type { Decision, Memory, Moment, Observation, Policy } from './memory.ts';
import type { Given } from './steps.ts';
import { transitions, type TransitionTable } from './transitions.ts';

/** The maintenance window that is open now; null when none is. */
export const openWindow = (policy: Policy, now: number) =>
  policy.maintenance.find((window) => window.from <= now && now < window.to) ?? null;

function apply(table: TransitionTable, memory: Memory, seen: Observation, given: Given): Decision {
  const transition = table[memory.state][seen.kind] as (m: Memory, s: Observation, g: Given) => Decision;
  return transition(memory, seen, given);
}

/**
 * What an observation means for a service: its new memory, and what has to be done. Pure. Maintenance windows open and close here, by time alone.
 */
export function decide(memory: Memory, seen: Observation, now: Moment, policy: Policy): Decision {
  const given = { now, policy };
  const window = openWindow(policy, now.wall);
  let before: Decision = { memory, effects: [] };
  if (window && memory.state !== 'MAINTENANCE') {
    const reason = window.reason || 'maintenance';
    before = apply(transitions, memory, { kind: 'maintenance_began', reason }, given);
  } else if (!window && memory.state === 'MAINTENANCE') {
    before = apply(transitions, memory, { kind: 'maintenance_ended' }, given);
  }
  const after = apply(transitions, before.memory, seen, given);
  return { memory: after.memory, effects: [...before.effects, ...after.effects] };
}
