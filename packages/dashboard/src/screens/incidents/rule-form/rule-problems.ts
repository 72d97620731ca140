import type { CatalogueProblem, PlannedFault } from '@vigiles/contract';

/** What the loader refuses, by the field it stands at, and what stands elsewhere. */
export interface RuleProblems {
  /** Paths inside the entry: `detectors.0.window.count`. */
  here: ReadonlyMap<string, string>;
  elsewhere: readonly CatalogueProblem[];
}

/** A field that nothing was said in; the loader names types, which nobody fills in. */
const inWords = (message: string): string =>
  /expected \w+, received undefined$/.test(message) ? 'It has to be said.' : message;

/** Sorts the problems of a planned file into those of its entry, and those of other entries and files. */
export function ruleProblems(
  plan: Pick<PlannedFault, 'file' | 'index' | 'problems'> | undefined,
  id: string,
): RuleProblems {
  const here = new Map<string, string>();
  const elsewhere: CatalogueProblem[] = [];
  for (const problem of plan?.problems ?? []) {
    const [list, index, ...path] = problem.path ?? [];
    const own = problem.file === plan?.file && list === 'faults' && index === plan.index;
    // The field says where, so neither the id nor the path is said again.
    const at = path.join('.');
    const named = path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .slice(1);
    if (own && !here.has(at))
      here.set(
        at,
        inWords(
          [`${id}: `, `${named}: `].reduce(
            (text, head) => (text.startsWith(head) ? text.slice(head.length) : text),
            problem.message,
          ),
        ),
      );
    else if (!own) elsewhere.push(problem);
  }
  return { here, elsewhere };
}
