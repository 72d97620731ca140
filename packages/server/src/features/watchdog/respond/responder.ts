import type { ActionRun } from '@vigiles/contract';
import { fingerprintOf } from '../core/learn/fingerprint.ts';
import { isPassive, oneStep, remediesOf } from '../core/learn/remedy.ts';
import type { FaultCode } from '../core/memory.ts';
import type { Cleared, Responder, Sighting } from '../core/sighting.ts';
import type { FaultReport, NewEntry } from '../incidents/incidents.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import { guardTitle } from '../titles.ts';
import type { WatchedService } from '../watched-service.ts';
import { createAlerts } from './alerts.ts';
import { createApply, type Decided, type Refusal } from './apply-remedy.ts';
import { createAskModel } from './ask-model.ts';
import { decisionFor, isHandsOff, isStateStory, serviceOf, type ResponderDeps } from './context.ts';
import { createEpisodes } from './episodes.ts';
import { createLasting, quietForAMinute } from './lasting.ts';
import { createLearning, remedyOfRun } from './learning.ts';
import { createOneAtATime } from './one-at-a-time.ts';
import { outcomeEntry, stepOf } from './run-entries.ts';
import { createPeopleSay } from './people-say.ts';
import { createSameCause } from './same-cause.ts';
import { keyOf } from './story-key.ts';
import { createResting } from './resting.ts';
import { titleOf } from './state-rules.ts';
import type { RemedyPlan } from '../core/learn/remedy.ts';

const isClosed = ({ incident }: StoredIncident): boolean => incident.state === 'closed';
const isPerson = (actor: string): boolean => actor.startsWith('device:');

export interface ResponderParts extends ResponderDeps {
  /** The last lines a service wrote. */
  logLines: (service: string) => readonly string[];
  /** Earlier incidents of a fingerprint, in sentences, newest first. */
  history: (fingerprint: string) => Promise<readonly string[]>;
}

