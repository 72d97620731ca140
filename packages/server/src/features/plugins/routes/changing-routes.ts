import {
  InstalledPlugin,
  PluginOutcome,
  PluginRegistryStatus,
  PublishedPlugin,
  Sha512,
} from '@vigiles/contract';
import { z } from 'zod';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import {
  actorOf,
  changing,
  IdParams,
  InstallBody,
  installFaults,
  UninstallBody,
  UpdateBody,
  type PluginServices,
} from './shared.ts';

const base = '/api/v1/plugin';
const slow = { tier: 'heavy', timeoutMs: 300_000 } as const;

/** The SHA-512 of a `Repr-Digest` or `Content-Digest` (RFC 9530), or null; one that cannot be read is refused. */
function promisedDigest(header: string | null): string | null {
  if (header === null) return null;
  const found = /(?:^|,)\s*sha-512=:([A-Za-z0-9+/=]+):/.exec(header)?.[1];
  const digest = Sha512.safeParse(`sha512-${found ?? ''}`);
  return digest.success
    ? digest.data
    : raise(fault('invalid', 'plugin_digest_invalid', 'The digest header has no sha-512 that can be read.'));
}

/** Changing what is installed or published, under this path and those of the earlier server. */
export function pluginChangingRoutes({ repository, registries, installer }: PluginServices): Route[] {
  const installs = (path: string, operationId: string): Route =>
    defineRoute({
      ...changing,
      ...slow,
      path,
      operationId,
      summary: 'Install a plugin with what it needs; 409 with the plan where it asks for permissions',
      audit: 'plugin.install',
      params: IdParams,
      body: InstallBody,
      success: PluginOutcome,
      faults: installFaults,
      handle: (call) => installer.install({ ...call.params, ...call.body }, actorOf(call)),
    });
  const uninstalls = (path: string, operationId: string): Route =>
    defineRoute({
      ...changing,
      path,
      operationId,
      summary: 'Uninstall a plugin that no other one needs',
      audit: 'plugin.uninstall',
      params: IdParams,
      body: UninstallBody,
      success: PluginOutcome,
      faults: ['plugin_not_installed', 'plugin_needed'],
      handle: (call) => installer.uninstall(call.params.id, call.body.purge, actorOf(call)),
    });
  const acts = (verb: 'enable' | 'disable' | 'rollback', summary: string, faults: readonly string[]): Route =>
    defineRoute({
      ...changing,
      path: `${base}/:id/${verb}`,
      operationId: `${verb}Plugin`,
      summary,
      audit: `plugin.${verb}`,
      params: IdParams,
      success: PluginOutcome,
      faults: ['plugin_not_installed', ...faults],
      handle: (call) => installer[verb](call.params.id, actorOf(call)),
    });
  return [
    defineRoute({
      ...changing,
      ...slow,
      path: `${base}/publish`,
      operationId: 'publishPlugin',
      summary: 'Publish a package here: a version that never changes, in the signed index',
      audit: 'plugin.publish',
      upload: true,
      body: z.custom<AsyncIterable<Uint8Array>>(),
      success: PublishedPlugin,
      successStatus: 201,
      faults: [
        'plugin_archive_refused',
        'plugin_manifest_invalid',
        'plugin_version_exists',
        'plugin_digest_mismatch',
        'quota_exhausted',
        'plugin_package_too_large',
        'plugins_disabled',
      ],
      async handle(call) {
        const promised = promisedDigest(call.header('repr-digest') ?? call.header('content-digest'));
        const done = await repository.publish(call.body, promised, call.identity);
        call.about(`${done.plugin_id}@${done.version}`);
        return done;
      },
    }),
    installs(`${base}/:id/install`, 'installPlugin'),
    installs('/api/v1/plugins/:id/install', 'installPluginOfList'),
    installs('/api/plugins/:id/install', 'installPluginBefore'),
    uninstalls(`${base}/:id/uninstall`, 'uninstallPlugin'),
    uninstalls('/api/v1/plugins/:id/uninstall', 'uninstallPluginOfList'),
    uninstalls('/api/plugins/:id/uninstall', 'uninstallPluginBefore'),
    defineRoute({
      ...changing,
      ...slow,
      path: `${base}/:id/update`,
      operationId: 'updatePlugin',
      summary: 'Take a newer version; 409 with the plan where it wants more permissions than were granted',
      audit: 'plugin.update',
      params: IdParams,
      body: UpdateBody,
      success: PluginOutcome,
      faults: ['plugin_not_installed', ...installFaults],
      handle: (call) => installer.update({ ...call.params, ...call.body }, actorOf(call)),
    }),
    acts('enable', 'Let a plugin run', ['plugin_damaged', 'plugin_dependency_missing']),
    acts('disable', 'Let a plugin run no longer', ['plugin_needed']),
    acts('rollback', 'Go back to the version before, which is kept here', [
      'plugin_no_previous',
      'plugin_needed',
      'plugin_dependency_missing',
      'plugin_damaged',
    ]),
    defineRoute({
      ...changing,
      ...slow,
      path: `${base}/:id/verify`,
      operationId: 'verifyPlugin',
      summary: 'Compare the files of a plugin with its package; what was changed runs no longer',
      audit: 'plugin.verify',
      params: IdParams,
      success: InstalledPlugin,
      faults: ['plugin_not_installed'],
      handle: ({ params }) => installer.verify(params.id),
    }),
    defineRoute({
      ...changing,
      ...slow,
      path: `${base}/registries/:name/refresh`,
      operationId: 'refreshPluginRegistry',
      summary: 'Read a registry now',
      audit: 'plugin.refresh',
      params: z.object({ name: z.string().max(32) }),
      success: PluginRegistryStatus,
      faults: [
        'plugin_registry_unknown',
        'plugin_index_unsigned',
        'plugin_index_rolled_back',
        'plugin_index_expired',
      ],
      async handle({ params }) {
        await registries.refresh(params.name);
        const found = (await registries.status()).find(({ name }) => name === params.name);
        return found ?? raise(fault('not-found', 'plugin_registry_unknown', params.name));
      },
    }),
  ];
}
