import {
  PluginReference,
  type CatalogueProblem,
  type FaultDetector,
  type TargetClass,
} from '@vigiles/contract';
import { compileEntry, type CompiledEntry } from '../core/detect/compiled.ts';
import { canHold, holds, MAX_SIGNALS, mentions, parseWhen, type When } from '../core/detect/when.ts';
import { logLevels, problemOf } from '../signals/match/pattern.ts';
import { lineTest, patternOf } from './line-test.ts';
import { playExample } from './play-example.ts';
import type { LocatedEntry } from './read-fault-file.ts';
import { shadowOf } from './shadow.ts';

/** What the catalogue asks of the actions there are. */
export interface KnownActions {
  ids: readonly string[];
  /** What is wrong with these params of an action, in a sentence; null: nothing. */
  problemOf(action: string, params: Record<string, unknown>): string | null;
}

export interface CheckedCatalogue {
  compiled: CompiledEntry[];
  problems: CatalogueProblem[];
}

/** Which classes of targets a detector of this type can speak of; absent: any. */
const classesOf: Partial<Record<FaultDetector['type'], readonly TargetClass[]>> = {
  state: ['service'],
  process: ['service', 'agent', 'file'],
  log: ['service', 'agent', 'file', 'host'],
  http: ['service', 'provider'],
  agent: ['service'],
  ping: ['service', 'host'],
  systemd: ['service'],
  tcp: ['service', 'provider', 'host'],
  dns: ['service', 'provider', 'host'],
  tls: ['service', 'provider', 'host'],
  heartbeat: ['service', 'agent'],
  container: ['service'],
  sql: ['service'],
  script: ['service', 'host'],
  json_file: ['file', 'agent', 'service', 'provider', 'host'],
};

const canSpeakOf = (detector: FaultDetector, targetClass: TargetClass): boolean => {
  if (detector.type === 'state' && detector.state.startsWith('agent_')) return targetClass === 'session';
  return classesOf[detector.type]?.includes(targetClass) ?? true;
};

/** What is wrong with one entry by itself, but for its examples; and the entry ready to try where nothing is. */
export function checkAlone(one: LocatedEntry, actions: KnownActions): CheckedCatalogue {
  const problems: CatalogueProblem[] = [];
  const say: Say = (message, ...path) => {
    problems.push({ file: one.file, ...one.at(...path), path: ['faults', one.index, ...path], message });
  };
  checkRule(one, say);
  checkActions(one, actions, say);
  return { problems, compiled: problems.length > 0 ? [] : [compileEntry(one.entry, 0, lineTest)] };
}

/**
 * Checks what the entries mean, all of them at once, in the order of the catalogue. Refused are: a rule nothing can make
 * true, a signal nobody declares or uses, an unknown action, a pattern that never decides, an example that fails.
 */
export function checkCatalogue(located: readonly LocatedEntry[], actions: KnownActions): CheckedCatalogue {
  const problems: CatalogueProblem[] = [];
  const compiled: CompiledEntry[] = [];
  const places = new Map<string, LocatedEntry>();
  for (const one of located) {
    const before = problems.length;
    const say = (message: string, ...path: (string | number)[]) =>
      problems.push({
        file: one.file,
        ...one.at(...path),
        path: ['faults', one.index, ...path],
        message: `${one.entry.id}: ${message}`,
      });
    const known = places.get(one.entry.id);
    if (known) {
      const place = known.at('id');
      say(`is there twice; the other is at ${known.file}:${place.line}`, 'id');
      continue;
    }
    places.set(one.entry.id, one);
    checkRule(one, say);
    checkActions(one, actions, say);
    if (problems.length > before) continue;
    const ready = compileEntry(one.entry, compiled.length, lineTest);
    const shadow = shadowOf(ready, compiled);
    if (shadow) {
      const { by, place } = shadow;
      say(
        `never decides: every line it matches is ${by.id}’s already (\`${by.pattern}\`). Make that one narrower, or have it exclude this one`,
        'detectors',
        place,
      );
      continue;
    }
    checkExamples(ready, say);
    compiled.push(ready);
  }
  return { compiled, problems };
}

type Say = (message: string, ...path: (string | number)[]) => void;

