import { realpathSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledPlugin, PluginProcess } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Component } from '../../../kernel/lifecycle.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Egress } from '../../../platform/egress/index.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { PluginRuntime as RuntimeFace } from '../runtime-face.ts';
import { childEntry } from './child/child-entry.ts';
import { effective } from './core/granted.ts';
import { childEnvironment, nodeArguments, placeRefusal } from './core/node-arguments.ts';
import type { GatewayDataStore } from './gateway-data-store.ts';
import { handedSecrets } from './handed-secrets.ts';
import { findKernelFence, type KernelFence } from './kernel-fence.ts';
import { createLeftovers } from './leftovers.ts';
import { createPluginLife, type PluginLife } from './plugin-life.ts';
import { startPluginProcess, usualLimits, type PluginLimits } from './plugin-process.ts';

export interface RuntimeDeps {
  home: string;
  userHome: string;
  /** What Vigiles was started with; plugins get the variables they were granted. */
  env: Readonly<Record<string, string | undefined>>;
  events: Pick<EventLog, 'append'>;
  egress: Pick<Egress, 'fetch'>;
  gatewayData: GatewayDataStore;
  clock: Clock;
  log: Log;
  /** Fills in `${secret:name}`; throws where there is none. */
  resolve(text: string): string;
  limits?: Partial<PluginLimits>;
  /** Instead of finding out what this system lets us do. */
  kernelFence?: KernelFence;
}

/** Another permission, version or place is another plugin: its process is started afresh. */
const recipeOf = ({ version, sha512, folder, granted }: InstalledPlugin): string =>
  JSON.stringify([version, sha512, folder, granted]);

const runs = ({ enabled, state }: InstalledPlugin): boolean => enabled && state === 'ready';

/** Runs what is installed: a process for each plugin, with what was granted and nothing more. */
export function createPluginRuntime(deps: RuntimeDeps) {
  const { home, log, clock, events } = deps;
  const limits: PluginLimits = { ...usualLimits, ...deps.limits };
  const lives = new Map<string, { life: PluginLife; recipe: string }>();
  const listeners = new Set<() => void>();
  const leftovers = createLeftovers(home);
  let fence: Promise<KernelFence> | null = null;
  let cleared: Promise<unknown> | null = null;

  const kernelFence = (): Promise<KernelFence> =>
    (fence ??=
      deps.kernelFence === undefined
        ? findKernelFence(deps.env['PATH'] ?? '/usr/bin:/bin')
        : Promise.resolve(deps.kernelFence));

  function announce(life: PluginLife): void {
    const process: PluginProcess = life.view();
    leftovers.keep([...lives.values()].flatMap((one) => one.life.identity() ?? []));
    log.info(
      { plugin: process.id, state: process.state, reason: process.reason },
      'a plugin’s process changed',
    );
    events
      .append('plugin.process_changed', { actor: 'plugins', subject: process.id, data: { process } })
      .catch((thrown: unknown) => log.error({ err: thrown }, 'News of a plugin could not be recorded'));
    for (const listener of listeners) listener();
  }

  async function startProcess(
    plugin: InstalledPlugin,
    granted: InstalledPlugin['granted'],
    prefix: KernelFence,
  ) {
    const dataFolder = join(home, 'plugin-data', plugin.id);
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const places = {
      home: await realpath(home),
      userHome: deps.userHome,
      folder: await realpath(plugin.folder),
      dataFolder: await realpath(dataFolder),
      childFolder: childEntry.folder,
    };
    const real = (path: string): string => {
      try {
        return realpathSync(path);
      } catch {
        return path;
      }
    };
    for (const place of [...granted.files.read, ...granted.files.write]) {
      const why = placeRefusal(place, places) ?? placeRefusal(real(place), places);
      if (why !== null) return { refusal: why };
    }
    const options = nodeArguments(granted, places, Math.floor((limits.memoryBytes / 1_048_576) * 0.75), real);
    const made = startPluginProcess({
      command: [...(prefix ?? []), process.execPath, ...options, childEntry.file],
      env: childEnvironment(granted.env, deps.env),
      folder: places.folder,
      dataFolder: places.dataFolder,
      manifest: plugin.manifest,
      granted,
      limits,
      egress: deps.egress,
      clock,
    });
    return typeof made === 'string' ? { refusal: `its process could not be started: ${made}` } : made;
  }

  async function begin(plugin: InstalledPlugin): Promise<void> {
    const prefix = await kernelFence();
    const granted = effective(plugin.manifest.permissions, plugin.granted);
    const life: PluginLife = createPluginLife({
      plugin,
      granted,
      fence: prefix ? 'kernel' : 'node',
      memoryLimitBytes: limits.memoryBytes,
      clock,
      clean: (text) => handedSecrets(granted, deps.resolve).clean(text),
      start: () => startProcess(plugin, granted, prefix),
      changed: () => announce(life),
      declared: ({ providers, tool_call_formats: formats }) => {
        deps.gatewayData
          .put(plugin.id, { providers, formats })
          .catch((thrown: unknown) =>
            log.error({ err: thrown }, 'What a plugin gives the gateway could not be kept'),
          );
      },
    });
    lives.set(plugin.id, { life, recipe: recipeOf(plugin) });
    life.begin();
  }

  async function drop(id: string): Promise<void> {
    const one = lives.get(id);
    lives.delete(id);
    await one?.life.stop();
  }

  const sync: RuntimeFace['sync'] = async (installed) => {
    cleared ??= leftovers.end();
    await cleared;
    const wanted = new Map(installed.filter(runs).map((plugin) => [plugin.id, plugin]));
    const leaving = [...lives].filter(([id, { recipe }]) => {
      const next = wanted.get(id);
      return !next || recipeOf(next) !== recipe;
    });
    await Promise.all(leaving.map(([id]) => drop(id)));
    await deps.gatewayData.keepOnly([...wanted.keys()]);
    for (const plugin of wanted.values()) if (!lives.has(plugin.id)) await begin(plugin);
    if (leaving.length > 0) for (const listener of listeners) listener();
  };

  const component: Component = {
    name: 'plugins',
    async stop() {
      await Promise.all([...lives.keys()].map(drop));
    },
  };

  return {
    sync,
    component,
    get: (id: string): PluginLife | null => lives.get(id)?.life ?? null,
    lives: (): PluginLife[] => [...lives.values()].map(({ life }) => life),
    list: (): PluginProcess[] => [...lives.values()].map(({ life }) => life.view()),
    /** Told when anything of any plugin is another. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export type Runtime = ReturnType<typeof createPluginRuntime>;
