import type { Clock } from '../../kernel/clock.ts';
import type { Effect } from './core/memory.ts';
import type { DetectEngine } from './detect/engine.ts';
import type { createFamily } from './family.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { FaultResponder } from './respond/responder.ts';
import { stateCleared, stateSignal } from './signals/service-signals.ts';
import type { createStateStore } from './state-store.ts';
import type { WatchedService } from './watched-service.ts';

export interface EffectsDeps {
  family: ReturnType<typeof createFamily>;
  responder: FaultResponder;
  detect: Pick<DetectEngine, 'signal'>;
  incidents: Incidents;
  states: Pick<ReturnType<typeof createStateStore>, 'save'>;
  clock: Clock;
}

/** What follows from a service's state: it is remembered, its family hears of it, its story is told. */
export function createEffects({ family, responder, detect, incidents, states, clock }: EffectsDeps) {
  /** A fault of a service with parents waits for a look at them: one dead host gives one notice. */
  async function faultOfChild(
    service: WatchedService,
    effect: Extract<Effect, { kind: 'fault' }>,
  ): Promise<void> {
    await family.askParents(service);
    const { parentDown, faulty } = service.memory();
    if (!faulty) return;
    if (parentDown === null) broke(service, effect);
    else suppressed(service, parentDown, effect.reason);
  }

  /** The service broke: its story begins, and the catalogue's name for it follows before anything is decided. */
  function broke(service: WatchedService, effect: Extract<Effect, { kind: 'fault' }>): void {
    const { code, reason, still } = effect;
    if (still && incidents.of(service.name)) return responder.answer(service.name);
    responder.fault(service, code, reason);
    detect.signal(stateSignal(service.name, clock.now(), code, reason));
  }

  function suppressed(service: WatchedService, parent: string, reason: string): void {
    const value = incidents.of(parent);
    const entry = { kind: 'note', title: `${service.name} is down with it`, detail: reason } as const;
    if (value) incidents.update(value, {}, [entry]);
  }

  return (service: WatchedService, effect: Effect): void => {
    switch (effect.kind) {
      case 'changed': {
        const { from, to, reason } = effect;
        const pid = service.identity()?.pid ?? null;
        states.save({ service: service.name, from, to, reason, pid }, service.memory().since);
        family.changed(service);
        if (to === 'UP' || to === 'STOPPED_BY_USER' || to === 'MAINTENANCE')
          for (const seen of stateCleared(service.name, clock.now())) detect.signal(seen);
        return;
      }
      case 'fault':
        if (family.hasParents(service)) void faultOfChild(service, effect);
        else broke(service, effect);
        return;
      case 'suppressed':
        return suppressed(service, effect.parent, effect.reason);
      case 'recovered':
        return responder.recovered(service);
      case 'hands_off':
        return responder.handsOff(service, effect.reason);
    }
  };
}