/** Carries every fault to its end: rule, knowledge, model or person; action, outcome, and on when it did not help. */
export function createResponder(deps: ResponderParts) {
  const { actions, incidents, knowledge, find, log, clock } = deps;
  const timers = new Map<string, NodeJS.Timeout>();
  const resting = createResting(incidents);
  const learning = createLearning({ knowledge, clock });
  const alerts = createAlerts(deps);
  const apply = createApply({ actions, incidents, learning });
  const askModel = createAskModel(deps, alerts, deps.logLines, deps.history, () => stopped);
  const sameCause = createSameCause(deps, (key) => workers.isWorking(key));
  const episodes = createEpisodes();
  const lasting = createLasting({ episodes, clock, detection: deps.detection ?? null });
  let stopped = false;

  const clear = (key: string) => {
    clearTimeout(timers.get(key));
    timers.delete(key);
  };

  function later(value: StoredIncident, ms: number): void {
    clear(value.key);
    timers.set(value.key, setTimeout(() => answer(value.key), Math.min(ms, 2 ** 31 - 1)).unref());
  }

  /** Whether something is to be done, it is over, or others come first. */
  function standing(value: StoredIncident): 'due' | 'over' | 'wait' {
    const service = serviceOf(deps, value);
    if (isStateStory(value)) {
      if (!service) return 'wait';
      const { state, faulty, parentDown } = service.memory();
      if (!faulty && state === 'UP') return 'over';
      return faulty && parentDown === null && state !== 'UP' && !value.handedOver ? 'due' : 'wait';
    }
    if (value.sighting === null) return 'wait';
    if (!value.active) return 'over';
    if (value.handedOver || resting.has(value.key)) return 'wait';
    return service && isHandsOff(service) ? 'wait' : 'due';
  }

  /** True: something changed, look again at once. */
  async function refused(
    value: StoredIncident,
    refusal: Refusal,
    plan: RemedyPlan,
    tier: number,
  ): Promise<boolean> {
    const { guard, reason, retryInMs, needsPerson } = refusal;
    const { target } = value.incident;
    if (guard === 'lock') {
      const pending = actions.underWay(target);
      if (!pending) later(value, 1000);
      else await pending;
      return pending !== null;
    }
    if (guard === 'hands_off') return false;
    const title = guardTitle(guard);
    const entry: NewEntry = {
      kind: 'guard',
      title,
      detail: reason,
      evidence: { guard, retry_in_ms: retryInMs },
    };
    if (guard === 'precheck' && !isStateStory(value)) {
      // It cannot be done, and nothing will tell us when it can: the next remedy, or a person.
      value.tried.push({ tier, remedy: plan.id, steps: plan.steps, at: clock.now(), outcome: 'unknown' });
      incidents.update(value, {}, [entry]);
      return true;
    }
    const known = retryInMs !== undefined || guard === 'precheck';
    if (needsPerson) {
      if (tier === 1 && (await decided(value, true))) return true;
      await alerts.needPerson(value, entry);
    } else if (known) {
      // Asked again every few seconds: the same answer is told once.
      const last = value.incident.timeline.at(-1);
      if (last?.title !== title || last.detail !== reason) incidents.update(value, {}, [entry]);
    } else await alerts.needPerson(value, entry);
    if (known) later(value, retryInMs ?? 5000);
    return false;
  }

  /** After a remedy: until when it must be over, and what its own verification says. `left`: Vigiles ended before that was seen. */
  async function verified(value: StoredIncident, run: ActionRun): Promise<ActionRun['outcome'] | 'left'> {
    const { incident } = value;
    if (isStateStory(value) || run.outcome === 'cancelled') return run.outcome;
    const verify = deps.entryOf(incident.fault_id ?? '')?.verify ?? quietForAMinute;
    if (verify.by === 'none' || (verify.by === 'checks' && run.outcome !== 'unknown')) return run.outcome;
    if (run.outcome === 'not_fixed' || run.outcome === 'rolled_back') return run.outcome;
    if (!value.active) return 'fixed';
    const detail =
      run.outcome === 'fixed' && verify.by === 'quiet'
        ? `Fixed when it is not seen for ${verify.quiet_s} s`
        : `Waits up to ${verify.timeout_s} s for it to be over`;
    incidents.update(value, { state: 'verifying' }, [{ kind: 'verification', title: 'Verifying', detail }]);
    const outcome = await lasting(value, run, verify);
    return stopped && outcome === 'not_fixed' ? 'left' : outcome;
  }

  /** One remedy. True when the next may follow at once, guards permitting. */
  async function tryRemedy(value: StoredIncident, plan: RemedyPlan, by: Decided): Promise<boolean> {
    const noted = { tier: by.tier, remedy: plan.id, steps: plan.steps, at: clock.now() };
    if (value.incident.severity === 'info' && plan.steps.some(({ action }) => action === 'alert_user')) {
      value.tried.push({ ...noted, outcome: 'unknown' });
      return true;
    }
    const applied = await apply(value, plan, by);
    if (stopped && applied.kind !== 'ran') return false;
    if (applied.kind === 'refused') return refused(value, applied.refusal, plan, by.tier);
    if (value.incident.state === 'closed') return false;
    if (applied.kind === 'told') {
      value.tried.push({ ...noted, outcome: 'unknown' });
      const ignored = plan.steps.every(({ action }) => action === 'ignore');
      incidents.update(value, { state: ignored ? 'open' : 'needs_person' }, []);
      return by.tier === 1 && !ignored;
    }
    const { run } = applied;
    const outcome = (await verified(value, run)) ?? 'unknown';
    if (outcome === 'left') incidents.update(value, { state: 'open' }, []);
    if (outcome === 'left' || isClosed(value)) return false;
    const entry = outcomeEntry({ ...run, outcome });
    if (outcome === 'cancelled') return cancelled(value, run, entry);
    value.tried.push({ ...noted, outcome });
    learning.outcome(value, plan, by.tier, outcome);
    if (outcome === 'fixed') {
      incidents.close(value, 'fixed', [entry], run.id);
      return false;
    }
    if (stopped) return false;
    incidents.update(value, { state: 'open' }, [entry]);
    return true;
  }

  async function cancelled(value: StoredIncident, run: ActionRun, entry: NewEntry): Promise<boolean> {
    incidents.update(value, { state: 'open' }, [entry]);
    // The end of Vigiles did: the next one goes on with it.
    if (stopped) return false;
    // Nobody did: it could not begin now.
    if (run.cancelled_by === null && run.started_at === null) later(value, 2000);
    else {
      value.handedOver = isPerson(run.cancelled_by ?? '');
      await alerts.needPerson(value, { kind: 'guard', title: 'Cancelled', detail: run.message });
    }
    return false;
  }

  /** One decision and what follows from it. True when the next may follow at once. */
  async function decided(value: StoredIncident, exhausted = false): Promise<boolean> {
    const decision = decisionFor(deps, value, exhausted);
    if (decision.kind === 'apply') return tryRemedy(value, decision.remedy, decision);
    if (decision.kind === 'ask') {
      const advised = await askModel(value, decision.why);
      if (advised && standing(value) === 'due') return tryRemedy(value, advised.plan, advised.decided);
      return standing(value) === 'due' && value.incident.state !== 'needs_person' && !exhausted;
    }
    if (decision.kind === 'watch' || exhausted) return false;
    const { tier, title, detail, name } = decision;
    await alerts.needPerson(value, { kind: 'decision', tier, title, detail, evidence: { rule: name } });
    return false;
  }

  function closeRecovered(value: StoredIncident, reason: string): void {
    if (actions.underWay(value.incident.target)) return;
    learning.self(value, true);
    incidents.close(
      value,
      'unknown',
      [{ kind: 'outcome', title: 'Recovered by itself', detail: reason }],
      null,
    );
  }

  async function work(key: string): Promise<void> {
    // What else is seen at the same moment decides with it: the catalogue's name for a state.
    await Promise.resolve();
    for (;;) {
      workers.looks(key);
      const value = incidents.of(key);
      if (!value || stopped) return;
      const now = standing(value);
      if (now === 'over') {
        return closeRecovered(
          value,
          'It is healthy again; no action of the watchdog was verified to have done it',
        );
      }
      if (now === 'wait') return;
      const more = await decided(value);
      if (!more && !workers.isWanted(key)) return;
    }
  }

  const workers = createOneAtATime(work, (key, thrown) => {
    log.error({ err: thrown, key }, 'Answering a fault broke; trying again');
    const value = incidents.of(key);
    if (value) later(value, 5000);
  });

  /** Starts answering, or makes the work under way look again. */
  function answer(key: string): void {
    clear(key);
    if (!stopped) workers.begin(key);
  }

  /** A run that nobody waited for: a person’s, or one of before a restart. */
  function lateRun(value: StoredIncident, run: ActionRun): void {
    if (run.action === 'stop_service' || run.actor === 'config') return;
    const plan = remedyOfRun(run);
    if (isPassive(plan)) return;
    const byAi = value.incident.suggestion?.action === run.action;
    learning.outcome(value, plan, byAi ? 3 : isPerson(run.actor) ? null : value.incident.tier, run.outcome);
    if (run.outcome === 'fixed') incidents.close(value, 'fixed', [outcomeEntry(run)], run.id);
    else if (run.outcome) incidents.update(value, { state: 'needs_person' }, [outcomeEntry(run)]);
  }

  /** What the state machine said already, with the name the catalogue has for it. */
  function merge(value: StoredIncident, sighting: Sighting, entry: NewEntry): void {
    const known = deps.entryOf(sighting.fault);
    const more =
      known !== null &&
      remediesOf(known.tier1, 'service').some(({ id }) => id !== oneStep('restart_service').id);
    if (value.sighting !== null && !more) return;
    value.sighting = sighting;
    incidents.update(value, { fault_id: sighting.fault }, sighting.line === null ? [] : [entry]);
    answer(value.key);
  }

  /** A story goes on under another key; whoever tells people of it now comes to an end first. */
  function widen(value: StoredIncident, report: FaultReport): void {
    const { key } = value;
    clear(key);
    resting.wake(key);
    incidents.widen(value, report);
    workers.move(key, value.key);
  }

  function sighted(sighting: Sighting): void {
    const { fault: code, target, targetClass, version, line, severity, evidence } = sighting;
    // Which one it is stands elsewhere; a pattern is about all of them.
    const named = `${target}: `;
    const summary = sighting.summary.startsWith(named)
      ? sighting.summary.slice(named.length)
      : sighting.summary;
    const service = targetClass === 'service' ? find(target) : null;
    const cause: NewEntry = {
      kind: 'cause',
      title: `${code}: ${summary}`,
      detail: line ?? '',
      evidence: { ...evidence, source: sighting.source },
    };
    if (service) {
      const own = incidents.of(target);
      // It came true or something else broke: what was foreseen is a part of that story, not what it is about.
      if (own && sighting.source === 'prediction') return incidents.update(own, {}, [cause]);
      if (own) return merge(own, sighting, cause);
      // The state machine, or the service it depends on, tells this story; or a person wants it so.
      if (isHandsOff(service) || service.memory().faulty) return;
    }
    const print = fingerprintOf({ fault: code, targetClass, version, line: line ?? summary });
    knowledge.seen(print);
    const key = keyOf(sighting);
    resting.wake(key);
    const title = `${service?.config().title ?? target}: ${summary}`;
    const about = { target, targetClass, key, code, faultId: code, fingerprint: print.id };
    const value = incidents.report({ ...about, sighting, title, severity, cause });
    value.sighting = sighting;
    answer(key);
  }

  const peopleSay = createPeopleSay(deps, clear);

  return {
    sighted,

    cleared({ fault: code, target, reason }: Cleared): void {
      const key = keyOf({ fault: code, target });
      const value = incidents.of(key);
      if (!value) return;
      value.active = false;
      clear(key);
      episodes.cleared(key);
      // Whoever works on it looks again: nobody else would close it.
      if (!workers.lookAgain(key)) closeRecovered(value, reason);
    },

    answer,

    fault(service: WatchedService, code: FaultCode, reason: string): void {
      const evidence = { ...service.evidence(), state: service.memory().state };
      const title = titleOf(service.config(), code);
      const version = service.hooks.version?.() ?? null;
      const print = fingerprintOf({ fault: code, targetClass: 'service', version, line: reason });
      knowledge.seen(print);
      const cause = { kind: 'cause', title, detail: reason, evidence } as const;
      const target = service.name;
      const report = { target, code, fingerprint: print.id, title, severity: 'critical', cause } as const;
      const told = sameCause(target, evidence);
      if (told) widen(told, report);
      else incidents.report(report);
      answer(target);
    },

    /** Up again. While an action is under way, its verification closes the incident. */
    recovered(service: WatchedService): void {
      clear(service.name);
      const value = incidents.of(service.name);
      if (value)
        closeRecovered(value, 'It is healthy again; no action of the watchdog was verified to have done it');
    },

    /** A person or a maintenance window took over. */
    handsOff(service: WatchedService, reason: string): void {
      clear(service.name);
      void actions.cancelAutomatic(service.name, reason);
      for (const value of incidents.openStories()) {
        if (value.incident.target !== service.name) continue;
        incidents.close(value, 'unknown', [{ kind: 'note', title: 'Hands off', detail: reason }], null);
      }
    },

    /** It is not watched any more: nobody will ever know how it went on. */
    async removed(name: string): Promise<void> {
      clear(name);
      await actions.cancelAutomatic(name, 'its removal from the configuration');
      const detail = `${name} was removed from the configuration, so how it went on cannot be told`;
      for (const value of incidents.openStories()) {
        if (value.incident.target !== name) continue;
        incidents.close(value, 'unknown', [{ kind: 'note', title: 'Not watched any more', detail }], null);
      }
    },

    /** Follows runs into their incident's story. */
    onRun(run: ActionRun): void {
      if (run.action === 'alert_user') return;
      const finished = run.state === 'finished';
      const linked = run.incident_id === null ? null : incidents.find(run.incident_id);
      const step = linked && stepOf(run);
      if (linked && step) incidents.update(linked, { state: step.state }, [step.entry]);
      if (!finished) return;
      for (const value of incidents.openStories()) {
        if (value.incident.target !== run.target && value !== linked) continue;
        const late = isPerson(run.actor) || (value === linked && !workers.isWorking(value.key));
        if (late && (value === linked || isStateStory(value))) lateRun(value, run);
        // Whoever's run it was: what it changed decides how an open incident goes on.
        if (value.incident.state !== 'closed') answer(value.key);
      }
    },

    ...peopleSay,

    flip: learning.flip,

    /** Takes up the stories of before a restart: what was only sighted rests until it is sighted again. */
    begin: () => resting.begin(),

    stop(): void {
      stopped = true;
      for (const key of timers.keys()) clear(key);
      episodes.stop();
    },
  } satisfies Responder & Record<string, unknown>;
}

export type FaultResponder = ReturnType<typeof createResponder>;
