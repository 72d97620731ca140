import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../conformance/until.ts';
import { createCommitWatch, type CommitWatch } from './commit-watch.ts';
import { openSqlite, type SqliteHandle } from './node-sqlite.ts';

describe('hearing of commits to a file', () => {
  let folder = '';
  let looks = 0;
  let here: SqliteHandle;
  let there: SqliteHandle;
  let watch: CommitWatch | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commit-watch-'));
    here = openSqlite(join(folder, 'a.db'), { busyTimeoutMs: 1000 });
    here.exec('pragma journal_mode = wal');
    here.exec('create table t (n integer)');
    there = openSqlite(join(folder, 'a.db'), { busyTimeoutMs: 1000 });
    looks = 0;
  });

  afterEach(() => {
    watch?.stop();
    here.close();
    there.close();
    rmSync(folder, { recursive: true });
  });

  /** @param restEveryMs looks of one that rests; none by default, so that only a write can wake it */
  const listen = (restEveryMs = 3_600_000): string[] => {
    const counted: SqliteHandle = Object.create(here, {
      run: {
        value: (...asked: Parameters<SqliteHandle['run']>) => {
          looks += 1;
          return here.run(...asked);
        },
      },
    });
    const heard: string[] = [];
    watch = createCommitWatch(() => counted, assert.ifError, restEveryMs);
    watch.listen((origin) => heard.push(origin));
    return heard;
  };

  /** Looks within a second, once it had time to come to rest. */
  const looksAtRest = async (): Promise<number> => {
    await sleep(500);
    const before = looks;
    await sleep(1000);
    return looks - before;
  };

  const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux tells of every write' };

  it('hardly looks while nobody writes', onLinux, async () => {
    listen(250);
    assert.ok((await looksAtRest()) <= 10);
  });

  it('is woken by a write, again and again', onLinux, async () => {
    const heard = listen();
    for (const n of [1, 2, 3]) {
      assert.equal(await looksAtRest(), 0);
      heard.length = 0;
      there.run('insert into t values (?)', [n]);
      await until(() => heard.includes('remote'));
    }
  });

  it('hears of a commit whose data was written long before', async () => {
    const heard = listen();
    there.exec('pragma cache_size = 1');
    there.exec('begin immediate');
    there.exec(`insert into t
      with recursive upTo(n) as (select 1 union all select n + 1 from upTo where n < 50000) select n from upTo`);
    await sleep(600);
    assert.equal(heard.length, 0);
    there.exec('commit');
    await until(() => heard.includes('remote'));
  });

  it('looks no more when nobody listens', async () => {
    listen();
    watch?.stop();
    looks = 0;
    there.run('insert into t values (1)', []);
    await sleep(300);
    assert.equal(looks, 0);
  });
});
