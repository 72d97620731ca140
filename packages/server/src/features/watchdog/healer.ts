import type { ActionRun, Incident } from '@vigiles/contract';
import type { Log } from '../../kernel/log.ts';
import type { Actions } from '../actions/index.ts';
import type { FaultCode } from './core/memory.ts';
import type { Incidents, NewEntry } from './incidents/incidents.ts';
import type { StoredIncident } from './incidents/stored-incident.ts';
import { ruleFor, titleOf } from './rules.ts';
import { actionTitle, guardTitle, outcomeTitle } from './titles.ts';
import type { WatchedService } from './watched-service.ts';

export interface HealerDeps {
  actions: Actions;
  incidents: Incidents;
  find: (name: string) => WatchedService | null;
  log: Log;
}

/** What a refusal of the runner says in its details. */
interface Refusal {
  guard: string;
  reason: string;
  retryInMs?: number;
  needsPerson?: boolean;
}

/** Carries a fault to its end: rule, action, outcome, and again when it did not help and the guards allow. */
export function createHealer({ actions, incidents, find, log }: HealerDeps) {
  const healing = new Set<string>();
  const again = new Set<string>();
  const timers = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  const clear = (name: string) => {
    clearTimeout(timers.get(name));
    timers.delete(name);
  };

  function later(service: WatchedService, ms: number): void {
    clear(service.name);
    timers.set(service.name, setTimeout(() => heal(service), Math.min(ms, 2 ** 31 - 1)).unref());
  }

  /** Tells a person once per incident; the key of the run makes sure of it also across restarts. */
  async function alert(service: WatchedService, value: StoredIncident, message: string): Promise<void> {
    if (value.alerted) return;
    value.alerted = true;
    const { incident } = value;
    const asked = await actions.request({
      action: 'alert_user',
      target: service.name,
      params: { title: incident.title, message, severity: incident.severity },
      actor: 'watchdog',
      reason: message,
      incidentId: incident.id,
      attempt: incident.occurrences,
    });
    if (asked.ok) return void (await asked.value.done);
    value.alerted = false;
    log.warn({ service: service.name, fault: asked.fault.code }, 'An alert was refused');
  }

  const needPerson = async (
    service: WatchedService,
    value: StoredIncident,
    entry: NewEntry,
  ): Promise<void> => {
    if (value.incident.state === 'closed') return;
    if (value.incident.state !== 'needs_person') incidents.update(value, { state: 'needs_person' }, [entry]);
    await alert(service, value, entry.detail ?? entry.title);
  };

  /** True: something changed, look again at once. */
  async function refusedBy(
    service: WatchedService,
    value: StoredIncident,
    refusal: Refusal,
  ): Promise<boolean> {
    const { guard, reason, retryInMs, needsPerson } = refusal;
    if (guard === 'lock') {
      const pending = actions.underWay(service.name);
      if (!pending) later(service, 1000);
      else await pending;
      return pending !== null;
    }
    if (guard === 'hands_off') return false;
    const entry: NewEntry = {
      kind: 'guard',
      title: guardTitle(guard),
      detail: reason,
      evidence: { guard, retry_in_ms: retryInMs },
    };
    if (needsPerson || guard === 'precheck') {
      if (guard === 'precheck') incidents.update(value, {}, [entry]);
      else await needPerson(service, value, entry);
    } else incidents.update(value, {}, [entry]);
    later(service, retryInMs ?? 5000);
    return false;
  }

  /** One attempt. True when the next one may follow at once, guards permitting. */
  async function attempt(service: WatchedService, value: StoredIncident): Promise<boolean> {
    const code = value.incident.fault_code as FaultCode;
    const rule = ruleFor(service.config(), code);
    if (rule.action === 'alert_user') {
      await needPerson(service, value, {
        kind: 'decision',
        tier: 1,
        title: rule.title,
        detail: rule.detail,
        evidence: { rule: rule.name },
      });
      return false;
    }
    const asked = await actions.request({
      action: rule.action,
      target: service.name,
      actor: 'watchdog',
      reason: value.incident.title,
      incidentId: value.incident.id,
      attempt: value.attempts + 1,
      fault: code,
    });
    if (!asked.ok) {
      return refusedBy(service, value, {
        guard: asked.fault.code,
        reason: asked.fault.message,
        ...asked.fault.details,
      });
    }
    value.attempts += 1;
    incidents.update(value, {}, [
      {
        kind: 'decision',
        tier: 1,
        title: rule.title,
        detail: rule.detail,
        evidence: { rule: rule.name, action: rule.action, attempt: value.attempts, run: asked.value.run.id },
      },
    ]);
    const waits = waitOf(asked.value.run);
    if (waits) incidents.update(value, { state: waits.state }, [waits.entry]);
    const run = await asked.value.done;
    if (run.outcome === 'fixed') {
      incidents.close(value, 'fixed', [outcomeEntry(run)], run.id);
      return false;
    }
    incidents.update(value, { state: 'open' }, [outcomeEntry(run)]);
    if (run.outcome !== 'cancelled') return true;
    if (run.message.startsWith('not begun')) later(service, 2000);
    else await needPerson(service, value, { kind: 'guard', title: 'Cancelled', detail: run.message });
    return false;
  }

  function closeRecovered(service: WatchedService, value: StoredIncident): void {
    if (actions.underWay(service.name)) return;
    const detail = 'It is healthy again; no action of the watchdog was verified to have done it';
    incidents.close(value, 'unknown', [{ kind: 'outcome', title: 'Recovered by itself', detail }], null);
  }

  async function work(service: WatchedService): Promise<void> {
    for (;;) {
      again.delete(service.name);
      const value = incidents.of(service.name);
      const { state, faulty, parentDown } = service.memory();
      if (value && !faulty && state === 'UP') return closeRecovered(service, value);
      const due = value !== null && faulty && parentDown === null && state !== 'UP' && !stopped;
      if (!due) return;
      const more = await attempt(service, value);
      if (!more && !again.has(service.name)) return;
    }
  }

  /** Starts healing, or makes the work under way look again. */
  function heal(service: WatchedService): void {
    clear(service.name);
    if (stopped) return;
    if (healing.has(service.name)) {
      again.add(service.name);
      return;
    }
    healing.add(service.name);
    work(service)
      .catch((thrown: unknown) => {
        log.error({ err: thrown, service: service.name }, 'Healing broke; trying again');
        later(service, 5000);
      })
      .finally(() => {
        healing.delete(service.name);
        if (again.has(service.name)) heal(service);
      });
  }

  return {
    heal,

    fault(service: WatchedService, code: FaultCode, reason: string): void {
      const evidence = { ...service.evidence(), state: service.memory().state };
      incidents.report({
        target: service.name,
        code,
        title: titleOf(service.config(), code),
        severity: 'critical',
        cause: { kind: 'cause', title: titleOf(service.config(), code), detail: reason, evidence },
      });
      heal(service);
    },

    /** Up again. While an action is under way, its verification closes the incident. */
    recovered(service: WatchedService): void {
      clear(service.name);
      const value = incidents.of(service.name);
      if (value) closeRecovered(service, value);
    },

    /** A person or a maintenance window took over. */
    handsOff(service: WatchedService, reason: string): void {
      clear(service.name);
      void actions.cancelAutomatic(service.name, reason);
      const value = incidents.of(service.name);
      if (value)
        incidents.close(value, 'unknown', [{ kind: 'note', title: 'Hands off', detail: reason }], null);
    },

    /** It is not watched any more: nobody will ever know how it went on. */
    async removed(name: string): Promise<void> {
      clear(name);
      await actions.cancelAutomatic(name, 'its removal from the configuration');
      const value = incidents.of(name);
      const detail = `${name} was removed from the configuration, so how it went on cannot be told`;
      if (value)
        incidents.close(value, 'unknown', [{ kind: 'note', title: 'Not watched any more', detail }], null);
    },

    /** Follows runs into their incident's story. */
    onRun(run: ActionRun): void {
      const service = run.action === 'alert_user' ? null : find(run.target);
      // Whoever's run it was: what it changed decides how an open incident goes on.
      if (service && run.state === 'finished' && incidents.of(run.target)) heal(service);
      const value = run.incident_id === null ? null : incidents.find(run.incident_id);
      if (!value || run.action === 'alert_user') return;
      const step = stepOf(run);
      if (step) incidents.update(value, { state: step.state }, [step.entry]);
    },

    stop(): void {
      stopped = true;
      for (const name of timers.keys()) clear(name);
    },
  };
}

