import type { Incident, IncidentEntry, Outcome, TargetClass } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Presence } from '../../../platform/presence/index.ts';
import { createWriteBehind } from '../../../platform/store/index.ts';
import { redactData, redactText } from '../../actions/index.ts';
import type { Sighting } from '../core/sighting.ts';
import type { IncidentEvent, IncidentStore } from './store.ts';
import { newStory, type StoredIncident } from './stored-incident.ts';

/** A success that comes back within this time was none. */
const recurrenceMs = 600_000;
/** A story longer than this loses entries from its middle: the beginning and the end explain it. */
const maxEntries = 200;

export type NewEntry = Partial<IncidentEntry> & Pick<IncidentEntry, 'kind' | 'title'>;

export interface FaultReport {
  /** What it is about. */
  target: string;
  /** `service` unless said otherwise. */
  targetClass?: TargetClass;
  /** Names the story; the target unless said otherwise. */
  key?: string;
  code: string;
  faultId?: string | null;
  fingerprint?: string | null;
  sighting?: Sighting | null;
  title: string;
  severity: Incident['severity'];
  cause: NewEntry;
}

export interface IncidentDeps {
  store: IncidentStore;
  /** Who else works on the database. */
  presence: Pick<Presence, 'id' | 'gone'>;
  clock: Clock;
  newId: NewId;
  log: Log;
  /** A fix did not last: the run that made it, and what was learned from it, have to say so. */
  onFlipped: (value: StoredIncident, message: string) => void;
}

/**
 * One story per key at a time. Kept in memory, so that healing never waits for the store; saved in order behind it.
 */