function checkRule({ entry }: LocatedEntry, say: Say): void {
  const declared = new Set(entry.detectors.map(({ signal }) => signal));
  const parsed = parseWhen(entry.when);
  for (const [index, detector] of entry.detectors.entries()) {
    for (const name of detector.window.reset_on)
      if (!declared.has(name))
        say(`no detector declares the signal \`${name}\``, 'detectors', index, 'window', 'reset_on');
    if (detector.type === 'log') {
      const problem = problemOf(patternOf(detector.signal, detector));
      if (problem !== null)
        say(problem, 'detectors', index, detector.literal === undefined ? 'regex' : 'literal');
      const unknown = detector.scope.level.find((level) => !logLevels.some((known) => known === level));
      if (unknown !== undefined)
        say(`there is no level \`${unknown}\``, 'detectors', index, 'scope', 'level');
    }
  }
  if (!parsed.ok) return say(`when, column ${parsed.column}: ${parsed.message}`, 'when');
  const used = mentions(parsed.when);
  const unknown = used.filter(({ name }) => !declared.has(name));
  for (const { name, column } of unknown)
    say(`when, column ${column}: no detector declares the signal \`${name}\``, 'when');
  const mild = entry.mild_when === undefined ? null : parseWhen(entry.mild_when);
  if (mild && !mild.ok) return say(`mild_when, column ${mild.column}: ${mild.message}`, 'mild_when');
  const mildly = mild?.ok ? mentions(mild.when) : [];
  for (const { name, column } of mildly)
    if (!declared.has(name))
      say(`mild_when, column ${column}: no detector declares the signal \`${name}\``, 'mild_when');
  if (unknown.length > 0) return;
  const names = new Set([
    ...[...used, ...mildly].map(({ name }) => name),
    ...entry.detectors.flatMap((one) => one.window.reset_on),
  ]);
  for (const [index, { signal }] of entry.detectors.entries())
    if (!names.has(signal)) say(`the signal \`${signal}\` is used by nothing`, 'detectors', index, 'signal');
  if (new Set(used.map(({ name }) => name)).size > MAX_SIGNALS)
    return say(`when names more than ${MAX_SIGNALS} signals`, 'when');
  if (holds(parsed.when, () => false)) return say('when is true although nothing is seen', 'when');
  if (!canHold(parsed.when, [...declared])) return say('unreachable: nothing can make `when` true', 'when');
  checkClasses(entry.detectors, entry.applies_to.class, parsed.when, say);
}

function checkClasses(
  detectors: readonly FaultDetector[],
  classes: readonly TargetClass[],
  when: When,
  say: Say,
): void {
  for (const [index, targetClass] of classes.entries()) {
    const possible = detectors.filter((one) => canSpeakOf(one, targetClass)).map(({ signal }) => signal);
    if (!canHold(when, possible))
      say(
        `unreachable for ${targetClass}: no detector that \`when\` needs can see one`,
        'applies_to',
        'class',
        index,
      );
  }
}

function checkActions({ entry }: LocatedEntry, actions: KnownActions, say: Say): void {
  for (const [index, step] of entry.tier1.entries()) {
    // A plugin's is there when it is installed: who asks for the run is told when it is not.
    if (PluginReference.safeParse(step.action).success) continue;
    if (!actions.ids.includes(step.action)) {
      say(`there is no action \`${step.action}\``, 'tier1', index, 'action');
      continue;
    }
    const problem = actions.problemOf(step.action, step.params);
    if (problem !== null) say(`${step.action}: ${problem}`, 'tier1', index, 'params');
    for (const name of step.for)
      if (!entry.applies_to.class.includes(name))
        say(`unreachable: it never applies to a ${name}`, 'tier1', index, 'for');
  }
}

function checkExamples(ready: CompiledEntry, say: Say): void {
  const { match, nomatch } = ready.entry.examples;
  for (const [index, example] of match.entries()) {
    const { fired, missing } = playExample(ready, example);
    if (!fired)
      say(`the example does not match: ${missing.join('; ') || 'too few'}`, 'examples', 'match', index);
  }
  for (const [index, example] of nomatch.entries())
    if (playExample(ready, example).fired) say('matches what it must not', 'examples', 'nomatch', index);
}
