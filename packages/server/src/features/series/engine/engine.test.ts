import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { silentLog } from '../../../kernel/log.ts';
import { forEachStore } from '../../../testing/stores.ts';
import type { Batch } from '../core/batch.ts';
import { addSample, newRollup } from '../core/rollup.ts';
import { openPostgresStorage } from '../storage/postgres-storage.ts';
import { openSqliteStorage } from '../storage/sqlite-storage.ts';
import { packSingle } from '../testing/single-sum.ts';
import { createEngine, type Engine } from './engine.ts';

const hour = 3_600_000;
const day = 24 * hour;
const midnight = Date.UTC(2026, 2, 10);
const rules = { rawDays: 30, minuteDays: 35, hourDays: 400, maxBytes: 1e9, minFreeBytes: 0, maxSeries: 5 };
const latency = { name: 'latency', target: 'web', scale: 1000, bits: 5 };

const batch = (
  id: number,
  samples: readonly (readonly [ts: number, value: number, state: number])[],
): Batch => ({
  ids: Uint32Array.from(samples, () => id),
  ts: Float64Array.from(samples, ([ts]) => ts),
  values: Float64Array.from(samples, ([, value]) => value),
  states: Uint8Array.from(samples, ([, , state]) => state),
});
const every5s = (from: number, to: number, value = 20, state = 1) =>
  Array.from({ length: Math.ceil((to - from) / 5000) }, (_, at) => [from + at * 5000, value, state] as const);