export function createIncidents(deps: IncidentDeps) {
  const { store, presence, clock, log } = deps;
  const open = new Map<string, StoredIncident>();
  /** The last closed one of a key, for recurrence; forgotten when it is too old for that. */
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
    const { state: _state, ...rest } = change;
    // What comes late of a story that is over is written down, and does not open it again.
    const over = value.incident.state === 'closed' && open.get(value.key) !== value;
    Object.assign(value.incident, over ? rest : change);
    append(value, entries);
    save(value, 'incident.updated');
  }

  /** A fix that did not last ten minutes: its incident goes on, and its run is no success any more. */
  function reopen(before: StoredIncident, report: FaultReport): StoredIncident {
    const after = clock.now() - (before.incident.closed_at ?? 0);
    const message = `it came back after ${Math.max(0, Math.round(after / 1000))} s`;
    deps.onFlipped(before, message);
    closed.delete(before.key);
    open.set(before.key, before);
    Object.assign(before, { alerted: false, active: true, credit: null });
    before.sighting = report.sighting ?? before.sighting;
    const last = before.tried.at(-1);
    if (last?.outcome === 'fixed') last.outcome = 'not_fixed';
    const flipped = {
      kind: 'outcome',
      title: 'Not fixed',
      detail: message,
      evidence: { outcome: 'not_fixed' },
    } as const;
    const again = { ...facts(report), occurrences: before.incident.occurrences + 1, closed_at: null };
    update(before, { ...again, state: 'open', outcome: 'not_fixed' }, [flipped, report.cause]);
    return before;
  }

  /** A closed one of before, if it is recent enough to go on with. */
  function recent(key: string): StoredIncident | null {
    const limit = clock.now() - recurrenceMs;
    for (const [name, { incident }] of closed) if ((incident.closed_at ?? 0) < limit) closed.delete(name);
    return closed.get(key) ?? null;
  }

  return {
    openStories: (): StoredIncident[] => [...open.values()],
    /** The open one of a key. A service's own story has its name. */
    of: (key: string): StoredIncident | null => open.get(key) ?? null,
    find: (id: string): StoredIncident | null =>
      [...open.values(), ...closed.values()].find(({ incident }) => incident.id === id) ?? null,

    /** Opens an incident, or adds to the one that is open or closed too early. */
    report(report: FaultReport): StoredIncident {
      const { target, key = target } = report;
      const current = open.get(key);
      if (current) {
        current.active = true;
        update(current, { occurrences: current.incident.occurrences + 1 }, [report.cause]);
        return current;
      }
      const before = recent(key);
      if (before?.incident.outcome === 'fixed') return reopen(before, report);
      const incident: Incident = {
        id: deps.newId('inc'),
        service: target,
        target,
        target_class: report.targetClass ?? 'service',
        ...facts(report),
        severity: report.severity,
        tier: null,
        suggestion: null,
        state: 'open',
        outcome: null,
        opened_at: clock.now(),
        closed_at: null,
        acknowledged_by: null,
        occurrences: 1,
        timeline: [],
      };
      const value = newStory(key, incident);
      value.sighting = report.sighting ?? null;
      append(value, [report.cause]);
      open.set(key, value);
      save(value, 'incident.opened');
      return value;
    },

    update,

    /** What was told of a part turns out to be about the whole: the story goes on under that key. */
    widen(value: StoredIncident, { target, key = target, code, severity, cause }: FaultReport): void {
      open.delete(value.key);
      value.key = key;
      open.set(key, value);
      value.active = true;
      // Who only heard of a warning has not heard of this.
      if (value.incident.severity !== severity) value.alerted = false;
      const state = value.alerted ? value.incident.state : 'open';
      update(value, { fault_code: code, severity, state }, [cause]);
    },

    /** Takes an open story as the store has it: another control may have opened, gone on with or closed it. */
    async refresh(key: string): Promise<void> {
      await behind.settled();
      // The store is away: memory knows more than it.
      if (behind.waiting() > 0) return;
      const mine = open.get(key);
      const now = mine ? await store.byId(mine.incident.id) : await store.openStory(key);
      if (!now || open.get(key) !== mine) return;
      // Saved before people were told, which whoever opened it does at once.
      if (now.incident.state === 'needs_person') now.alerted = true;
      if (now.incident.state === 'closed') open.delete(key);
      else open.set(key, now);
    },

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
      open.delete(value.key);
      closed.delete(value.key);
      closed.set(value.key, value);
      save(value, 'incident.closed');
    },

    /** A person's own words. */
    note(value: StoredIncident, text: string, actor: string): Incident {
      append(value, [{ kind: 'note', title: 'Note', detail: text, actor }]);
      save(value, 'incident.updated', actor);
      return value.incident;
    },

    acknowledge(value: StoredIncident, actor: string): Incident {
      value.incident.acknowledged_by ??= actor;
      append(value, [{ kind: 'note', title: 'Acknowledged', actor }]);
      save(value, 'incident.updated', actor);
      return value.incident;
    },

    /**
     * Takes up its own, and what controls that are gone have left: this one before a restart.
     * @param isOurs whether this control can tell how a story goes on
     */
    async load(isOurs: (value: StoredIncident) => boolean = () => true): Promise<void> {
      const isGone = await presence.gone();
      const isFree = (owner: string) => owner === presence.id || isGone(owner);
      const ours = (await store.openOf(isFree)).filter(isOurs);
      for (const value of ours) open.set(value.key, value);
      await store.take(ours.map(({ incident }) => incident.id));
      const over = await store.closedSince(clock.now() - recurrenceMs, isFree);
      for (const value of over.filter(isOurs)) closed.set(value.key, value);
    },
    /** Resolves when everything up to now is stored, or cannot be yet. */
    settled: () => behind.settled(),
    /** Nothing is saved any more: what cannot be stored now is given up. */
    stop: () => behind.close(),
  };
}

const facts = ({ code, title, faultId = null, fingerprint = null }: FaultReport) => ({
  fault_code: code,
  title,
  fault_id: faultId,
  fingerprint,
});

export type Incidents = ReturnType<typeof createIncidents>;
