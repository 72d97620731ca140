import type { Incident, IncidentEntry, Outcome } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import { createWriteBehind } from '../../../platform/store/index.ts';
import { redactData, redactText } from '../../actions/index.ts';
import type { IncidentEvent, IncidentStore, StoredIncident } from './store.ts';

/** A success that comes back within this time was none. */
const recurrenceMs = 600_000;
/** A story longer than this loses entries from its middle: the beginning and the end explain it. */
const maxEntries = 200;

export type NewEntry = Partial<IncidentEntry> & Pick<IncidentEntry, 'kind' | 'title'>;

export interface FaultReport {
  service: string;
  code: string;
  title: string;
  severity: Incident['severity'];
  cause: NewEntry;
}

export interface IncidentDeps {
  store: IncidentStore;
  clock: Clock;
  newId: NewId;
  log: Log;
  /** A fix did not last: the run that made it has to say so. */
  onFlipped: (runId: string, message: string) => void;
}

/**
 * One story per service at a time. Kept in memory, so that healing never waits for the store; saved in order behind it.
 */
export function createIncidents(deps: IncidentDeps) {
  const { store, clock, log } = deps;
  const open = new Map<string, StoredIncident>();
  /** The last closed one of a service, for recurrence. */
  const closed = new Map<string, StoredIncident>();
  const behind = createWriteBehind({ log });

  function save(value: StoredIncident, event: IncidentEvent, actor = 'watchdog'): void {
    const copy = structuredClone(value);
    behind.push(copy.incident.id, () => store.save(copy, event, actor));
  }

  const entryOf = (entry: NewEntry): IncidentEntry => ({
    ts: clock.now(),
    tier: null,
    actor: 'watchdog',
    ...entry,
    title: redactText(entry.title),
    detail: redactText(entry.detail ?? ''),
    evidence: redactData(entry.evidence ?? {}),
  });

  function append(value: StoredIncident, entries: readonly NewEntry[]): void {
    const { timeline } = value.incident;
    timeline.push(...entries.map(entryOf));
    if (timeline.length > maxEntries) timeline.splice(maxEntries / 2, timeline.length - maxEntries);
  }

  function update(value: StoredIncident, change: Partial<Incident>, entries: readonly NewEntry[]): void {
    Object.assign(value.incident, change);
    append(value, entries);
    save(value, 'incident.updated');
  }

  /** A fix that did not last ten minutes: its incident goes on, and its run is no success any more. */
  function reopen(before: StoredIncident, report: FaultReport): StoredIncident {
    const { service, code, title } = report;
    const after = clock.now() - (before.incident.closed_at ?? 0);
    const message = `it came back after ${Math.max(0, Math.round(after / 1000))} s`;
    if (before.fixedBy) deps.onFlipped(before.fixedBy, message);
    closed.delete(service);
    open.set(service, before);
    before.alerted = false;
    const flipped = {
      kind: 'outcome',
      title: 'Not fixed',
      detail: message,
      evidence: { outcome: 'not_fixed' },
    } as const;
    const again = { occurrences: before.incident.occurrences + 1, fault_code: code, title, closed_at: null };
    update(before, { ...again, state: 'open', outcome: 'not_fixed' }, [flipped, report.cause]);
    return before;
  }

  return {
    /** Names of the services that have an open one. */
    openServices: (): string[] => [...open.keys()],
    of: (service: string): StoredIncident | null => open.get(service) ?? null,
    find: (id: string): StoredIncident | null =>
      [...open.values(), ...closed.values()].find(({ incident }) => incident.id === id) ?? null,

    /** Opens an incident, or adds to the one that is open or closed too early. */
    report(report: FaultReport): StoredIncident {
      const { service } = report;
      const current = open.get(service);
      if (current) {
        update(current, { occurrences: current.incident.occurrences + 1 }, [report.cause]);
        return current;
      }
      const before = closed.get(service);
      const closedAt = before?.incident.closed_at ?? 0;
      if (before?.incident.outcome === 'fixed' && clock.now() - closedAt < recurrenceMs) {
        return reopen(before, report);
      }
      const incident: Incident = {
        id: deps.newId('inc'),
        service,
        fault_code: report.code,
        title: report.title,
        severity: report.severity,
        state: 'open',
        outcome: null,
        opened_at: clock.now(),
        closed_at: null,
        acknowledged_by: null,
        occurrences: 1,
        timeline: [],
      };
      const value: StoredIncident = { incident, attempts: 0, alerted: false, fixedBy: null };
      append(value, [report.cause]);
      open.set(service, value);
      save(value, 'incident.opened');
      return value;
    },

    update,

    close(
      value: StoredIncident,
      outcome: Outcome,
      entries: readonly NewEntry[],
      fixedBy: string | null,
    ): void {
      const { incident } = value;
      if (incident.state === 'closed') return;
      Object.assign(incident, { state: 'closed', outcome, closed_at: clock.now() });
      value.fixedBy = fixedBy;
      append(value, entries);
      open.delete(incident.service);
      closed.set(incident.service, value);
      save(value, 'incident.closed');
    },

    acknowledge(value: StoredIncident, actor: string): Incident {
      value.incident.acknowledged_by ??= actor;
      append(value, [{ kind: 'note', title: 'Acknowledged', actor }]);
      save(value, 'incident.updated', actor);
      return value.incident;
    },

    async load(services: readonly string[]): Promise<void> {
      for (const value of await store.open()) open.set(value.incident.service, value);
      for (const service of services) {
        const last = await store.lastClosed(service);
        if (last) closed.set(service, last);
      }
    },
    /** Resolves when everything up to now is stored, or cannot be yet. */
    settled: () => behind.settled(),
    /** Nothing is saved any more: what cannot be stored now is given up. */
    stop: () => behind.close(),
  };
}

export type Incidents = ReturnType<typeof createIncidents>;
