import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { SeriesConfig } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { openPresence } from '../../platform/store/sqlite/presence.ts';
import { createSeries } from './index.ts';

describe('the history of a process', () => {
  const homes: string[] = [];
  const newHome = () => {
    const home = mkdtempSync(join(tmpdir(), 'vigiles-series-'));
    homes.push(home);
    return home;
  };
  const open = (home: string, more: object = {}) =>
    createSeries({ home, clock: systemClock, log: silentLog, config: SeriesConfig.parse(more) });
  after(() => {
    for (const home of homes) rmSync(home, { recursive: true, force: true });
  });

  it('starts no thread before there is something to keep', async () => {
    const series = open(newHome());
    assert.equal(series.hasHistory(), false);
    assert.equal(series.uptime('latency', 'web'), null);
    await series.stop();
    assert.equal(series.hasHistory(), false);
  });

  it('keeps what it was given when it is closed while its thread still starts', async () => {
    const home = newHome();
    await mkdir(join(home, 'series'));
    const elsewhere = openPresence(join(home, 'series', 'journal.db'));
    assert.equal(elsewhere.tryAlone(), true);
    const first = open(home);
    first.add('latency', 'web', Date.now(), 12);
    const stopped = first.stop();
    await delay(5_500);
    elsewhere.close();
    await stopped;
    const second = open(home);
    const [samples] = await second.ask('recent', { name: 'latency', targets: ['web'], limit: 9 });
    assert.deepEqual(
      samples?.map(({ value }) => value),
      [12],
    );
    await second.stop();
  });

  it('keeps what was said to be stored when it is killed, and is never damaged', async () => {
    const home = newHome();
    const start = Date.now() - 120_000;
    const program = join(import.meta.dirname, 'testing', 'die-while-adding.ts');
    const child = spawn(process.execPath, [program, home, String(start)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      told = Number(line);
      if (told >= 200) break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    const series = open(home);
    const lines = Array.from({ length: 20 }, (_, at) => ({ name: 'latency', target: `t${at}` }));
    const answer = await series.ask('query', { lines, from: start - 60_000, to: Date.now(), points: 100 });
    assert.equal(answer.lines.length, 20);
    for (const { summary } of answer.lines)
      assert.ok(summary.samples >= told, `${summary.samples} of ${told}`);
    await series.stop();
  });

  it('what is added is there after a restart; values that are none and too many of them are left out', async () => {
    const home = newHome();
    const first = open(home);
    const now = Date.now();
    first.add('memory', 'web', now, 123 * 1024 * 1024);
    first.add('memory', 'web', now, Number.NaN);
    first.add('memory', 'web', now, null);
    first.add('latency', 'web', now, null, 'DOWN');
    for (let at = 0; at < 60_000; at += 1) first.add('latency', 'busy', now - 60_000 + at, 1, 'UP');
    await first.stop();
    const second = open(home);
    const samples = await second.ask('samples', {
      name: 'memory',
      target: 'web',
      from: 0,
      to: now + 1,
      limit: 10,
    });
    assert.deepEqual(samples, [{ ts: now, value: 123 * 1024 * 1024, state: 0 }]);
    const down = await second.ask('samples', {
      name: 'latency',
      target: 'web',
      from: 0,
      to: now + 1,
      limit: 10,
    });
    assert.deepEqual(down, [{ ts: now, value: null, state: 3 }]);
    const [busy] = (await second.ask('sparklines', { name: 'latency', targets: ['busy'], minutes: 3 })) ?? [];
    assert.ok(busy?.includes(1));
    await second.stop();
  });
});
