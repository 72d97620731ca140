import { z } from 'zod';
import type { Identity } from '@vigiles/contract';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { configJsonSchema, type Configuration } from '../../platform/config/index.ts';
import { ConfigChanged, ConfigPatch, ConfigView, Problem } from './schemas.ts';
import { changeConfig, editsOf, reloadConfig } from './service.ts';

const actorOf = (identity: Identity) => `device:${identity.deviceId}`;

/** `GET /api/v1/config` and what changes it. */
export function configRoutes(configuration: Configuration, needsRestart: () => string[]): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/config',
      operationId: 'getConfig',
      summary: 'The configuration in force; secrets as references only',
      tag: 'config',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: ConfigView,
      faults: [],
      async handle() {
        const { path, loadedAt, revision, problems, overrides } = configuration.state();
        return {
          path,
          loaded_at: loadedAt,
          revision,
          config: configuration.describe(),
          problems,
          overrides,
          needs_restart: needsRestart(),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/v1/config/schema',
      operationId: 'getConfigSchema',
      summary: 'JSON Schema of vigiles.yaml',
      tag: 'config',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: z.record(z.string(), z.unknown()),
      faults: [],
      async handle() {
        return configJsonSchema();
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/api/v1/config',
      operationId: 'changeConfig',
      summary: 'Change values in vigiles.yaml; comments and order are kept',
      tag: 'config',
      scope: 'config',
      audit: 'config.change',
      tier: 'standard',
      body: ConfigPatch,
      success: ConfigChanged,
      faults: [
        'config_invalid',
        'config_conflict',
        'config_changed_meanwhile',
        'config_not_editable',
        'config_path_invalid',
        'config_value_redacted',
      ],
      async handle({ body, identity, about }) {
        const edits = editsOf(body.patch);
        about(
          edits
            .map(({ path }) => path.join('.'))
            .join(', ')
            .slice(0, 300),
        );
        const { changes, ...changed } = await changeConfig(
          configuration,
          edits,
          actorOf(identity),
          body.revision,
        );
        about(changed.changed.join(', ').slice(0, 300) || 'vigiles.yaml', { changes });
        return { ...changed, needs_restart: needsRestart() };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/config/validate',
      operationId: 'validateConfig',
      summary: 'Every problem of a text, without using it',
      tag: 'config',
      scope: 'config',
      audit: 'none',
      tier: 'standard',
      body: z.strictObject({ text: z.string().max(1_048_576) }),
      success: z.object({ valid: z.boolean(), problems: z.array(Problem) }),
      faults: [],
      async handle({ body }) {
        const problems = configuration.validate(body.text);
        return { valid: problems.length === 0, problems };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/config/reload',
      operationId: 'reloadConfig',
      summary: 'Read vigiles.yaml again now',
      tag: 'config',
      scope: 'config',
      audit: 'config.reload',
      tier: 'standard',
      success: ConfigChanged,
      faults: ['config_invalid'],
      async handle({ identity }) {
        const reloaded = await reloadConfig(configuration, actorOf(identity));
        return { ...reloaded, needs_restart: needsRestart() };
      },
    }),
  ];
}