forEachStore('the history', (_openStore, newPlace, dialect) => {
  let now = midnight + day;
  const open = async (place: { home: string; url?: string }, more: Partial<typeof rules> = {}) => {
    const storage = place.url
      ? await openPostgresStorage(place.url)
      : await openSqliteStorage(join(place.home, 'series'), silentLog);
    const engine = createEngine({ storage, log: silentLog, now: () => now, rules: { ...rules, ...more } });
    await engine.start();
    return engine;
  };
  const ask = async (engine: Engine, from: number, to: number, points: number, target = 'web') => {
    const answer = await engine.query({ lines: [{ name: 'latency', target }], from, to, points });
    const [line] = answer.lines;
    assert.ok(line);
    return { ...answer, line };
  };

  it('answers the same from memory, from blocks and after a restart', async () => {
    now = midnight + day;
    const place = await newPlace();
    const engine = await open(place);
    const [id = 0] = await engine.ensure([latency]);
    await engine.take(batch(id, every5s(midnight, midnight + day - 5000)));
    const before = await ask(engine, midnight, now, 24);
    assert.equal(before.line.summary.samples, 17_279);
    await engine.compact();
    const written = await ask(engine, midnight, now, 24);
    assert.equal(written.level, '1h');
    assert.equal(written.line.summary.samples, 17_279);
    assert.equal(written.line.summary.uptime, 1);
    await engine.close();
    const again = await open(place);
    const after = await ask(again, midnight, now, 24);
    assert.deepEqual(after.line.p50.slice(0, 23), written.line.p50.slice(0, 23));
    assert.equal(after.line.summary.samples, 17_279);
    // A second round over the same hours changes nothing.
    await again.compact();
    assert.equal((await ask(again, midnight, now, 24)).line.summary.samples, 17_279);
    await again.close();
  });

  it('takes late, doubled and disordered samples once, and counts looks exactly', async () => {
    now = midnight + 3 * hour;
    const engine = await open(await newPlace());
    const [id = 0] = await engine.ensure([latency]);
    const first = every5s(midnight, midnight + hour);
    await engine.take(batch(id, [...first].toReversed()));
    await engine.take(batch(id, first));
    await engine.compact();
    await engine.take(batch(id, first.slice(0, 100)));
    await engine.take(batch(id, [[midnight + 2500, Number.NaN, 3]]));
    await engine.compact();
    for (const points of [1, 12, 60, 700]) {
      const { line } = await ask(engine, midnight, midnight + hour - 1, points);
      assert.deepEqual(line.summary.looks, { up: 720, down: 1, unknown: 0, planned: 0 }, `${points} points`);
    }
    assert.equal(engine.uptimes('latency')['web']?.month, 720 / 721);
    await engine.close();
  });

  it('reads rows of one sum as they were written at first, and goes on from them', async () => {
    now = midnight + 3 * hour;
    const place = await newPlace();
    const storage = place.url
      ? await openPostgresStorage(place.url)
      : await openSqliteStorage(join(place.home, 'series'), silentLog);
    const [stored] = await storage.ensure([latency]);
    assert.ok(stored);
    const sumOf = (from: number, to: number) => {
      const sum = newRollup();
      for (const [, value, state] of every5s(from, to)) addSample(sum, value, state, latency);
      return packSingle(sum);
    };
    const old = midnight - 3 * day;
    // Three whole days by the hour and day, and the first two hours of today.
    for (let at = 0; at < 3; at += 1) {
      for (let part = 0; part < 24; part += 1) {
        const from = old + at * day + part * hour;
        await storage.write('1h', [{ series: stored.id, slot: from / hour, data: sumOf(from, from + hour) }]);
      }
      const from = old + at * day;
      await storage.write('1d', [{ series: stored.id, slot: from / day, data: sumOf(from, from + day) }]);
    }
    for (const hours of [0, 1]) {
      const from = midnight + hours * hour;
      await storage.write('1h', [{ series: stored.id, slot: from / hour, data: sumOf(from, from + hour) }]);
    }
    await storage.close();

    const engine = await open(place);
    const before = await ask(engine, old, midnight, 72);
    assert.deepEqual([before.level, before.line.summary.samples], ['1h', 3 * 17_280]);
    const [id = 0] = await engine.ensure([latency]);
    await engine.take(batch(id, every5s(midnight + 2 * hour, midnight + 3 * hour)));
    now = midnight + 4 * hour;
    await engine.compact();
    const after = await ask(engine, old, midnight + 3 * hour - 1, 75);
    assert.deepEqual([after.level, after.line.summary.samples], ['1h', 3 * 17_280 + 3 * 720]);
    assert.equal(after.line.avg.includes(null), false);
    const days = await ask(engine, old, midnight + day, 4);
    assert.deepEqual([days.level, days.line.summary.samples], ['1d', 3 * 17_280 + 3 * 720]);
    await engine.close();
    // And the uptime of all of it after another start.
    const again = await open(place);
    const deadline = Date.now() + 10_000;
    while ((again.uptimes('latency')['web']?.month ?? null) === null && Date.now() < deadline)
      await new Promise(setImmediate);
    assert.equal(again.uptimes('latency')['web']?.month, 1);
    await again.close();
  });

  it('draws what is missing as a gap, at every level', async () => {
    now = midnight + 8 * hour;
    const engine = await open(await newPlace());
    const [id = 0] = await engine.ensure([latency]);
    await engine.take(batch(id, every5s(midnight, midnight + 2 * hour)));
    await engine.take(batch(id, every5s(midnight + 5 * hour, midnight + 7 * hour)));
    for (const compacted of [false, true]) {
      if (compacted) await engine.compact();
      const { line } = await ask(engine, midnight, midnight + 7 * hour - 1, 7);
      assert.deepEqual(
        line.avg.map((value) => value !== null),
        [true, true, false, false, false, true, true],
      );
    }
    // One bucket a second for one sample in five: no gaps.
    const { line } = await ask(engine, midnight + 60_000, midnight + 120_000, 60);
    assert.equal(line.avg.slice(0, 55).includes(null), false);
    await engine.close();
  });

  it('forgets whole months, refuses wrong clocks and more series than it may hold', async () => {
    now = Date.UTC(2026, 2, 20);
    const engine = await open(await newPlace(), { rawDays: 60 });
    const ids = await engine.ensure(Array.from({ length: 7 }, (_, at) => ({ ...latency, target: `t${at}` })));
    assert.deepEqual(
      ids.map((id) => id > 0),
      [true, true, true, true, true, false, false],
    );
    const january = Date.UTC(2026, 0, 25);
    await engine.take(batch(ids[0] ?? 0, every5s(january, january + hour)));
    await engine.take(batch(ids[0] ?? 0, every5s(now - 2 * hour, now - hour)));
    await engine.take(
      batch(ids[0] ?? 0, [
        [now + day, 1, 1],
        [0, 1, 1],
      ]),
    );
    await engine.compact();
    const months = async (level: string) =>
      (await engine.stats()).partitions
        .filter((each) => each.level === level)
        .map(({ month }) => month)
        .sort();
    assert.deepEqual(await months('raw'), ['2026-01', '2026-03']);
    assert.equal((await engine.stats()).refused, 2);
    now = Date.UTC(2026, 3, 15);
    engine.follow({ ...rules, rawDays: 30 });
    await engine.compact();
    assert.deepEqual(await months('raw'), ['2026-03']);
    assert.deepEqual(await months('1h'), ['2026-01', '2026-03']);
    await engine.close();
  });

  if (dialect === 'sqlite') {
    it('puts a damaged month aside and goes on with the others', async () => {
      now = midnight + 3 * hour;
      const home = mkdtempSync(join(tmpdir(), 'vigiles-series-'));
      after(() => rmSync(home, { recursive: true, force: true }));
      const first = await open({ home });
      const [id = 0] = await first.ensure([latency]);
      await first.take(batch(id, every5s(midnight, midnight + 2 * hour)));
      await first.compact();
      await first.close();
      const folder = join(home, 'series');
      const raw = join(folder, '2026-03-raw.db');
      truncateSync(raw, statSync(raw).size - 2048);
      writeFileSync(join(folder, '2026-03-1m.db'), 'this is no database'.repeat(500));
      const second = await open({ home });
      const { line } = await ask(second, midnight, midnight + 2 * hour - 1, 2);
      assert.equal(line.summary.samples, 1440);
      await ask(second, midnight, midnight + 60_000, 10);
      await second.take(batch(id, every5s(midnight + 2 * hour, midnight + 3 * hour)));
      now = midnight + 4 * hour;
      await second.compact();
      assert.ok(readdirSync(join(folder, 'quarantine')).length >= 1);
      assert.equal(
        (await ask(second, midnight + 2 * hour, midnight + 3 * hour - 1, 700)).line.summary.samples,
        720,
      );
      await second.close();
    });
  }
});
