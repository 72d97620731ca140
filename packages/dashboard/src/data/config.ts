import { queryOptions } from '@tanstack/react-query';
import type { VigilesConfig } from '@vigiles/contract';
import { api, ApiError } from './api.ts';

/** The configuration in force. Secrets are references; a literal one is blotted out and never sent back. */
export interface ConfigAnswer {
  path: string;
  revision: string;
  config: VigilesConfig;
  problems: ConfigProblem[];
  overrides: { path: string; source: string }[];
}
export interface ConfigProblem {
  path: string;
  message: string;
}

/** One change to vigiles.yaml. A null `value` takes the key out; `move_to` moves a list entry with its comments. */
export interface ConfigEdit {
  path: (string | number)[];
  value?: unknown;
  move_to?: number;
}

export const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: ({ signal }) => api.get<ConfigAnswer>('/api/v1/config', {}, signal),
});

/** @param revision what the change was made from: a file that is newer is not overwritten */
export const changeConfig = (
  patch: readonly ConfigEdit[],
  revision: string,
): Promise<{ changed: string[]; overridden: string[] }> => api.patch('/api/v1/config', { patch, revision });

/** The problems that the server found in a change, each with the path it stands at. */
export function problemsOf(error: unknown): ConfigProblem[] {
  const problems = error instanceof ApiError ? error.details['problems'] : undefined;
  return Array.isArray(problems) ? (problems as ConfigProblem[]) : [];
}

/** Problems at or below a path, by the rest of their path (`''`: the path itself), and those that stand elsewhere. */
export function problemsBelow(
  problems: readonly ConfigProblem[],
  path: string,
): { here: Map<string, string>; elsewhere: ConfigProblem[] } {
  const here = new Map<string, string>();
  const elsewhere: ConfigProblem[] = [];
  for (const problem of problems) {
    if (problem.path === path) here.set('', problem.message);
    else if (problem.path.startsWith(`${path}.`))
      here.set(problem.path.slice(path.length + 1), problem.message);
    else elsewhere.push(problem);
  }
  return { here, elsewhere };
}
