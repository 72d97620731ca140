import {
  InstalledPlugin,
  PluginDetail,
  PluginKey,
  PluginList,
  PluginPlan,
  PluginRegistryStatus,
  PluginSource,
  PluginVersion,
  SignedPluginIndex,
} from '@vigiles/contract';
import { z } from 'zod';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { Quotas } from '../../quotas/index.ts';
import { IdParams, ListQuery, reading, VersionQuery, type PluginServices } from './shared.ts';

const base = '/api/v1/plugin';

/** What the earlier server answered a download with, for clients that ask for JSON; `url` has the bytes. */
const DownloadFacts = z.object({
  plugin_id: z.string(),
  filename: z.string(),
  size: z.number(),
  sha512: z.string(),
  download_method: z.literal('direct'),
  url: z.string(),
  message: z.string(),
});

const empty = (): never =>
  raise(fault('not-found', 'plugin_index_empty', 'Nothing has been published here yet.'));

/** Reading plugins, under this path and that of the earlier server. */
export function pluginReadingRoutes(
  { reading: read, repository, registries, installer }: PluginServices,
  quotas: Pick<Quotas, 'take'>,
): Route[] {
  const twice = (make: (prefix: string, suffix: string) => Route): Route[] => [
    make(base, ''),
    make('/api/plugin', 'Before'),
  ];
  const lists = (path: string, operationId: string): Route =>
    defineRoute({
      ...reading,
      path,
      operationId,
      summary: 'Plugins that can be had, each with its newest version; paged',
      query: ListQuery,
      success: PluginList,
      faults: ['plugins_disabled'],
      handle: ({ query }) => read.list(query),
    });
  return [
    lists(`${base}/list`, 'listPlugins'),
    lists('/api/plugin/list', 'listPluginsBefore'),
    lists('/api/v1/plugins/registry', 'pluginRegistry'),
    lists('/api/plugins/registry', 'pluginRegistryBefore'),
    lists('/api/v1/plugins/marketplace', 'pluginMarketplace'),
    lists('/api/plugins/marketplace', 'pluginMarketplaceBefore'),
    defineRoute({
      ...reading,
      path: `${base}/installed`,
      operationId: 'listInstalledPlugins',
      summary: 'What is installed, with the permissions that were granted',
      success: z.object({ plugins: z.array(InstalledPlugin) }),
      faults: [],
      handle: async () => ({ plugins: await installer.views() }),
    }),
    defineRoute({
      ...reading,
      path: `${base}/index`,
      operationId: 'pluginIndex',
      summary:
        'The signed index of what is published here: a version, an expiry, and the digest of every page',
      success: SignedPluginIndex,
      faults: ['plugin_index_empty'],
      handle: async () => (await repository.index()) ?? empty(),
    }),
    defineRoute({
      ...reading,
      path: `${base}/index/:number`,
      operationId: 'pluginIndexPage',
      summary: 'One page of the index, byte by byte as it was hashed; only the last one ever changes',
      params: z.object({ number: z.coerce.number().int().min(0).max(1000) }),
      download: 'application/json; charset=utf-8',
      success: z.any(),
      faults: ['plugin_index_page_unknown'],
      async handle({ params }) {
        const text = await repository.page(params.number);
        return (async function* one() {
          yield text;
        })();
      },
    }),
    defineRoute({
      ...reading,
      path: `${base}/key`,
      operationId: 'pluginKey',
      summary: 'What others pin to trust this repository',
      success: z.object({ key: PluginKey.nullable() }),
      faults: [],
      handle: async () => ({ key: repository.key() }),
    }),
    defineRoute({
      ...reading,
      path: `${base}/registries`,
      operationId: 'listPluginRegistries',
      summary: 'The configured registries as they were last read',
      success: z.object({ registries: z.array(PluginRegistryStatus) }),
      faults: [],
      handle: async () => ({ registries: await registries.status() }),
    }),
    defineRoute({
      ...reading,
      path: `${base}/:id/plan`,
      operationId: 'planPlugin',
      summary: 'What an installation or an update would do, with the permissions it asks for',
      params: IdParams,
      query: z.object({
        version: PluginVersion.optional(),
        source: PluginSource.optional(),
        newer: z
          .enum(['true', 'false'])
          .default('false')
          .meta({ description: 'true: as an update; nothing where there is nothing newer.' }),
      }),
      success: PluginPlan,
      faults: ['plugin_unknown', 'plugin_ambiguous', 'plugin_unresolvable'],
      handle: ({ params, query }) => installer.plan({ ...params, ...query, newer: query.newer === 'true' }),
    }),
    ...twice((prefix, suffix) =>
      defineRoute({
        ...reading,
        path: `${prefix}/:id`,
        operationId: `getPlugin${suffix}`,
        summary: 'One plugin: its manifest, its versions, and what is installed of it',
        params: IdParams,
        success: PluginDetail,
        faults: ['plugin_unknown', 'plugins_disabled'],
        handle: ({ params }) => read.detail(params.id),
      }),
    ),
    ...twice((prefix, suffix) =>
      defineRoute({
        ...reading,
        path: `${prefix}/:id/download`,
        operationId: `downloadPlugin${suffix}`,
        summary: 'The bytes of a package with their digest; facts about it where only JSON is accepted',
        tier: 'heavy',
        timeoutMs: 120_000,
        params: IdParams,
        query: VersionQuery,
        download: 'application/gzip',
        success: DownloadFacts,
        faults: ['plugin_unknown', 'plugin_version_unknown', 'plugin_package_elsewhere', 'quota_exhausted'],
        async handle({ params, query, header, setHeader, identity }): Promise<never> {
          const facts = /^application\/json\b/.test(header('accept') ?? '');
          const { bytes, ...found } = await read.download(params.id, query.version);
          if (facts) {
            const url = `${base}/${params.id}/download`;
            const message = 'Ask for application/gzip to get the bytes.';
            return { ...found, download_method: 'direct', url, message } as never;
          }
          await quotas.take(identity, 'bandwidth_mb', found.size);
          const digest = found.sha512.slice('sha512-'.length);
          setHeader('content-length', String(found.size));
          setHeader('content-disposition', `attachment; filename="${found.filename}"`);
          setHeader('repr-digest', `sha-512=:${digest}:`);
          setHeader('etag', `"${found.sha512}"`);
          return bytes as never;
        },
      }),
    ),
  ];
}
