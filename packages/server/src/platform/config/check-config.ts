import type { z } from 'zod';
import { VigilesConfig } from '@vigiles/contract';
import { crossChecks } from './cross-checks.ts';
import { applyOverrides, type Override } from './overrides.ts';
import { tidyProblems, type ConfigProblem } from './problem.ts';
import { isResolvable, referencesIn, textsIn, type Reference } from './references.ts';
import { knownKeys } from './schema-keys.ts';
import { didYouMean } from './suggest.ts';
import { readYaml, type Path, type YamlSource } from './yaml-source.ts';

export interface CheckedConfig {
  source: YamlSource;
  /** Present when there are no problems. */
  config?: VigilesConfig;
  problems: ConfigProblem[];
}

export interface CheckOptions {
  overrides: readonly Override[];
  /** Undefined: the thing does not exist. */
  lookUp(reference: Reference): string | undefined;
  /** Cleans messages before they leave. */
  clean(text: string): string;
}

const isPathPart = (part: PropertyKey): part is string | number => typeof part !== 'symbol';

/** A zod issue as one or more problems; unknown keys get one each. */
function fromIssue(
  issue: z.core.$ZodIssue,
  place: (path: Path, key?: string) => Omit<ConfigProblem, 'message' | 'path'>,
): ConfigProblem[] {
  const path = issue.path.filter(isPathPart);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) => ({
      path: [...path, key].join('.'),
      ...place(path, key),
      message: `unknown key${didYouMean(key, known)}`,
    }));
  }
  const message = issue.message
    .replace(/^Invalid input: /, '')
    .replace(/^Invalid input$/, 'not a valid value');
  return [{ path: path.join('.'), ...place(path), message }];
}

/** Missing or misplaced references. A provider that is switched off may lack its key. */
function* referenceProblems(
  value: unknown,
  lookUp: CheckOptions['lookUp'],
): Generator<{ path: Path; message: string }> {
  const providers = (value as { gateway?: { providers?: { enabled?: unknown }[] } } | null)?.gateway
    ?.providers;
  for (const { path, text } of textsIn(value)) {
    const references = referencesIn(text);
    if (references.length === 0) continue;
    if (!isResolvable(path)) {
      yield { path, message: 'a reference is not possible here' };
      continue;
    }
    if (path[1] === 'providers' && Array.isArray(providers) && providers[Number(path[2])]?.enabled === false)
      continue;
    for (const reference of references) {
      if (lookUp(reference) !== undefined) continue;
      const { kind, name } = reference;
      yield {
        path,
        message:
          kind === 'env'
            ? `the environment variable ${name} is not set`
            : `there is no secret "${name}"; add it with: vigiles secret set ${name}`,
      };
    }
  }
}

/** Checks a whole text and tells every problem at once. */
export function checkConfig(text: string, options: CheckOptions): CheckedConfig {
  const source = readYaml(text);
  const merged = applyOverrides(source.value, options.overrides);
  const overriddenBy = (path: Path): Override | undefined =>
    options.overrides.findLast((override) =>
      override.path.every((part, i) => String(part) === String(path[i])),
    );

  const found: ConfigProblem[] = [...merged.problems];
  const place = (path: Path, key?: string) => {
    if (overriddenBy(key === undefined ? path : [...path, key])) return { line: 0, column: 0 };
    return key === undefined ? source.placeOf(path) : source.placeOfKey(path, key);
  };
  // Read a few times in its life: compiling hundreds of schemas would take longer than interpreting them.
  const parsed = VigilesConfig.safeParse(merged.value, { jitless: true });
  if (!parsed.success) for (const issue of parsed.error.issues) found.push(...fromIssue(issue, place));
  const between = [...crossChecks(merged.value), ...referenceProblems(merged.value, options.lookUp)];
  for (const { path, message } of between) found.push({ path: path.join('.'), ...place(path), message });

  for (const problem of found) {
    const override = problem.line === 0 ? overriddenBy(problem.path.split('.')) : undefined;
    if (override && !problem.message.startsWith(override.source))
      problem.message = `${override.source}: ${problem.message}`;
  }
  // What stands behind a syntax error is guesswork; only what comes before it is worth telling.
  const broken = source.document.errors.filter((error) => error.code !== 'DUPLICATE_KEY').length > 0;
  const firstBroken = broken ? Math.min(...source.problems.map((problem) => problem.line)) : Infinity;
  const problems = tidyProblems([
    ...source.problems,
    ...found.filter((problem) => problem.line < firstBroken),
  ]);
  for (const problem of problems) {
    problem.path = options.clean(problem.path);
    problem.message = options.clean(problem.message);
  }
  return problems.length === 0 && parsed.success
    ? { source, config: parsed.data, problems }
    : { source, problems };
}