const outcomeEntry = (run: ActionRun): NewEntry => ({
  kind: 'outcome',
  title: outcomeTitle(run.outcome),
  detail: run.message,
  evidence: {
    run: run.id,
    action: run.action,
    outcome: run.outcome,
    steps: run.evidence.map(({ text, data }) => ({ text, ...data })),
  },
});

interface Step {
  state: Incident['state'];
  entry: NewEntry;
}

/** What a run waits for before it begins. */
function waitOf(run: ActionRun): Step | null {
  const evidence = { run: run.id, until: run.veto_until };
  if (run.state === 'vetoing') {
    const detail = `${run.action} can be cancelled before it starts`;
    return {
      state: 'acting',
      entry: { kind: 'guard', title: 'Veto window', detail, evidence: { ...evidence, guard: 'veto' } },
    };
  }
  if (run.state !== 'awaiting_approval') return null;
  const detail = `${run.action} waits for an approval`;
  return {
    state: 'needs_person',
    entry: { kind: 'guard', title: 'Waits for an approval', detail, evidence },
  };
}

/** How far a run has come. */
function stepOf(run: ActionRun): Step | null {
  const evidence = { run: run.id };
  if (run.state === 'running' && run.started_at !== null) {
    const detail = run.steps.join('; ');
    return {
      state: 'acting',
      entry: {
        kind: 'action',
        title: actionTitle(run.action),
        detail,
        evidence: { ...evidence, action: run.action },
      },
    };
  }
  if (run.state !== 'verifying') return null;
  const detail = 'Waits for healthy looks';
  return { state: 'verifying', entry: { kind: 'verification', title: 'Verifying', detail, evidence } };
}
