import type { PluginsConfig } from '@vigiles/contract';
import type { Component } from '../../kernel/lifecycle.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Route } from '../../kernel/route.ts';
import type { Egress } from '../../platform/egress/index.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { AuditEntry } from '../../platform/http/index.ts';
import type { Secrets } from '../../platform/secrets/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { Quotas } from '../quotas/index.ts';
import { createArchives } from './archive/archives.ts';
import { lookForUpdates } from './auto-update.ts';
import { createBundled } from './bundled.ts';
import { createCatalogue } from './catalogue.ts';
import { openPluginFolders } from './folders.ts';
import { createInstaller } from './installer.ts';
import { createPlanner } from './planner.ts';
import { createReading } from './reading.ts';
import { createRegistries } from './registries.ts';
import { createRepository } from './repository.ts';
import { pluginChangingRoutes } from './routes/changing-routes.ts';
import { pluginReadingRoutes } from './routes/reading-routes.ts';
import { readPublishedBytes } from './published-bytes.ts';
import type { PluginRuntime } from './runtime-face.ts';
import { createTurns, limitsOf } from './settings.ts';
import { createPluginStore } from './store.ts';

export interface PluginRepositoryDeps {
  home: string;
  store: Store;
  events: EventLog;
  egress: Egress;
  secrets: Pick<Secrets, 'get' | 'set'> | null;
  config(): PluginsConfig;
  /** Calls back when the configuration has changed; returns the function that ends it. */
  subscribe(changed: () => void): () => void;
  /** A configured value with its references resolved. */
  resolve(text: string): string;
  runtime: PluginRuntime;
  /** What a device may download, and keep here of what it publishes. */
  quotas: Pick<Quotas, 'take' | 'store'>;
  /** Folder of the plugins that come with Vigiles; null: none. */
  bundled: string | null;
  version: string;
  newId: NewId;
  /** Where updates that nobody asked for are written down. */
  audit(entry: AuditEntry): void;
  now(): number;
  log: Log;
}

export interface PluginRepository {
  routes: readonly Route[];
  component: Component;
  /** Reads the registries and takes what may be taken by itself. */
  lookForUpdates(): Promise<void>;
}

/** The plugin repository: what is published here, what can be had elsewhere, and what is installed. */
export function createPluginRepository(deps: PluginRepositoryDeps): PluginRepository {
  const { config, now, log, version: vigiles, egress, resolve, secrets, runtime } = deps;
  const folders = openPluginFolders(deps.home, config().directory, deps.store.dialect === 'postgres');
  const store = createPluginStore(deps.store, deps.events, folders.place);
  const archives = createArchives();
  const turn = createTurns();
  const limits = () => limitsOf(config());
  const changed = (): void => catalogue.forget();
  const registries = createRegistries({ store, egress, config, resolve, now, log, changed });
  const bundled = createBundled({ source: deps.bundled, archives, folders, limits, log });
  const catalogue = createCatalogue(store, bundled, registries);
  const signingKey = () => {
    const { signing_key: key } = config();
    return key === undefined ? undefined : resolve(key);
  };
  const repository = createRepository({
    store,
    folders,
    archives,
    secrets,
    config,
    signingKey,
    now,
    turn,
    changed,
    room: async (who, bytes) => {
      const kept = await readPublishedBytes(deps.store);
      await deps.quotas.store(who, kept.get(who.deviceId) ?? 0, bytes);
    },
  });
  const plan = createPlanner(catalogue, vigiles);
  const installer = createInstaller({
    home: deps.home,
    store,
    folders,
    archives,
    registries,
    catalogue,
    plan,
    runtime,
    vigiles,
    config,
    now,
    log,
    turn,
  });
  const reading = createReading({ store, catalogue, folders, archives, vigiles, config });
  const services = { reading, repository, registries, installer };
  const { newId, audit } = deps;
  const look = () =>
    lookForUpdates({ store, catalogue, registries, installer, vigiles, config, newId, audit, log });

  let timer: NodeJS.Timeout | null = null;
  let unsubscribe = () => {};
  let running: Promise<unknown> = Promise.resolve();
  const quietly = (work: Promise<unknown>): void => {
    running = work.catch((thrown: unknown) =>
      log.error({ err: thrown }, 'plugins could not be looked after'),
    );
  };
  /** The time until the next look follows the configuration. */
  const later = (): void => {
    timer = setTimeout(() => {
      quietly(look());
      later();
    }, config().check_minutes * 60_000).unref();
  };

  return {
    routes: [...pluginReadingRoutes(services, deps.quotas), ...pluginChangingRoutes(services)],
    lookForUpdates: look,
    component: {
      name: 'plugins',
      start() {
        // Not awaited: packages are compared with what is unpacked, and control must not wait for that.
        quietly(installer.boot().then(look));
        unsubscribe = deps.subscribe(() => {
          catalogue.forget();
          quietly(installer.reload());
        });
        later();
      },
      async stop() {
        unsubscribe();
        if (timer) clearTimeout(timer);
        await archives.close();
        await running;
      },
    },
  };
}
