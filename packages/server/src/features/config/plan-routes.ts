import { z } from 'zod';
import { fault, raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { Configuration } from '../../platform/config/index.ts';
import type { ConfigHistory } from './history.ts';
import { ConfigPatch, ConfigPlanView, ConfigSourceView, VersionId } from './schemas.ts';
import { editsOf, refuseMarks, valuesOf } from './service.ts';

/** The text of an earlier version; a fault where there is none. */
export const textOf = async (history: ConfigHistory, id: string): Promise<string> =>
  (await history.text(id)) ??
  raise(fault('not-found', 'unknown_config_version', `There is no version ${id} of the configuration.`));

/** What a form needs before anything is written. */
export function planRoutes(
  configuration: Configuration,
  history: ConfigHistory,
  needsRestart: (config?: ReturnType<Configuration['current']>) => string[],
): Route[] {
  const common = { tag: 'config', scope: 'config', audit: 'none', tier: 'standard' } as const;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/config/source',
      operationId: 'getConfigSource',
      summary: 'The text of vigiles.yaml, secrets blotted out, and the line of each value',
      success: ConfigSourceView,
      faults: [],
      handle: async () => ({ path: configuration.path, ...configuration.source() }),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/config/secret-names',
      operationId: 'listSecretNames',
      summary: 'Names of the secrets that the configuration can refer to; never a value',
      success: z.object({ names: z.array(z.string()) }),
      faults: ['secret_passphrase_missing'],
      handle: async () => ({ names: configuration.secretNames() }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/config/plan',
      operationId: 'planConfig',
      summary: 'What a change, or an earlier version, would make of vigiles.yaml; nothing is written',
      body: z.union([ConfigPatch, z.strictObject({ version: VersionId })]),
      success: ConfigPlanView,
      faults: ['config_conflict', 'config_not_editable', 'config_path_invalid', 'config_value_redacted'],
      async handle({ body }) {
        const wish = 'version' in body ? await textOf(history, body.version) : editsOf(body.patch);
        if (typeof wish !== 'string') refuseMarks(wish);
        const planned = await configuration.plan(wish);
        if (!planned.ok) raise(planned.fault);
        const { config, changed, problems, wrong, ...plan } = planned.value;
        return {
          path: configuration.path,
          ...plan,
          problems: [...problems, ...wrong],
          changed: valuesOf(changed, configuration.current(), config),
          needs_restart: needsRestart(config),
        };
      },
    }),
  ];
}
