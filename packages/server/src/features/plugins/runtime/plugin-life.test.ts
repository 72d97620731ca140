import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InstalledPlugin, PluginDeclaration, PluginPermissions } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import { CallFailure } from './call-book.ts';
import { createPluginLife } from './plugin-life.ts';
import type { PluginProcessHandle } from './plugin-process.ts';

/** Processes that are there when the test says so, and tell of their end. */
function openLife() {
  const starts: PromiseWithResolvers<void>[] = [];
  const alive = new Set<number>();
  const life = createPluginLife({
    plugin: { id: 'demo', version: '1.0.0', manifest: { provides: [] } } as unknown as InstalledPlugin,
    granted: {} as PluginPermissions,
    async start() {
      const begun = Promise.withResolvers<void>();
      const number = starts.push(begun);
      await begun.promise;
      alive.add(number);
      const ready = Promise.withResolvers<PluginDeclaration>();
      const over = Promise.withResolvers<string>();
      ready.promise.catch(() => undefined);
      ready.resolve({
        checks: { one: {} },
        actions: {},
        channels: {},
        providers: {},
        tool_call_formats: {},
      } as unknown as PluginDeclaration);
      return {
        identity: null,
        ready: ready.promise,
        call: () => Promise.reject(new CallFailure('gone', 'nobody')),
        ended: over.promise,
        async end(why: string) {
          alive.delete(number);
          over.resolve(why);
        },
        memoryBytes: () => null,
        output: () => [],
      } satisfies PluginProcessHandle;
    },
    fence: 'node',
    memoryLimitBytes: 1,
    clock: systemClock,
    clean: (text) => text,
    changed: () => undefined,
    declared: () => undefined,
  });
  return { life, starts, alive };
}
const turn = () => new Promise((done) => setImmediate(done));

describe('the life of a plugin', () => {
  it('has one process although it was started again while its first one was being made', async () => {
    const { life, starts, alive } = openLife();
    life.begin();
    await life.restart();
    assert.equal(starts.length, 2);
    starts[1]?.resolve();
    await turn();
    assert.equal(life.view().state, 'running');
    starts[0]?.resolve();
    await turn();
    assert.deepEqual([...alive], [2]);
    assert.equal(life.view().state, 'running');
    await life.stop();
    assert.equal(alive.size, 0);
  });

  it('is over only when a process that was being made is gone too', async () => {
    const { life, starts, alive } = openLife();
    life.begin();
    const stopped = life.stop();
    let over = false;
    void stopped.then(() => (over = true));
    await turn();
    assert.equal(over, false);
    starts[0]?.resolve();
    await stopped;
    assert.equal(alive.size, 0);
    assert.equal(life.view().state, 'stopped');
  });
});
