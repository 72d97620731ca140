import type { Incident, RemedyStep } from '@vigiles/contract';
import type { Sighting } from '../core/sighting.ts';

/** A remedy that was tried within an incident. */
export interface Tried {
  tier: number;
  remedy: string;
  steps: RemedyStep[];
  outcome: NonNullable<Incident['outcome']>;
  /** UTC ms. */
  at: number;
}

/** What a verified outcome was counted for: a recurrence takes it back. */
export interface Credit {
  fingerprint: string;
  remedy: string;
}

/** An incident with what only the watchdog needs to go on after a restart. */
export interface StoredIncident {
  incident: Incident;
  /** Names the story among those that are open: a service, or target and fault. */
  key: string;
  /** What was seen last; null where the state machine of a service says it all. */
  sighting: Sighting | null;
  /** The fault still holds, as far as is known. */
  active: boolean;
  /** Runs asked for so far: numbers the next attempt. */
  attempts: number;
  tried: Tried[];
  /** Tier 3 was asked: once is enough. */
  asked: boolean;
  /** A person was told. Once is enough. */
  alerted: boolean;
  /** A person took over: nothing more is done by itself. */
  handedOver: boolean;
  /** The run that is said to have fixed it. */
  fixedBy: string | null;
  credit: Credit | null;
}

/** Fields that rows of older versions do not have. */
export function completed(value: StoredIncident): StoredIncident {
  const { incident } = value;
  const { key, tried }: Partial<StoredIncident> = value;
  return {
    ...fresh,
    ...value,
    key: key ?? incident.service,
    tried: tried ?? [],
    incident: { ...freshIncident, ...incident, target: incident.target || incident.service },
  };
}

const fresh = {
  sighting: null,
  active: true,
  attempts: 0,
  asked: false,
  alerted: false,
  handedOver: false,
  fixedBy: null,
  credit: null,
};

const freshIncident = {
  target_class: 'service',
  fault_id: null,
  fingerprint: null,
  tier: null,
  suggestion: null,
} as const;

/** A story that begins. */
export const newStory = (key: string, incident: Incident): StoredIncident => ({
  ...fresh,
  key,
  tried: [],
  incident,
});
