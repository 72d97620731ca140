import type { FaultSeverity, SignalField, TargetClass } from '@vigiles/contract';
import { accepts, anyGlob, concerns, instanceOf, ofStream } from './conditions.ts';
import type { CompiledDetector, CompiledEntry } from './compiled.ts';
import type { Signal, SignalSource } from './signal.ts';
import { count, needed, newTally, reset, type Tally } from './tally.ts';
import { holds } from './when.ts';

/** A fault was seen on a target: once per episode. */
export interface Sighted {
  kind: 'sighted';
  fault: string;
  severity: FaultSeverity;
  title: string;
  target: string;
  targetClass: TargetClass;
  at: number;
  source: SignalSource;
  /** Hostile; at most 4 KB. */
  line: string | null;
  version: string | null;
  evidence: Record<string, unknown>;
}

/** It is over. */
export interface Cleared {
  kind: 'cleared';
  fault: string;
  target: string;
  reason: string;
  at: number;
  /** How often it was seen in this episode. */
  occurrences: number;
}

/** What is known of one episode. */
export interface Episode {
  since: number;
  lastAt: number;
  occurrences: number;
  falseSince: number | null;
}

interface EntryState {
  compiled: CompiledEntry;
  tallies: Tally[];
  episode: Episode | null;
}

interface TargetState {
  name: string;
  class: TargetClass;
  entries: Map<string, EntryState>;
  lastAt: number;
}

/** What was seen of one fault since the start. */
export interface SeenOf {
  episodes: number;
  occurrences: number;
  lastAt: number | null;
}

const MAX_TARGETS = 2000;
const MAX_LINE = 4096;

export type Labels = Readonly<Record<string, string>>;

