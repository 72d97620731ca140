import type { FaultMatch, FaultTestRequest, FaultTestResult, SignalField } from '@vigiles/contract';
import { inputOf } from '../core/detect/conditions.ts';
import type { CompiledEntry } from '../core/detect/compiled.ts';
import { createDetection } from '../core/detect/detection.ts';
import type { Signal } from '../core/detect/signal.ts';
import { counted, needed } from '../core/detect/tally.ts';
import { lacking } from '../core/detect/when.ts';
import { sourceOf } from './play-example.ts';
import { looksFor } from './view.ts';

const MAX_LINES = 2000;

interface Probe {
  name: string;
  fields: Record<string, SignalField>;
  line: string | undefined;
}

/** Tells which entries know the pasted lines or the signal, why, and what would still be missing. Nothing is touched. */
export function testFaults(
  compiled: readonly CompiledEntry[],
  { text, event, source }: Pick<FaultTestRequest, 'text' | 'event' | 'source'>,
  now: number,
): FaultTestResult {
  const probes = event
    ? [{ name: event.name, fields: event.fields, line: undefined }]
    : (text ?? '')
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .slice(0, MAX_LINES)
        .map(probeOf);
  const matches = compiled.flatMap((entry) => matchOf(entry, probes, source, now) ?? []);
  const rank = ({ fires, signals }: FaultMatch) =>
    (fires ? 100 : 0) + signals.filter(({ met }) => met).length;
  return {
    matches: matches.toSorted((a, b) => rank(b) - rank(a)),
    problems: [],
    lines: event ? 0 : probes.length,
  };
}

/** A line of JSON with a name and fields is a signal; anything else is a log line. */
function probeOf(line: string): Probe {
  if (line.startsWith('{')) {
    try {
      const value = JSON.parse(line) as { name?: unknown; fields?: unknown };
      if (typeof value.name === 'string' && typeof value.fields === 'object' && value.fields !== null)
        return { name: value.name, fields: value.fields as Record<string, SignalField>, line: undefined };
    } catch {
      // A log line that begins like JSON.
    }
  }
  return { name: 'log', fields: {}, line: line.slice(0, 4096) };
}

/** The most promising of the classes it applies to. */
function matchOf(
  compiled: CompiledEntry,
  probes: readonly Probe[],
  source: string | undefined,
  now: number,
): FaultMatch | null {
  const { entry } = compiled;
  const targetClass = entry.applies_to.class[0] ?? 'service';
  const detection = createDetection(() => entry.applies_to.labels);
  detection.replace([compiled], 0);
  const target = entry.applies_to.target[0]?.replaceAll('*', 'example') ?? 'example';
  const firstLine = new Map<string, number>();
  let fires = false;
  for (const [index, probe] of probes.entries()) {
    for (const seen of signalsOf(compiled, probe, source)) {
      const signal: Signal = { ...seen, target, targetClass, at: now + index };
      const before = totals(detection.tallies(entry.id, target));
      if (detection.signal(signal).some(({ kind }) => kind === 'sighted')) fires = true;
      for (const [place, total] of totals(detection.tallies(entry.id, target)).entries()) {
        const name = entry.detectors[place]?.signal ?? '';
        if (total > (before[place] ?? 0) && !firstLine.has(name)) firstLine.set(name, index + 1);
      }
    }
  }
  const tallies = detection.tallies(entry.id, target);
  if (!tallies.some(({ total }) => total > 0)) return null;
  const signals = entry.detectors.map((detector, place) => {
    const tally = tallies[place];
    return {
      signal: detector.signal,
      looks_for: looksFor(detector),
      seen: tally ? counted(tally, detector.window) : 0,
      needed: needed(detector.window),
      met: tally !== undefined && (tally.on || tally.metAt !== null),
      line: (tally?.total ?? 0) > 0 ? (firstLine.get(detector.signal) ?? null) : null,
    };
  });
  const met = (name: string) => signals.some((one) => one.signal === name && one.met);
  const begun = signals.filter((one) => one.seen > 0 && !one.met);
  const missing = fires
    ? []
    : [
        ...begun.map(
          (one) =>
            `\`${one.signal}\` is seen ${one.seen} of ${one.needed} times${within(compiled, one.signal)}`,
        ),
        ...lacking(compiled.when, (name) => met(name) || begun.some((one) => one.signal === name)),
      ];
  const { id, title, when } = entry;
  return { id, title, class: targetClass, fires, when, signals, missing };
}

const totals = (tallies: readonly { total: number }[]): number[] => tallies.map(({ total }) => total);

function within({ entry }: CompiledEntry, signal: string): string {
  const found = entry.detectors.find((one) => one.signal === signal)?.window;
  return found && found.consecutive === undefined ? ` within ${found.within_s} s` : '';
}

/** A line without a source comes from wherever each detector looks; one signal for each different place. */
function signalsOf(
  { detectors }: CompiledEntry,
  { name, fields, line }: Probe,
  source: string | undefined,
): Omit<Signal, 'target' | 'targetClass' | 'at'>[] {
  if (line === undefined) {
    if (!detectors.some(({ detector }) => inputOf(detector) === name)) return [];
    return [{ name, fields, source: sourceOf(name) }];
  }
  const places = detectors.flatMap(({ detector, sees }) => {
    if (detector.type !== 'log' || !sees(line)) return [];
    const { scope } = detector;
    return [
      {
        source: source ?? (scope.source[0] ?? 'service:*').replaceAll('*', 'example'),
        stream: scope.stream ?? 'stdout',
        level: scope.level[0] ?? 'info',
      },
    ];
  });
  const distinct = new Map(places.map((place) => [JSON.stringify(place), place]));
  return [...distinct.values()]
    .slice(0, 1)
    .map((place) => ({ name: 'log', line, fields: place, source: 'log' as const }));
}
