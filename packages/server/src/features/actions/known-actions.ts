import { actions as registry } from './actions/registry.gen.ts';

const definitions = new Map(Object.values(registry).map((action) => [action.id, action] as const));

/** The actions of the registry, for those who write their ids down: the fault catalogue. */
export const knownActions = {
  ids: [...definitions.keys()].sort(),
  /**
   * What is wrong with params written down for later, in a sentence; null: nothing. Params that are missing are no problem,
   * who asks for the run fills them in from what was seen.
   */
  problemOf(action: string, params: Record<string, unknown>): string | null {
    const parsed = definitions.get(action)?.params.safeParse(params);
    if (!parsed || parsed.success) return null;
    const issue = parsed.error.issues.find(
      ({ code, path }) =>
        code === 'unrecognized_keys' || (path[0] !== undefined && String(path[0]) in params),
    );
    return issue ? `${issue.path.join('.')}${issue.path.length > 0 ? ': ' : ''}${issue.message}` : null;
  },
};
