import { oneStep, type RemedyPlan } from '../core/learn/remedy.ts';
import { templateOf } from '../core/learn/fingerprint.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { DiagnosisContext } from '../diagnosis/prompt.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import type { Alerts } from './alerts.ts';
import type { Decided } from './apply-remedy.ts';
import { serviceOf, type ResponderDeps } from './context.ts';

/** What is to be done with an answer: null where there is nothing but a person left. */
export interface Advised {
  plan: RemedyPlan;
  decided: Decided;
}

const micros = (value: number | null): string =>
  value === null ? 'unpriced' : `$${(value / 1e6).toFixed(6)}`;

/** Tier 3 within a story: asks once, writes down what came of it. */
export function createAskModel(
  deps: ResponderDeps,
  alerts: Alerts,
  logLines: (service: string) => readonly string[],
  history: (fingerprint: string) => Promise<readonly string[]>,
  stopped: () => boolean,
) {
  const { incidents, diagnosis } = deps;

  async function contextOf(value: StoredIncident): Promise<DiagnosisContext> {
    const { incident, sighting, tried } = value;
    const service = serviceOf(deps, value);
    const line = sighting?.line ?? null;
    const cause = incident.timeline.findLast(({ kind }) => kind === 'cause');
    const facts = service
      ? {
          state: service.memory().state,
          supervised: service.supervisor !== null,
          depends_on: service.config().depends_on,
        }
      : {};
    return {
      incident,
      line,
      template: templateOf(line ?? cause?.detail ?? ''),
      facts: { ...facts, version: sighting?.version ?? null, cause: cause?.detail ?? '' },
      logLines: service ? logLines(service.name) : [],
      history: incident.fingerprint === null ? [] : await history(incident.fingerprint).catch(() => []),
      tried: tried.map(
        ({ tier, steps, outcome }) =>
          `tier ${tier}: ${steps.map(({ action }) => action).join(', ')} → ${outcome}`,
      ),
    };
  }

  function write(value: StoredIncident, { call, advice }: Diagnosis): void {
    const {
      id,
      model,
      turn_id,
      tokens_in,
      tokens_out,
      cost_micros,
      latency_ms,
      outcome,
      confidence,
      action,
    } = call;
    const evidence = {
      question: id,
      model,
      turn: turn_id,
      outcome,
      action,
      confidence,
      tokens_in,
      tokens_out,
      cost: micros(cost_micros),
      latency_ms,
    };
    const said = advice ? advice.action.replaceAll('_', ' ') : 'no usable answer';
    // What follows from an answer that is acted on tells its own decision.
    const entry =
      outcome === 'acted'
        ? ({ kind: 'note', title: `The model answers: ${said}` } as const)
        : ({ kind: 'decision', title: `AI: ${said}` } as const);
    incidents.update(value, { tier: 3 }, [{ ...entry, tier: 3, detail: call.reason, evidence }]);
  }

  return async function askModel(value: StoredIncident, why: string): Promise<Advised | null> {
    if (!diagnosis) return null;
    value.asked = true;
    const note = { kind: 'note', tier: 3, title: 'A model is asked', detail: why } as const;
    incidents.update(value, {}, [note]);
    const { incident } = value;
    const diagnosed = await diagnosis.ask(
      await contextOf(value),
      incident.fingerprint ?? incident.fault_code,
    );
    if (incident.state === 'closed') return null;
    // Cut off by the end of Vigiles: the next one asks.
    if (stopped() && !diagnosed.advice) value.asked = false;
    write(value, diagnosed);
    if (stopped()) return null;
    const { advice, call } = diagnosed;
    if (!advice) return null;
    const { action, params, reason, confidence } = advice;
    const decided: Decided = {
      tier: 3,
      title: `AI: ${action.replaceAll('_', ' ')}`,
      detail: reason,
      name: 'ai',
    };
    if (call.outcome === 'acted') return { plan: oneStep(action, params), decided };
    if (action !== 'alert_user' && action !== 'ignore') {
      const suggestion = { action, params, reason, confidence, ts: deps.clock.now() };
      incidents.update(value, { suggestion }, []);
    }
    const detail = `The AI advises ${action.replaceAll('_', ' ')}: ${reason}`;
    await alerts.needPerson(value, { kind: 'guard', tier: 3, title: 'Waits for a person', detail });
    return null;
  };
}
