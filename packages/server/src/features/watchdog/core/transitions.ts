import type { ServiceState } from '@vigiles/contract';
import type { Decision, Memory, ObservationKind, Seen } from './memory.ts';
import {
  blinded,
  enter,
  failing,
  goDown,
  goUp,
  isHeld,
  isOutdated,
  stay,
  stillFailing,
  succeeding,
  withInstance,
  withoutInstance,
  type Given,
} from './steps.ts';

type Transition<K extends ObservationKind> = (memory: Memory, seen: Seen<K>, given: Given) => Decision;

/** One transition for every kind of observation: leaving one out does not compile. */
export type Row = { readonly [K in ObservationKind]: Transition<K> };
/** One row for every state: leaving one out does not compile. */
export type TransitionTable = { readonly [S in ServiceState]: Row };

const ignore = (memory: Memory): Decision => stay(memory);

const started: Transition<'process_started'> = (memory, { instance }, { now }) =>
  stay(withInstance(memory, instance, now));

/** The process is gone: nothing to wait for, unless an action ended it on purpose. */
const died: Transition<'process_dead'> = (memory, seen, { now }) => {
  if (isHeld(memory, now) || isOutdated(memory, seen)) return stay(memory);
  const still = memory.state === 'UNKNOWN' && memory.faulty && memory.instance === null;
  return goDown(noted(withoutInstance(memory), seen), 'process_dead', seen.reason, now, still);
};

/** How it was found dead, so that a check that cannot tell does not hide it. */
const noted = (memory: Memory, { check }: Seen<'process_dead'>): Memory =>
  check === undefined ? { ...memory, ended: true } : stillFailing(memory, check);

const toUnknown: Transition<'own_trouble'> = (memory, { reason }, { now }) =>
  enter({ ...memory, checks: {} }, 'UNKNOWN', reason, now);

const toRecovering: Transition<'recovery_began'> = (memory, { until, reason }, { now }) =>
  enter({ ...memory, hold: { until } }, 'RECOVERING', reason, now);

const giveUp: Transition<'recovery_failed'> = (memory, { reason }, { now }) =>
  enter({ ...memory, hold: null }, 'DOWN', reason, now);

const toStopped: Transition<'user_stopped'> = (memory, { reason }, { now }) => {
  const stopped = enter({ ...memory, hold: null, checks: {}, faulty: false }, 'STOPPED_BY_USER', reason, now);
  return { ...stopped, effects: [...stopped.effects, { kind: 'hands_off', reason }] };
};

const toMaintenance: Transition<'maintenance_began'> = (memory, { reason }, { now }) => {
  const entered = enter({ ...memory, checks: {} }, 'MAINTENANCE', reason, now);
  return { ...entered, effects: [...entered.effects, { kind: 'hands_off', reason }] };
};

const parentDown: Transition<'parent_down'> = (memory, { parent }) => stay({ ...memory, parentDown: parent });
const parentUp: Transition<'parent_up'> = (memory) => stay({ ...memory, parentDown: null });

/** A service that stayed down although its parent is back is now a fault of its own. */
const ownFault: Transition<'parent_up'> = (memory, _seen, { now }) =>
  goDown(
    { ...memory, parentDown: null },
    memory.instance === null ? 'process_dead' : 'check_failing',
    memory.reason,
    now,
  );

/** An action that never brought a new instance must not blind us for ever. */
const holdEnds: Transition<'tick'> = (memory, _seen, { now }) =>
  memory.hold !== null && now.monotonic >= memory.hold.until
    ? goDown({ ...memory, hold: null }, 'not_responding', 'no new instance appeared in time', now)
    : stay(memory);

const looking = {
  unhealthy: failing,
  slow: failing,
  process_started: started,
  process_dead: died,
  own_trouble: toUnknown,
  blind: blinded,
  recovery_began: toRecovering,
  recovery_failed: giveUp,
  user_stopped: toStopped,
  user_started: ignore,
  maintenance_began: toMaintenance,
  maintenance_ended: ignore,
  parent_down: parentDown,
  parent_up: parentUp,
  tick: ignore,
} as const;

/** Looks are noted but decide nothing. */
const resting = {
  healthy: ignore,
  unhealthy: ignore,
  slow: ignore,
  process_started: started,
  own_trouble: ignore,
  blind: ignore,
  recovery_began: ignore,
  recovery_failed: ignore,
  tick: ignore,
  parent_down: parentDown,
  parent_up: parentUp,
} as const;

export const transitions: TransitionTable = {
  UNKNOWN: {
    ...looking,
    healthy: (memory, seen, given) =>
      succeeding(memory, seen, given, memory.faulty ? given.policy.successesToUp : 1),
  },
  UP: { ...looking, healthy: (memory, seen, given) => succeeding(memory, seen, given, 1) },
  SUSPECT: {
    ...looking,
    healthy: (memory, seen, given) => {
      const next = succeeding(memory, seen, given, 1);
      // One good look of each check ends the suspicion: nothing was ever reported.
      const clear = Object.values(next.memory.checks).every((count) => count.failures === 0);
      return clear && next.memory.state === 'SUSPECT' ? goUp(next.memory, given.now) : next;
    },
  },
  DOWN: {
    ...looking,
    healthy: (memory, seen, given) => succeeding(memory, seen, given, given.policy.successesToUp),
    unhealthy: (memory, seen) => stay(stillFailing(memory, seen.check)),
    slow: (memory, seen) => stay(stillFailing(memory, seen.check)),
    // The process of a service that was already down (a hang that then crashed) is a new fact.
    process_dead: (memory, seen, given) =>
      memory.instance === null
        ? stay(noted(memory, seen))
        : isOutdated(memory, seen)
          ? stay(memory)
          : died(memory, seen, given),
    parent_up: (memory, seen, given) =>
      memory.parentDown === null ? stay(memory) : ownFault(memory, seen, given),
  },
  RECOVERING: {
    ...looking,
    healthy: (memory, seen, given) => succeeding(memory, seen, given, given.policy.successesToUp),
    tick: holdEnds,
  },
  MAINTENANCE: {
    ...resting,
    process_dead: (memory) => stay(withoutInstance(memory)),
    user_stopped: toStopped,
    user_started: ignore,
    maintenance_began: ignore,
    maintenance_ended: (memory, _seen, { now }) =>
      enter(
        { ...memory, checks: {}, startedAt: memory.instance === null ? null : now.monotonic },
        'UNKNOWN',
        'maintenance ended',
        now,
      ),
  },
  STOPPED_BY_USER: {
    ...resting,
    process_dead: (memory) => stay(withoutInstance(memory)),
    user_stopped: (memory, { reason }, { now }) => enter(memory, 'STOPPED_BY_USER', reason, now),
    user_started: (memory, { reason }, { now }) => enter({ ...memory, checks: {} }, 'UNKNOWN', reason, now),
    maintenance_began: ignore,
    maintenance_ended: ignore,
  },
};
