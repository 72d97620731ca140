import type { ExampleStep, FaultExample, TargetClass } from '@vigiles/contract';
import type { CompiledEntry } from '../core/detect/compiled.ts';
import { createDetection } from '../core/detect/detection.ts';
import type { Signal, SignalSource } from '../core/detect/signal.ts';
import { lacking } from '../core/detect/when.ts';

/** What a target of each class is called in examples. */
const targetNames: Record<TargetClass, string> = {
  service: 'example',
  provider: 'provider:example',
  model: 'model:example/model-1',
  agent: 'agent:codex',
  session: 'session:ses_example',
  file: 'file:/example.json',
  host: 'host',
  budget: 'budget:whole',
  backup: 'backup:store',
};

const sources: [RegExp, SignalSource][] = [
  [/^log$/, 'log'],
  [/^process\./, 'process'],
  [/^(?:call|turn)\./, 'gateway'],
  [/^(?:agent\.|state\.agent_)/, 'agent'],
  [/^json_file$/, 'file'],
  [/^prediction\./, 'prediction'],
];

export const sourceOf = (name: string): SignalSource =>
  sources.find(([pattern]) => pattern.test(name))?.[1] ?? 'check';

export interface Played {
  fired: boolean;
  /** What was missing at the end. */
  missing: string[];
}

/** Plays an example against one entry, on a target that is labelled as it wishes. */
export function playExample(compiled: CompiledEntry, example: FaultExample): Played {
  const { entry } = compiled;
  const targetClass =
    (typeof example === 'string' ? undefined : example.class) ?? entry.applies_to.class[0] ?? 'service';
  const target = nameFor(entry.applies_to.target, targetClass);
  const detection = createDetection(() => entry.applies_to.labels);
  detection.replace([compiled], 0);
  const steps: readonly ExampleStep[] = typeof example === 'string' ? [lineStep(example)] : example.steps;
  // Not zero: a tally that was never seen has lastAt 0.
  let at = 1_000_000_000;
  let fired = false;
  for (const step of steps) {
    at += step.after_s * 1000;
    for (let n = 0; n < step.times; n += 1) {
      if (n > 0) at += step.every_s * 1000;
      for (const one of signalsOf(step, compiled, { target, targetClass, at }))
        if (detection.signal(one).some(({ kind }) => kind === 'sighted')) fired = true;
    }
  }
  const tallies = detection.tallies(entry.id, target);
  const seen = (name: string): boolean =>
    compiled.detectors.some(({ detector }, place) => {
      const tally = tallies[place];
      return detector.signal === name && tally !== undefined && (tally.on || tally.metAt !== null);
    });
  return { fired, missing: lacking(compiled.when, seen) };
}

const lineStep = (log: string): ExampleStep => ({
  log,
  fields: {},
  cleared: false,
  times: 1,
  every_s: 1,
  after_s: 0,
});

function nameFor(globs: readonly string[], targetClass: TargetClass): string {
  const [first] = globs;
  return first === undefined ? targetNames[targetClass] : first.replaceAll('*', 'example');
}

type Where = Pick<Signal, 'target' | 'targetClass' | 'at'>;

/** A line without a source comes from where each detector looks. */
function signalsOf(step: ExampleStep, compiled: CompiledEntry, where: Where): Signal[] {
  const name = step.log === undefined ? (step.input ?? '') : 'log';
  const base = { ...where, name, source: sourceOf(name), cleared: step.cleared };
  if (step.log === undefined) return [{ ...base, fields: step.fields }];
  const line = step.log;
  const scopes = compiled.detectors.flatMap(({ detector }) =>
    detector.type === 'log' ? [detector.scope] : [],
  );
  const found = scopes.map((scope) => ({
    source: step.source ?? (scope.source[0] ?? 'service:*').replaceAll('*', 'example'),
    stream: step.stream ?? scope.stream ?? 'stdout',
    level: step.level ?? scope.level[0] ?? 'info',
  }));
  const distinct = new Map(found.map((fields) => [JSON.stringify(fields), fields]));
  // The same line once, in the first place where it means anything: twice would count twice.
  const fields =
    [...distinct.values()].find((one) =>
      compiled.detectors.some((detector) => detector.sees(line) && inScope(detector.detector, one)),
    ) ?? found[0];
  return [{ ...base, line, ...(fields ? { fields: { ...step.fields, ...fields } } : {}) }];
}

const inScope = (
  detector: CompiledEntry['detectors'][number]['detector'],
  fields: { source: string; stream: string; level: string },
): boolean =>
  detector.type === 'log' &&
  (detector.scope.stream === undefined || detector.scope.stream === fields.stream) &&
  (detector.scope.level.length === 0 || detector.scope.level.includes(fields.level)) &&
  (detector.scope.source.length === 0 ||
    detector.scope.source.some((glob) => glob.replaceAll('*', 'example') === fields.source));
