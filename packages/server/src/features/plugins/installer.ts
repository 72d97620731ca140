import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledPlugin, PluginOutcome, PluginPlan, PluginsConfig } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Catalogue } from './catalogue.ts';
import { inRange } from './core/versions.ts';
import { installedView } from './core/views.ts';
import type { Installed, Offer, Release } from './core/release.ts';
import type { PlanWish, Planner } from './planner.ts';
import type { PluginRuntime } from './runtime-face.ts';
import { limitsOf, mustBeOn } from './settings.ts';
import type { PluginStore } from './store.ts';
import { unpack, type UnpackDeps } from './unpack.ts';

export interface InstallerDeps extends Omit<UnpackDeps, 'limits'> {
  home: string;
  store: PluginStore;
  catalogue: Catalogue;
  plan: Planner;
  runtime: PluginRuntime;
  vigiles: string;
  config(): PluginsConfig;
  now(): number;
  log: Log;
  turn<T>(work: () => Promise<T>): Promise<T>;
}

export interface InstallWish extends PlanWish {
  /** What somebody agreed to; absent: nobody was asked. */
  consent?: string | undefined;
  /** Whether what is new runs at once. */
  enable?: boolean;
}

const needs = (plan: PluginPlan): never =>
  raise(
    fault(
      'conflict',
      'plugin_needs_consent',
      `${plan.steps.find(({ permissions }) => permissions.grows)?.name ?? 'It'} asks for permissions that nobody has agreed to: look at them, and say the plan’s consent with the same request.`,
      { details: { plan } },
    ),
  );

