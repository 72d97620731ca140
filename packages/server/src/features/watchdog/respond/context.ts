import type { FaultEntry, RemedyStep } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Actions } from '../../actions/index.ts';
import type { FaultCode } from '../core/memory.ts';
import { isPassive } from '../core/learn/remedy.ts';
import type { Decision, Rule } from '../core/respond/decide-tier.ts';
import { decideTier } from '../core/respond/decide-tier.ts';
import type { DiagnosisTier } from '../diagnosis/diagnosis.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { WatchedService } from '../watched-service.ts';
import { catalogueRule, stateRule } from './state-rules.ts';

/** What the detection engine knows of a fault that goes on. */
export interface FaultDetection {
  /** When it was last seen; `lasting`: something that is true until it is cleared still holds. Null: it does not go on. */
  lastSeen(fault: string, target: string): { at: number; lasting: boolean } | null;
  /** It is proven to be over: what is seen from now on is another one. */
  finish(fault: string, target: string): void;
}

/** What answering faults is made of. */
export interface ResponderDeps {
  actions: Actions;
  incidents: Incidents;
  knowledge: Knowledge;
  /** null: this Vigiles has no gateway to ask a model through. */
  diagnosis: DiagnosisTier | null;
  find: (name: string) => WatchedService | null;
  /** The catalogue; null: it does not know the fault. */
  entryOf: (fault: string) => FaultEntry | null;
  /** What detects faults; absent: nothing tells whether one stays away. */
  detection?: FaultDetection;
  clock: Clock;
  log: Log;
}

/** It is about the service itself, which the state machine judges. */
export const isStateStory = ({ key, incident }: StoredIncident): boolean =>
  incident.target_class === 'service' && key === incident.target;

export const serviceOf = ({ find }: Pick<ResponderDeps, 'find'>, { incident }: StoredIncident) =>
  incident.target_class === 'service' ? find(incident.target) : null;

/** A person, a maintenance window or a service it depends on has the say. */
export function isHandsOff(service: WatchedService): boolean {
  const { state, parentDown } = service.memory();
  return state === 'STOPPED_BY_USER' || state === 'MAINTENANCE' || parentDown !== null;
}

/** The rule for an incident: what the catalogue says of what was seen, else what follows from the service's state. */
export function ruleOf(deps: ResponderDeps, value: StoredIncident): Rule | null {
  const { incident, sighting } = value;
  const service = serviceOf(deps, value);
  const entry = incident.fault_id === null ? null : deps.entryOf(incident.fault_id);
  const known = entry && catalogueRule(entry, incident.target_class);
  if (!isStateStory(value)) {
    const off = service !== null && !service.config().auto_recover;
    return known && off ? { ...known, remedies: [], handsOff: true } : known;
  }
  if (!service) return null;
  const base = stateRule(service.config(), incident.fault_code as FaultCode);
  if (base.handsOff || !service.supervisor || sighting === null || !known || known.remedies.length === 0)
    return base;
  // What is wrong is not the service: no restart helps, and a fault that makes it down is not left at that.
  if (known.remedies.every(isPassive))
    return {
      ...known,
      remedies: known.remedies.filter(({ steps }) => !steps.every(isIgnored)),
      detail: known.advice,
    };
  return { ...known, tries: Infinity, escalateTo: base.escalateTo };
}

const isIgnored = ({ action }: RemedyStep): boolean => action === 'ignore';

/** Which tier would decide now. Asks nobody and changes nothing: a replay asks the same. */
export function decisionFor(deps: ResponderDeps, value: StoredIncident, exhausted = false): Decision {
  const { incident, tried, asked } = value;
  const { fingerprint } = incident;
  return decideTier({
    rule: ruleOf(deps, value),
    tried,
    exhausted,
    learned: fingerprint === null ? [] : deps.knowledge.lookup(fingerprint),
    ai: deps.diagnosis?.ready(fingerprint ?? undefined) ?? { ready: false, why: 'There is no AI here' },
    asked,
    noted: incident.severity === 'info',
  });
}
