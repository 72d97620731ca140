import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EgressConfig, PluginManifest, type InstalledPlugin } from '@vigiles/contract';
import { systemClock } from '../../../../kernel/clock.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { createEgress } from '../../../../platform/egress/index.ts';
import type { GatewayDataStore, PluginGatewayData } from '../gateway-data-store.ts';
import { createPluginRuntime, type RuntimeDeps } from '../runtime.ts';

export interface PluginSource {
  id: string;
  provides: { kind: string; name: string }[];
  permissions?: object;
  /** Text of the main module, and of others by path. */
  main: string;
  files?: Record<string, string>;
}

/** A real runtime over a folder of its own, with real processes. */
export function createPluginRig(more: Partial<RuntimeDeps> & { allow?: string[] } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'vigiles-plugins-'));
  const home = join(root, 'home');
  mkdirSync(home);
  const egress = createEgress({ config: () => EgressConfig.parse({ allow_private: more.allow ?? [] }) });
  const states: string[] = [];
  const gatewayData = new Map<string, PluginGatewayData>();
  const kept: GatewayDataStore = {
    put: async (plugin, data) => void gatewayData.set(plugin, data),
    async keepOnly(plugins) {
      for (const id of gatewayData.keys()) if (!plugins.includes(id)) gatewayData.delete(id);
    },
  };
  const runtime = createPluginRuntime({
    home,
    userHome: join(root, 'person'),
    env: process.env,
    events: {
      async append(_type, { data }) {
        const { process: one } = data as { process?: { id: string; state: string } };
        if (one) states.push(`${one.id} ${one.state}`);
      },
    },
    egress,
    gatewayData: kept,
    clock: systemClock,
    resolve: (text) => text,
    log: silentLog,
    ...more,
    // Many start at once, on machines that do other things too.
    limits: { startMs: 60_000, ...more.limits },
  });

  /** Writes a plugin as the repository would have unpacked it. */
  function install({ id, provides, permissions = {}, main, files = {} }: PluginSource): InstalledPlugin {
    const folder = join(home, 'plugins', id, '1.0.0');
    for (const [path, text] of Object.entries({ 'main.mjs': main, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const manifest = PluginManifest.parse({
      id,
      name: id,
      version: '1.0.0',
      description: 'For a test.',
      license: 'MIT',
      author: 'Test',
      engine: '*',
      main: 'main.mjs',
      provides,
      permissions,
    });
    return {
      id,
      version: '1.0.0',
      state: 'ready',
      problem: null,
      enabled: true,
      source: 'local',
      sha512: `sha512-${'A'.repeat(86)}==`,
      manifest,
      granted: manifest.permissions,
      folder,
      previous_version: null,
      update: null,
      installed_at: 0,
      updated_at: 0,
    };
  }

  return {
    root,
    home,
    runtime,
    states,
    gatewayData,
    install,
    /** Waits until a plugin is as wanted; fails with how it is after 60 s. */
    async until(
      id: string,
      wanted: (view: ReturnType<typeof runtime.list>[number]) => boolean,
    ): Promise<void> {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const view = runtime.list().find((one) => one.id === id);
        if (view && wanted(view)) return;
        if (Date.now() > deadline) throw new Error(`${id} is ${JSON.stringify(view)}`);
        await delay(20);
      }
    },
    async close(): Promise<void> {
      await runtime.component.stop?.();
      await egress.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
