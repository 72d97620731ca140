import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  identify,
  isAlive,
  killTree,
  processTree,
  readProcess,
  sendSignal,
  spawnService,
  tailLines,
} from './index.ts';
import { rotateLiveLog } from './log-file.ts';
import { parseProcStat } from './proc-stat.ts';
import { clockText } from './read-process.ts';
import { createSelfWatch } from './self-watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigiles-process-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function until(what: string, condition: () => unknown): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not in time: ${what}`);
    await delay(10);
  }
}

const start = (name: string, code: string) =>
  spawnService({
    command: [process.execPath, '-e', code],
    env: { PATH: '/usr/bin:/bin' },
    logFile: join(folder, `${name}.log`),
  });

describe('process identity', () => {
  it('a pid with another start time is another process, and is never signalled', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], { stdio: 'ignore' });
    const identity = identify(child.pid ?? 0);
    assert.ok(identity);
    const reused = { ...identity, startTime: `${identity.startTime}0` };
    assert.equal(isAlive(reused), false);
    assert.equal(sendSignal(reused, 'SIGKILL'), 'refused');
    assert.deepEqual(processTree(reused), []);
    const report = await killTree(reused, { termTimeoutMs: 0 });
    assert.equal(report.killed, 0);
    assert.equal(child.exitCode, null);
    assert.equal(sendSignal(identity, 'SIGKILL'), 'sent');
    await until('it is gone', () => !isAlive(identity));
    assert.equal(sendSignal(identity, 'SIGKILL'), 'gone');
  });

  it('never signals itself or init', () => {
    const self = identify(process.pid);
    assert.ok(self);
    assert.equal(sendSignal(self, 'SIGTERM'), 'refused');
    assert.equal(sendSignal({ pid: 1, startTime: '' }, 'SIGTERM'), 'refused');
  });

  it('reads a command name with spaces and brackets', () => {
    const fields = Array.from({ length: 30 }, (_, at) => String(at + 4)).join(' ');
    const stat = parseProcStat(`42 (a) b (c) S ${fields}`);
    assert.equal(stat?.command, 'a) b (c');
    assert.equal(stat?.startTicks, '22');
  });

  it('reads durations as ps prints them', () => {
    assert.equal(clockText('1-02:03:04'), 93_784_000);
    assert.equal(clockText('03:04'), 184_000);
  });
});

describe('a started service', () => {
  it('writes to its log, is read, and is ended with its children, also those that ignore SIGTERM', async () => {
    const child = `process.on('SIGTERM',()=>{});console.log('stubborn');setInterval(()=>{},1000)`;
    const spawned = start(
      'tree',
      `require('node:child_process').spawn(process.execPath,['-e',${JSON.stringify(child)}],{stdio:'inherit'});
      console.log('ready');process.on('SIGTERM',()=>process.exit(0));setInterval(()=>{},1000)`,
    );
    const leader = spawned.identity;
    assert.ok(leader);
    await until('the log says so', () => tailLines(join(folder, 'tree.log'), 5).includes('ready'));
    await until('its child runs', () => tailLines(join(folder, 'tree.log'), 5).includes('stubborn'));
    assert.ok((readProcess(leader.pid)?.rssBytes ?? 0) > 1e6);
    const tree = processTree(leader);
    const report = await killTree(leader, { termTimeoutMs: 300 });
    assert.equal(report.gone, true);
    assert.equal(report.killed, 1);
    assert.ok(tree.every((member) => !isAlive(member)));
    assert.deepEqual(await spawned.exited, { code: 0, signal: null, error: null });
  });

  it('that is orphaned is still found by its group', async () => {
    const spawned = start(
      'orphan',
      `require('node:child_process').spawn(process.execPath,['-e','setInterval(()=>{},1000)'],{stdio:'ignore'}).unref();
      setInterval(()=>{},1000)`,
    );
    const leader = spawned.identity;
    assert.ok(leader);
    await until('its child runs', () => processTree(leader).length === 2);
    process.kill(leader.pid, 'SIGKILL');
    await spawned.exited;
    assert.equal(processTree(leader).length, 1);
    assert.equal((await killTree(leader, { termTimeoutMs: 2000 })).gone, true);
    assert.deepEqual(processTree(leader), []);
  });

  it('that cannot be started says why', async () => {
    const spawned = spawnService({ command: ['/nowhere'], env: {}, logFile: join(folder, 'none.log') });
    assert.equal(spawned.identity, null);
    assert.match((await spawned.exited).error ?? '', /ENOENT/);
  });
});

describe('the log of a service', () => {
  it('is emptied in place when it is large, and its old part is kept', () => {
    const path = join(folder, 'big.log');
    writeFileSync(path, 'x'.repeat(2000));
    assert.equal(rotateLiveLog(path, 1000, 3), true);
    assert.equal(readFileSync(path, 'utf8'), '');
    assert.equal(readFileSync(`${path}.1`, 'utf8').length, 2000);
    assert.equal(rotateLiveLog(path, 1000, 3), false);
  });
});

describe('watching the watcher', () => {
  it('a machine that was suspended, and a loop that was blocked, make looks worthless', () => {
    let wall = 0;
    let monotonic = 0;
    const watch = createSelfWatch({ clock: { now: () => wall, monotonic: () => monotonic }, lagMs: 500 });
    watch.start();
    try {
      wall = monotonic = 200;
      assert.equal(watch.troubleSince(0), null);
      wall += 3_600_000;
      monotonic += 250;
      assert.match(watch.troubleSince(200) ?? '', /suspended for 3600 s/);
      assert.equal(watch.troubleSince(monotonic + 1), null);
      wall += 2000;
      monotonic += 2000;
      assert.match(watch.troubleSince(500) ?? '', /blocked for 1750 ms/);
      wall -= 3_600_000;
      monotonic += 250;
      assert.equal(watch.troubleSince(monotonic), null, 'a clock set back is no trouble of ours');
    } finally {
      watch.stop();
    }
  });
});
