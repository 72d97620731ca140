import type { TargetClass } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import type { DetectEngine } from './detect/engine.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { FaultResponder } from './respond/responder.ts';
import { keyOf } from './respond/story-key.ts';

/** Something of Vigiles that failed, told by the feature that did it. */
export interface ToldFault {
  /** Entry of the catalogue that it is an instance of. */
  fault: string;
  /** Its signal, as the entry's detector names it: `state.backup_failed`. */
  signal: string;
  target: string;
  targetClass: TargetClass;
}

/**
 * Faults that a feature tells, and tells to be over: one story each, also where several controls do the work in turn. The story
 * is read again before it goes on, because another control may have opened or ended it.
 */
export function createToldFaults(deps: {
  detect: DetectEngine;
  incidents: Incidents;
  responder: FaultResponder;
  clock: Clock;
}) {
  const { detect, incidents, responder, clock } = deps;
  return {
    /** It failed, once more or for the first time. @param reason hostile */
    async failed({ fault, signal, target, targetClass }: ToldFault, reason: string): Promise<void> {
      await incidents.refresh(keyOf({ fault, target }));
      // Each failure is an entry of the story, not only the first of an episode.
      detect.finish(fault, target);
      detect.signal({
        name: signal,
        target,
        targetClass,
        at: clock.now(),
        source: 'process',
        line: reason.slice(0, 4096),
      });
    },
    async over({ fault, target }: ToldFault, reason: string): Promise<void> {
      await incidents.refresh(keyOf({ fault, target }));
      detect.finish(fault, target);
      responder.cleared({ fault, target, reason });
    },
    /** Nobody looks after these any more: how their stories went on cannot be told. */
    async left(gone: (target: string, targetClass: TargetClass) => boolean): Promise<void> {
      const targets = new Set(
        incidents
          .openStories()
          .filter(({ incident }) => gone(incident.target, incident.target_class))
          .map(({ incident }) => incident.target),
      );
      for (const target of targets) {
        detect.forget(target);
        await responder.removed(target);
      }
    },
  };
}
