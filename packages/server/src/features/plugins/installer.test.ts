import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { EgressConfig, PluginsConfig, type InstalledPlugin, type PluginOutcome } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { FaultError } from '../../kernel/fault.ts';
import { newId } from '../../kernel/ids.ts';
import { silentLog } from '../../kernel/log.ts';
import type { RouteCall } from '../../kernel/route.ts';
import { createEgress } from '../../platform/egress/index.ts';
import { createEventLog } from '../../platform/event-log/index.ts';
import type { AuditEntry } from '../../platform/http/index.ts';
import { eventLogMigrations } from '../../platform/event-log/migrations.ts';
import { forEachStore } from '../../testing/stores.ts';
import { pluginMigrations } from './migrations.ts';
import { createPluginRepository } from './plugin-repository.ts';
import { openSigned } from './signing.ts';
import { goodFiles, packageOf } from './testing/make-tar.ts';

const migrations = { ...eventLogMigrations, ...pluginMigrations };
const day = 86_400_000;

/** An upload that comes in one piece. */
async function* onePart(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

forEachStore('what is installed', (openStore, newPlace) => {
  /** A repository on a place of its own; `reopen` is what a new process finds there. */
  async function start(options: { autoUpdate?: boolean; bundled?: string } = {}) {
    const place = await newPlace();
    const store = await openStore({ migrations, place });
    let nowMs = Date.UTC(2026, 0, 1);
    const clock = { ...systemClock, now: () => nowMs };
    const events = createEventLog({ store, log: silentLog, clock, newId });
    const kept = new Map<string, string>();
    const synced: InstalledPlugin[][] = [];
    const audited: AuditEntry[] = [];
    const config = PluginsConfig.parse({ plugin_auto_update: options.autoUpdate ?? false });
    const egress = createEgress({ config: () => EgressConfig.parse({}) });
    const open = () =>
      createPluginRepository({
        home: place.home,
        store,
        events,
        egress,
        secrets: { get: (name) => kept.get(name), set: async (name, value) => void kept.set(name, value) },
        config: () => config,
        subscribe: () => () => undefined,
        resolve: (text) => text,
        quotas: { take: async () => {}, store: async () => {} },
        runtime: { sync: async (installed) => void synced.push([...installed]) },
        bundled: options.bundled ?? null,
        version: '0.1.0',
        now: () => clock.now(),
        newId,
        audit: (entry) => void audited.push(entry),
        log: silentLog,
      });
    const opened = [open()];
    after(async () => {
      for (const each of opened) await each.component.stop?.();
      await egress.close();
    });
    async function call<T = PluginOutcome>(
      operationId: string,
      params: object = {},
      body: unknown = {},
      query: object = {},
    ): Promise<T> {
      const route = opened.at(-1)?.routes.find((one) => one.operationId === operationId);
      assert.ok(route, operationId);
      const given = {
        params,
        query,
        body,
        identity: { kind: 'device', deviceId: 'd1', name: 'test', scopes: ['admin'] },
        header: () => null,
        setHeader: () => undefined,
        about: () => undefined,
      };
      return (await route.handle(given as unknown as RouteCall<never, never, never>)) as T;
    }
    const codeOf = (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => 'done',
        (thrown: unknown) => (thrown instanceof FaultError ? thrown.fault.code : String(thrown)),
      );
    const publish = (id: string, version: string, more: Record<string, unknown> = {}) =>
      call('publishPlugin', {}, onePart(packageOf(...goodFiles({ id, name: id, version, ...more }))));
    return {
      clock,
      audited,
      advance: (ms: number) => void (nowMs += ms),
      events,
      call,
      codeOf,
      publish,
      look: () => opened.at(-1)?.lookForUpdates(),
      last: () =>
        synced
          .at(-1)
          ?.map(({ id, version, enabled, state }) => `${id} ${version} ${enabled ? 'on' : 'off'} ${state}`),
      installed: async () => (await call<{ plugins: InstalledPlugin[] }>('listInstalledPlugins')).plugins,
      /** As a new process does after the old one was killed, to its end. */
      async reopen() {
        const next = open();
        opened.push(next);
        const before = synced.length;
        await next.component.start?.();
        const deadline = performance.now() + 30_000;
        while (synced.length === before) {
          assert.ok(performance.now() < deadline, 'the new process looks after its plugins');
          await new Promise((done) => void setTimeout(done, 5));
        }
      },
    };
  }

  test('the runtime is told after every change, with what is enabled and whole', async () => {
    const { call, publish, last, codeOf } = await start();
    await publish('base-lib', '1.0.0');
    await publish('on-top', '1.0.0', { dependencies: { 'base-lib': '^1.0.0' } });
    await call('installPlugin', { id: 'on-top' });
    assert.deepEqual(last(), ['base-lib 1.0.0 on ready', 'on-top 1.0.0 on ready']);
    assert.equal(await codeOf(call('disablePlugin', { id: 'base-lib' })), 'plugin_needed');
    await call('disablePlugin', { id: 'on-top' });
    await call('disablePlugin', { id: 'base-lib' });
    assert.deepEqual(last(), ['base-lib 1.0.0 off ready', 'on-top 1.0.0 off ready']);
    assert.equal(await codeOf(call('enablePlugin', { id: 'on-top' })), 'plugin_dependency_missing');
    await call('uninstallPlugin', { id: 'on-top' });
    assert.deepEqual(last(), ['base-lib 1.0.0 off ready']);
  });

  test('killed in the middle, the old version is there and nothing else; the next start takes the rest away', async () => {
    const { call, publish, installed, reopen, last } = await start();
    await publish('steady', '1.0.0');
    await call('installPlugin', { id: 'steady' });
    const [one] = await installed();
    const root = dirname(dirname(dirname(one?.folder ?? '')));
    // What a process leaves that is killed while it unpacks, after it unpacked, and after a package was received.
    mkdirSync(join(root, '.staging', 'half'), { recursive: true });
    writeFileSync(join(root, '.staging', 'half', 'main.js'), 'hal');
    mkdirSync(join(root, 'installed', 'steady', '2.0.0_0000'), { recursive: true });
    writeFileSync(join(root, 'installed', 'steady', '2.0.0_0000', 'main.js'), 'whole');
    mkdirSync(join(root, 'packages', 'local', 'steady'), { recursive: true });
    writeFileSync(join(root, 'packages', 'local', 'steady', '2.0.0_0000.tgz'), 'x');
    await reopen();
    assert.deepEqual(last(), ['steady 1.0.0 on ready']);
    assert.equal(readdirSync(join(root, 'installed', 'steady')).length, 1);
    assert.equal(readdirSync(join(root, 'packages', 'local', 'steady')).length, 1);
    assert.equal(existsSync(join(root, '.staging')), false);
    assert.equal(readFileSync(join(one?.folder ?? '', 'main.js'), 'utf8'), 'export {};\n');
  });

  test('what was changed while nobody looked does not run after the start', async () => {
    const { call, publish, installed, reopen, last, events } = await start();
    await publish('honest', '1.0.0');
    await call('installPlugin', { id: 'honest' });
    const [one] = await installed();
    writeFileSync(join(one?.folder ?? '', 'added.js'), 'evil()');
    await reopen();
    assert.deepEqual(last(), ['honest 1.0.0 on damaged']);
    const told = await events.read({ afterSeq: 0, limit: 100, types: ['plugin.changed'] });
    assert.equal((told.at(-1)?.data as { change: string } | undefined)?.change, 'damaged');
    rmSync(join(one?.folder ?? '', 'added.js'));
    await call('verifyPlugin', { id: 'honest' });
    assert.deepEqual(last(), ['honest 1.0.0 on ready']);
  });

  test('by itself only a version is taken that wants nothing new and was not rolled back from', async () => {
    const { call, publish, look, installed, events, audited } = await start({ autoUpdate: true });
    await publish('moving', '1.0.0', { permissions: { env: ['HOME'] } });
    const plan = await call<{ consent: string }>('planPlugin', { id: 'moving' }, {}, { newer: 'false' });
    await call('installPlugin', { id: 'moving' }, { consent: plan.consent });
    const version = async () => (await installed())[0]?.version;
    await publish('moving', '1.1.0', { permissions: { env: ['HOME'] } });
    await publish('moving', '2.0.0-beta.1', { permissions: {} });
    await look();
    assert.equal(await version(), '1.1.0');
    await call('rollbackPlugin', { id: 'moving' });
    await look();
    assert.equal(await version(), '1.0.0');
    await publish('moving', '1.2.0', { permissions: { env: ['HOME', 'PATH'] } });
    await look();
    await look();
    assert.equal(await version(), '1.0.0');
    const waits = await events.read({ afterSeq: 0, limit: 100, types: ['plugin.update_waits'] });
    assert.equal(waits.length, 1);
    const data = waits[0]?.data as { permissions: { added: { env: string[] } } } | undefined;
    assert.deepEqual(data?.permissions.added.env, ['PATH']);
    assert.deepEqual(
      audited.map(({ verb, actor, target, result, details }) => ({ verb, actor, target, result, details })),
      [
        {
          verb: 'plugin.update',
          actor: 'plugins',
          target: 'moving',
          result: 'ok',
          details: { automatic: true, from_version: '1.0.0', version: '1.1.0' },
        },
      ],
      'what nobody asked for is in the audit chain',
    );
  });

  test('the index is renewed before its time is over, under a higher number and the same key', async () => {
    const { call, publish, clock, advance } = await start();
    await publish('timely', '1.0.0');
    const { key } = await call<{ key: string }>('pluginKey');
    const read = async () => openSigned(await call<unknown>('pluginIndex'), [key]).head;
    const first = await read();
    assert.equal(first.expires_at, first.issued_at + 14 * day);
    advance(6 * day);
    assert.deepEqual(await read(), first);
    advance(2 * day);
    const second = await read();
    assert.equal(second.version, first.version + 1);
    assert.equal(second.expires_at, clock.now() + 14 * day);
    assert.deepEqual(second.pages, first.pages);
  });

  test('two publications at once of one version: one of them is it, and its bytes are what is given out', async () => {
    const { publish, codeOf, call } = await start();
    const both = await Promise.all(
      ['One.', 'Two.'].map((description) => codeOf(publish('raced', '1.0.0', { description }))),
    );
    assert.deepEqual(
      both.toSorted((a, b) => (a < b ? -1 : 1)),
      ['done', 'plugin_version_exists'],
    );
    assert.equal((await call('installPlugin', { id: 'raced' })).status, 'installed');
  });
});
