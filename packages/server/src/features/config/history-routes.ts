import { z } from 'zod';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { Configuration } from '../../platform/config/index.ts';
import type { ConfigHistory } from './history.ts';
import { textOf } from './plan-routes.ts';
import { ConfigChanged, ConfigVersionView, VersionId } from './schemas.ts';
import { changeConfig } from './service.ts';

/** Earlier versions of the configuration, and the way back to one. */
export function historyRoutes(
  configuration: Configuration,
  history: ConfigHistory,
  needsRestart: () => string[],
): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/config/history',
      operationId: 'listConfigVersions',
      summary: 'Versions of vigiles.yaml that were in force, newest first: who changed what, and when',
      tag: 'config',
      scope: 'read',
      audit: 'none',
      tier: 'standard',
      query: z.object({
        limit: z.coerce.number().int().min(1).max(100).default(30),
        before: VersionId.optional(),
      }),
      success: z.object({ versions: z.array(ConfigVersionView), next: z.string().nullable() }),
      faults: [],
      async handle({ query }) {
        const { versions, next } = await history.list(query.limit, query.before);
        const { revision } = configuration.state();
        // The same text may have been in force twice: the last one is.
        const current =
          query.before === undefined ? versions.findIndex((one) => one.revision === revision) : -1;
        return { versions: versions.map((one, i) => Object.assign({ current: i === current }, one)), next };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/config/revert',
      operationId: 'revertConfig',
      summary: 'Put an earlier version of vigiles.yaml back; the one before stays in the history',
      tag: 'config',
      scope: 'config',
      audit: 'config.revert',
      tier: 'standard',
      body: z.strictObject({
        version: VersionId,
        revision: z.string().optional().meta({ description: 'Refuse when the file is no longer this one.' }),
      }),
      success: ConfigChanged,
      faults: ['unknown_config_version', 'config_invalid', 'config_conflict', 'config_changed_meanwhile'],
      async handle({ body, identity, about }) {
        about(body.version);
        const text = await textOf(history, body.version);
        const { changes, ...changed } = await changeConfig(
          configuration,
          text,
          `device:${identity.deviceId}`,
          body.revision,
        );
        about(body.version, { changes });
        return { ...changed, needs_restart: needsRestart() };
      },
    }),
  ];
}
