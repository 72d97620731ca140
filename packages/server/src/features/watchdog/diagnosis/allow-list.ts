import type { ActionInfo, ScriptConfig, TargetClass } from '@vigiles/contract';

/** What a model may ask for, on one incident. */
export interface Allowed {
  id: string;
  /** For the model. */
  description: string;
  risk: ActionInfo['risk'];
  /** Numbers that may be set, by name. */
  numbers: readonly string[];
  /** Names of scripts, for `run_script`. */
  scripts: readonly string[];
}

/** Never for a model: what a person means by stopping is not to be undone, and starting is restarting without looking. */
const forPeople = new Set([
  'stop_service',
  'start_service',
  'halt_session',
  'rollback_session',
  'delete_session',
  'stop_agent',
]);

/** Parameters that are for people only. */
const notForModels = new Set(['force', 'over_memory_mb']);

const reaches = ({ targets }: ScriptConfig, target: string): boolean =>
  targets.length === 0 || targets.includes(target);

/**
 * The actions a model may choose from: those of the target's class. Of their parameters only numbers within the
 * action's own bounds can be set, and the name of a script that the configuration lists for this target. No text a model
 * writes ever becomes a target, a path or an argument.
 */
export function allowListFor(
  catalog: readonly ActionInfo[],
  target: string,
  targetClass: TargetClass,
  scripts: readonly ScriptConfig[],
): Allowed[] {
  return catalog.flatMap(({ id, description, risk, targets, params }) => {
    if (forPeople.has(id) || !targets.includes(targetClass)) return [];
    const names = scripts.filter((script) => reaches(script, target)).map(({ name }) => name);
    if (id === 'run_script' && names.length === 0) return [];
    const properties = (params['properties'] ?? {}) as Record<string, { type?: unknown }>;
    const numbers = Object.keys(properties).filter((name) => {
      const type = properties[name]?.type;
      return (type === 'number' || type === 'integer') && !notForModels.has(name);
    });
    return [{ id, description, risk, numbers, scripts: id === 'run_script' ? names : [] }];
  });
}