/** What the detection engine decides from: signals in, sightings out. No clock and no I/O of its own. */
export function createDetection(labelsOf: (target: string, targetClass: TargetClass) => Labels = () => ({})) {
  /** Longest quiet first. */
  const targets = new Map<string, TargetState>();
  let byInput = new Map<string, CompiledDetector[]>();
  let byKey = new Map<string, CompiledDetector>();
  const seen = new Map<string, SeenOf>();

  const appliesTo = ({ entry: { applies_to: to } }: CompiledEntry, signal: Signal): boolean => {
    if (!to.class.includes(signal.targetClass) || !anyGlob(to.target, signal.target)) return false;
    const wanted = Object.entries(to.labels);
    if (wanted.length === 0) return true;
    const labels = labelsOf(signal.target, signal.targetClass);
    return wanted.every(([name, value]) => labels[name] !== undefined && anyGlob([value], labels[name]));
  };

  function targetOf(signal: Signal): TargetState {
    const state: TargetState = targets.get(signal.target) ?? {
      name: signal.target,
      class: signal.targetClass,
      entries: new Map(),
      lastAt: 0,
    };
    state.lastAt = signal.at;
    targets.delete(signal.target);
    targets.set(signal.target, state);
    if (targets.size > MAX_TARGETS) forgetOne();
    return state;
  }

  /** A target without an open episode is cheap to lose. */
  function forgetOne(): void {
    for (const [name, { entries }] of targets) {
      if ([...entries.values()].some(({ episode }) => episode)) continue;
      targets.delete(name);
      return;
    }
    for (const name of targets.keys()) {
      targets.delete(name);
      return;
    }
  }

  function stateOf(target: TargetState, compiled: CompiledEntry): EntryState {
    const known = target.entries.get(compiled.entry.id);
    if (known) return known;
    const fresh = { compiled, tallies: compiled.detectors.map(newTally), episode: null };
    target.entries.set(compiled.entry.id, fresh);
    return fresh;
  }

  const isOn = ({ compiled, tallies }: EntryState, name: string, now: number): boolean =>
    compiled.detectors.some(({ detector, state, holdMs }, place) => {
      const tally = tallies[place];
      if (detector.signal !== name || !tally) return false;
      return state ? tally.on : tally.metAt !== null && Math.abs(now - tally.metAt) <= holdMs;
    });

  const decides = (state: EntryState, now: number): boolean =>
    holds(state.compiled.when, (name) => isOn(state, name, now));

  /** @returns whether it was bad news */
  function feed(state: EntryState, found: CompiledDetector, signal: Signal): boolean {
    const tally = state.tallies[found.place];
    if (!tally || !isAbout(found, signal)) return false;
    if (!accepts(found.detector, signal)) {
      if (found.state && tally.instance === instanceOf(signal)) reset(tally);
      return false;
    }
    const line = signal.line === undefined ? null : signal.line.slice(0, MAX_LINE);
    tally.instance = instanceOf(signal);
    const { window } = found.detector;
    const times = Math.min(Math.max(1, signal.times ?? 1), needed(window) + 1);
    let met = false;
    for (let n = 0; n < times; n += 1) met = count(tally, window, signal.at, line);
    if (met && found.state) tally.on = true;
    for (const [place, { detector }] of state.compiled.detectors.entries()) {
      const other = state.tallies[place];
      if (place !== found.place && other && detector.window.reset_on.includes(found.detector.signal))
        reset(other);
    }
    return true;
  }

  function sight(target: TargetState, state: EntryState, signal: Signal): Sighted {
    const { entry, detectors, mild } = state.compiled;
    state.episode = { since: signal.at, lastAt: signal.at, occurrences: 1, falseSince: null };
    const known = seen.get(entry.id) ?? { episodes: 0, occurrences: 0, lastAt: null };
    known.episodes += 1;
    seen.set(entry.id, known);
    noted(entry.id, signal.at);
    const signals = Object.fromEntries(
      detectors.flatMap(({ detector }, place) => {
        const tally = state.tallies[place];
        if (!tally || tally.total === 0 || !isOn(state, detector.signal, signal.at)) return [];
        return [[detector.signal, { seen: tally.total, last_at: tally.lastAt, line: tally.lastLine }]];
      }),
    );
    const fields: Readonly<Record<string, SignalField>> = signal.fields ?? {};
    return {
      kind: 'sighted',
      fault: entry.id,
      severity: mild && holds(mild, (name) => isOn(state, name, signal.at)) ? 'info' : entry.severity,
      title: signal.title ?? entry.title,
      target: target.name,
      targetClass: signal.targetClass,
      at: signal.at,
      source: signal.source,
      line: lastLine(state) ?? null,
      version: signal.version ?? null,
      evidence: { ...signal.evidence, ...fields, signals },
    };
  }

  function noted(fault: string, at: number): void {
    const known = seen.get(fault);
    if (!known) return;
    known.occurrences += 1;
    known.lastAt = at;
  }

  /** After new signals: whether an episode begins, goes on, or may be about to end. */
  function judge(target: TargetState, state: EntryState, signal: Signal, bad: boolean): Sighted | null {
    const { episode } = state;
    if (!decides(state, signal.at)) {
      if (episode) episode.falseSince ??= signal.at;
      return null;
    }
    if (!episode) return bad ? sight(target, state, signal) : null;
    episode.falseSince = null;
    if (!bad) return null;
    episode.occurrences += 1;
    episode.lastAt = signal.at;
    noted(state.compiled.entry.id, signal.at);
    return null;
  }

  function end(target: TargetState, state: EntryState, at: number, reason: string): Cleared {
    const occurrences = state.episode?.occurrences ?? 0;
    state.episode = null;
    return {
      kind: 'cleared',
      fault: state.compiled.entry.id,
      target: target.name,
      reason,
      at,
      occurrences,
    };
  }

  /** Ends what has been quiet for long enough. */
  function settle(target: TargetState, state: EntryState, now: number): Cleared | null {
    const { episode, compiled } = state;
    if (!episode) return null;
    if (decides(state, now)) {
      episode.falseSince = null;
      return null;
    }
    episode.falseSince ??= now;
    const quietMs = compiled.entry.clear_after_s * 1000;
    if (now - episode.falseSince < quietMs) return null;
    const seconds = Math.round((now - episode.lastAt) / 1000);
    return end(target, state, now, `not seen any more for ${seconds} s`);
  }

  function run(signal: Signal, found: readonly CompiledDetector[]): (Sighted | Cleared)[] {
    const owners = [...new Set(found.map(({ owner }) => owner))].filter((owner) => appliesTo(owner, signal));
    if (owners.length === 0) return [];
    // Good news about what is well: nearly all there is, and nothing to remember.
    const known = targets.has(signal.target);
    if (!known && !found.some((one) => isAbout(one, signal) && accepts(one.detector, signal))) return [];
    const target = targetOf(signal);
    const out: (Sighted | Cleared)[] = [];
    for (const owner of owners.toSorted((a, b) => a.order - b.order)) {
      const state = stateOf(target, owner);
      let bad = false;
      for (const one of found) if (one.owner === owner && feed(state, one, signal)) bad = true;
      const sighted = judge(target, state, signal, bad);
      if (sighted) out.push(sighted);
      const cleared = settle(target, state, signal.at);
      if (cleared) out.push(cleared);
      // A line decides once: the first entry that knows it keeps it.
      if (bad && signal.name === 'log' && state.episode && state.episode.lastAt === signal.at) break;
    }
    return out;
  }

  return {
    /** Takes a signal. Lines are tried against every pattern here; use `line` where a matcher has done that. */
    signal(signal: Signal): (Sighted | Cleared)[] {
      const candidates = byInput.get(signal.name);
      if (!candidates) return [];
      if (signal.name !== 'log') return run(signal, candidates);
      const { line = '' } = signal;
      const found = candidates.filter(
        (one) => concerns(one.detector, signal) && one.sees(line.slice(0, MAX_LINE)),
      );
      return found.length === 0 ? [] : run(signal, found);
    },

    /** Takes a line and the keys of the log detectors whose pattern is in it; the matcher has judged source and level. */
    line(signal: Signal, keys: readonly string[]): (Sighted | Cleared)[] {
      const found = keys
        .flatMap((key) => byKey.get(key) ?? [])
        .filter((one) => ofStream(one.detector, signal));
      return found.length === 0 ? [] : run(signal, found);
    },

    /** Time passed: call it every few seconds. */
    tick(now: number): Cleared[] {
      const out: Cleared[] = [];
      for (const [name, target] of targets) {
        let busy = false;
        for (const [id, state] of target.entries) {
          const cleared = settle(target, state, now);
          if (cleared) out.push(cleared);
          if (state.episode || !forgettable(state, now)) busy = true;
          else target.entries.delete(id);
        }
        if (!busy) targets.delete(name);
      }
      return out;
    },

    /** A new catalogue: what did not change goes on where it was; episodes of what is gone end. */
    replace(entries: readonly CompiledEntry[], now: number): Cleared[] {
      const detectors = entries.flatMap((one) => one.detectors);
      byInput = Map.groupBy(detectors, ({ input }) => input);
      byKey = new Map(detectors.map((one) => [one.key, one]));
      const fresh = new Map(entries.map((one) => [one.entry.id, one]));
      const out: Cleared[] = [];
      for (const target of targets.values()) {
        for (const [id, state] of target.entries) {
          const next = fresh.get(id);
          if (next && sameEntry(next, state.compiled)) {
            state.compiled = next;
            continue;
          }
          if (state.episode) out.push(end(target, state, now, 'its entry in the catalogue was changed'));
          target.entries.delete(id);
        }
      }
      for (const id of seen.keys()) if (!fresh.has(id)) seen.delete(id);
      return out;
    },

    /** What goes on now. */
    active(): { fault: string; target: string; since: number; occurrences: number }[] {
      return [...targets.values()].flatMap(({ name, entries }) =>
        [...entries].flatMap(([fault, { episode }]) =>
          episode ? [{ fault, target: name, since: episode.since, occurrences: episode.occurrences }] : [],
        ),
      );
    },

    /** Whether this fault goes on at this target, and since when it has been quiet. */
    episode: (fault: string, target: string): Readonly<Episode> | null =>
      targets.get(target)?.entries.get(fault)?.episode ?? null,

    /**
     * When a fault was last seen at this target, within the episode that goes on. `lasting`: something that is true until it
     * is cleared still says so. Null: no such episode.
     */
    lastSeen(fault: string, target: string): { at: number; lasting: boolean } | null {
      const state = targets.get(target)?.entries.get(fault);
      if (!state?.episode) return null;
      const lasting = state.tallies.some(({ on }, place) => on && state.compiled.detectors[place]?.state);
      return { at: state.episode.lastAt, lasting };
    },

    /** An episode is over, as was proven elsewhere: what comes next is another one. */
    finish(fault: string, target: string): void {
      const state = targets.get(target)?.entries.get(fault);
      if (!state) return;
      state.episode = null;
      for (const tally of state.tallies) reset(tally);
    },

    seen: (fault: string): SeenOf => seen.get(fault) ?? { episodes: 0, occurrences: 0, lastAt: null },

    /** Tallies of one entry at one target, in the order of its detectors: for explanations. */
    tallies: (fault: string, target: string): readonly Tally[] =>
      targets.get(target)?.entries.get(fault)?.tallies ?? [],

    /** A target that is no more. */
    forget(target: string): void {
      targets.delete(target);
    },
  };
}

export type Detection = ReturnType<typeof createDetection>;

/** Of lines, only those detectors were taken in whose scope and pattern fit. */
const isAbout = ({ detector }: CompiledDetector, signal: Signal): boolean =>
  signal.name === 'log' || concerns(detector, signal);

const lastLine = ({ tallies }: EntryState): string | undefined =>
  tallies.filter(({ lastLine: line }) => line !== null).toSorted((a, b) => b.lastAt - a.lastAt)[0]
    ?.lastLine ?? undefined;

/** Nothing of it can matter any more. */
const forgettable = ({ compiled, tallies }: EntryState, now: number): boolean =>
  tallies.every((tally, place) => {
    const one = compiled.detectors[place];
    const keepMs = one ? Math.max(one.holdMs, one.detector.window.within_s * 1000) : 0;
    return !tally.on && (tally.lastAt === 0 || now - tally.lastAt > keepMs);
  });

const sameEntry = (a: CompiledEntry, b: CompiledEntry): boolean =>
  JSON.stringify([a.entry.detectors, a.entry.when, a.entry.applies_to]) ===
  JSON.stringify([b.entry.detectors, b.entry.when, b.entry.applies_to]);