/** Changes what is installed: one change at a time, each whole or not at all. */
export function createInstaller(deps: InstallerDeps) {
  const { store, folders, archives, catalogue, runtime, vigiles, config, now, log, turn } = deps;
  const limits = () => limitsOf(config());

  const find = (installed: readonly Installed[], id: string): Installed =>
    installed.find((one) => one.id === id) ??
    raise(fault('not-found', 'plugin_not_installed', `“${id}” is not installed.`));

  const dependentsOf = (installed: readonly Installed[], id: string): Installed[] =>
    installed.filter((one) => one.id !== id && Object.hasOwn(one.manifest.dependencies, id));

  async function views(): Promise<InstalledPlugin[]> {
    const installed = await store.installed();
    // What is offered has to be packed and read first: a start with nothing installed goes without.
    if (installed.length === 0) return [];
    const offers = await catalogue.all();
    return installed.map((one) => installedView(one, offers.get(one.id) ?? [], vigiles));
  }

  /** Tells the runtime; what it cannot run is its own matter, and told there. */
  async function sync(): Promise<void> {
    const installed = config().enabled ? await views() : [];
    await runtime
      .sync(installed)
      .catch((thrown: unknown) => log.error({ err: thrown }, 'plugins did not follow'));
  }

  /** Every file that something installed or published needs. */
  async function kept(): Promise<Set<string>> {
    const keep = new Set<string>();
    for (const { manifest, sha512 } of await store.published())
      keep.add(folders.package('local', manifest.id, manifest.version, sha512));
    for (const one of await store.installed())
      for (const release of one.previous ? [one, one.previous] : [one]) {
        keep.add(release.folder);
        keep.add(folders.package(release.source, one.id, release.version, release.sha512));
      }
    return keep;
  }

  /** Takes away what nothing refers to any more. */
  async function tidy(left: readonly Installed[]): Promise<void> {
    const keep = await kept();
    const releases = left.flatMap(({ id, previous, ...one }) =>
      [one, ...(previous ? [previous] : [])].map((release) => ({ id, release })),
    );
    for (const { id, release } of releases) {
      const { folder, source, version, sha512 } = release;
      if (!keep.has(folder)) await rm(folder, { recursive: true, force: true });
      const file = folders.package(source, id, version, sha512);
      // What comes with Vigiles goes on being offered.
      if (source !== 'bundled' && !keep.has(file)) await rm(file, { force: true });
    }
  }

  async function outcome(
    id: string,
    status: PluginOutcome['status'],
    also: string[] = [],
  ): Promise<PluginOutcome> {
    const plugin = (await views()).find((one) => one.id === id) ?? null;
    return { success: true, plugin_id: id, status, plugin, also, data: null };
  }

  const releaseOf = ({ version, source, sha512, manifest, granted, folder }: Release): Release => ({
    version,
    source,
    sha512,
    manifest,
    granted,
    folder,
  });

  function installedFrom(
    offer: Offer,
    folder: string,
    before: Installed | undefined,
    enable: boolean,
  ): Installed {
    const { id, version, permissions } = offer.manifest;
    const repaired = before?.version === version && before.sha512 === offer.sha512;
    return {
      id,
      version,
      source: offer.source,
      sha512: offer.sha512,
      manifest: offer.manifest,
      granted: permissions,
      folder,
      enabled: before?.enabled ?? enable,
      problem: null,
      previous: before ? (repaired ? before.previous : releaseOf(before)) : null,
      heldBack: null,
      told: null,
      installedAt: before?.installedAt ?? now(),
      updatedAt: now(),
    };
  }

  /** Brings every step onto this machine, then switches to all of them at once. */
  async function carryOut(
    take: readonly Offer[],
    before: readonly Installed[],
    enable: boolean,
    actor: string,
  ) {
    const written: Installed[] = [];
    try {
      for (const offer of take) {
        const folder = await unpack(offer, { ...deps, limits });
        written.push(
          installedFrom(
            offer,
            folder,
            before.find(({ id }) => id === offer.manifest.id),
            enable,
          ),
        );
      }
      await store.change(
        written.map((plugin) => {
          const from = before.find(({ id }) => id === plugin.id)?.version ?? null;
          return { plugin, change: { change: from === null ? 'installed' : 'updated', from_version: from } };
        }),
        actor,
      );
    } catch (thrown) {
      for (const { folder } of written) await rm(folder, { recursive: true, force: true });
      throw thrown;
    }
    await sync();
    const replaced = before.filter(({ id }) => written.some((one) => one.id === id));
    await tidy(replaced);
  }

  async function install(
    wish: InstallWish,
    actor: string,
    done: 'installed' | 'updated',
  ): Promise<PluginOutcome> {
    mustBeOn(config());
    const before = await store.installed();
    const one = before.find(({ id }) => id === wish.id);
    if (done === 'updated') find(before, wish.id);
    const other = wish.source !== undefined && one !== undefined && wish.source !== one.source;
    const stays =
      one?.problem === null && (wish.version === undefined || wish.version === one.version) && !other;
    if (done === 'installed' && stays) return outcome(wish.id, 'already_installed');
    const repairs = one !== undefined && one.problem !== null && wish.version === undefined && !wish.newer;
    const { plan, take } = await deps.plan(repairs ? { ...wish, version: one.version } : wish, before);
    if (take.length === 0) return outcome(wish.id, 'up_to_date');
    if (plan.needs_consent && wish.consent !== plan.consent) needs(plan);
    await carryOut(take, before, wish.enable ?? true, actor);
    const also = plan.steps.map(({ id }) => id).filter((id) => id !== wish.id);
    return outcome(wish.id, one ? 'updated' : 'installed', also);
  }

  async function setEnabled(id: string, enabled: boolean, actor: string): Promise<PluginOutcome> {
    mustBeOn(config());
    const installed = await store.installed();
    const one = find(installed, id);
    if (enabled) {
      const problem = await differs(one);
      if (problem !== null) damaged(one, problem);
      for (const [need, range] of Object.entries(one.manifest.dependencies)) {
        const found = installed.find((other) => other.id === need);
        if (!found?.enabled || !inRange(found.version, range))
          raise(fault('conflict', 'plugin_dependency_missing', `“${id}” needs ${need} ${range}, enabled.`));
      }
    } else
      mustNotBeNeeded(
        dependentsOf(installed, id).filter((other) => other.enabled),
        id,
        'disabled',
      );
    if (one.enabled !== enabled) {
      const change = enabled ? ('enabled' as const) : ('disabled' as const);
      const plugin = { ...one, enabled, problem: enabled ? null : one.problem, updatedAt: now() };
      await store.change([{ plugin, change: { change, from_version: null } }], actor);
      await sync();
    }
    return outcome(id, enabled ? 'enabled' : 'disabled');
  }

  const damaged = (one: Installed, problem: string): never =>
    raise(
      fault(
        'conflict',
        'plugin_damaged',
        `“${one.id}” is not what was installed: ${problem}. Install it again to repair it.`,
      ),
    );

  function mustNotBeNeeded(by: readonly Installed[], id: string, what: string): void {
    if (by.length > 0)
      raise(
        fault(
          'conflict',
          'plugin_needed',
          `“${id}” cannot be ${what}: ${by.map((one) => one.id).join(', ')} ${by.length === 1 ? 'needs' : 'need'} it.`,
          { details: { needed_by: by.map((one) => one.id) } },
        ),
      );
  }

  const differs = (one: Installed): Promise<string | null> =>
    archives.compare({
      file: folders.package(one.source, one.id, one.version, one.sha512),
      expected: one.sha512,
      folder: one.folder,
      limits: limits(),
    });

  /** Compares with the packages; what differs is told, and does not run. */
  async function verify(ones: readonly Installed[]): Promise<boolean> {
    let changed = false;
    for (const one of ones) {
      const problem = await differs(one);
      if (problem === one.problem) continue;
      const told = problem !== null && one.problem === null;
      const change = told ? { change: 'damaged' as const, from_version: null } : null;
      await store.change([{ plugin: { ...one, problem }, change }], 'plugins');
      changed = true;
    }
    return changed;
  }

  return {
    views,
    /** Removes what an interrupted change left, looks whether everything is as it was installed, and starts what is enabled. */
    boot: () =>
      turn(async () => {
        await folders.sweep(await kept());
        await verify(await store.installed());
        await sync();
      }),
    /** The configuration may have switched plugins on or off. */
    reload: () => turn(sync),
    plan: async (wish: PlanWish): Promise<PluginPlan> =>
      (await deps.plan(wish, await store.installed())).plan,
    install: (wish: InstallWish, actor: string) => turn(() => install(wish, actor, 'installed')),
    update: (wish: InstallWish, actor: string) =>
      turn(() => install({ ...wish, newer: true }, actor, 'updated')),
    enable: (id: string, actor: string) => turn(() => setEnabled(id, true, actor)),
    disable: (id: string, actor: string) => turn(() => setEnabled(id, false, actor)),
    /** @param purge what it kept for itself goes, too */
    uninstall: (id: string, purge: boolean, actor: string) =>
      turn(async () => {
        const installed = await store.installed();
        const one = find(installed, id);
        mustNotBeNeeded(dependentsOf(installed, id), id, 'uninstalled');
        await store.remove(one, actor);
        await sync();
        await tidy([one]);
        const folder = join(deps.home, 'plugin-data', id);
        const there = (await lstat(folder).catch(() => null)) !== null;
        if (there && purge) await rm(folder, { recursive: true, force: true });
        const done = await outcome(id, 'uninstalled');
        return { ...done, data: there ? { folder, kept: !purge } : null };
      }),
    /** Goes back to the version before, which is still here; the one it leaves is not taken by itself again. */
    rollback: (id: string, actor: string) =>
      turn(async () => {
        mustBeOn(config());
        const installed = await store.installed();
        const one = find(installed, id);
        const { previous } = one;
        if (!previous)
          return raise(
            fault('conflict', 'plugin_no_previous', `There is no version of “${id}” to go back to.`),
          );
        const unmet = dependentsOf(installed, id).filter(
          (other) => !inRange(previous.version, other.manifest.dependencies[id] ?? '*'),
        );
        mustNotBeNeeded(unmet, id, `taken back to ${previous.version}`);
        for (const [need, range] of Object.entries(previous.manifest.dependencies)) {
          const found = installed.find((other) => other.id === need);
          if (!found || !inRange(found.version, range))
            raise(
              fault(
                'conflict',
                'plugin_dependency_missing',
                `“${id}” ${previous.version} needs ${need} ${range}.`,
              ),
            );
        }
        const back: Installed = {
          ...one,
          ...previous,
          problem: null,
          previous: null,
          heldBack: one.version,
          updatedAt: now(),
        };
        const problem = await differs(back);
        if (problem !== null) damaged(back, problem);
        await store.change(
          [{ plugin: back, change: { change: 'rolled_back', from_version: one.version } }],
          actor,
        );
        await sync();
        await tidy([one]);
        return outcome(id, 'rolled_back');
      }),
    /** Looks whether the files are what was installed. */
    verify: (id: string) =>
      turn(async () => {
        if (await verify([find(await store.installed(), id)])) await sync();
        return (
          (await views()).find((one) => one.id === id) ??
          raise(fault('not-found', 'plugin_not_installed', id))
        );
      }),
  };
}

export type Installer = ReturnType<typeof createInstaller>;
