import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { isStoreFault } from '../faults.ts';
import { openCore } from './core.ts';
import { createDiskSync } from './disk-sync.ts';

/** A disk that takes things when it is told to. */
function slowDisk() {
  const asked: { done(): void; fail(thrown: Error): void }[] = [];
  const disk = createDiskSync('/a/vigiles.db', {
    sync: () => new Promise<void>((done, fail) => asked.push({ done, fail })),
    close: () => undefined,
  });
  return { asked, disk };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('waiting for the disk', () => {
  it('is over for a commit only with a wait that began after it, which all that came meanwhile share', async () => {
    const { asked, disk } = slowDisk();
    const reached: string[] = [];
    const wait = (name: string) => disk.reached().then(() => reached.push(name));
    void wait('first');
    void wait('second');
    void wait('third');
    await turn();
    assert.equal(asked.length, 1, 'the disk does one thing at a time');
    asked[0]?.done();
    await turn();
    assert.deepEqual(reached, ['first']);
    assert.equal(asked.length, 2);
    const closed = disk.close();
    asked[1]?.done();
    await closed;
    assert.deepEqual(reached, ['first', 'second', 'third']);
  });

  it('that fails is told to those who waited, and tried anew for the next', async () => {
    const { asked, disk } = slowDisk();
    const first = disk.reached();
    asked[0]?.fail(new Error('EIO'));
    await assert.rejects(first, (thrown) => isStoreFault(thrown, 'store_unavailable'));
    const second = disk.reached();
    await turn();
    asked[1]?.done();
    await second;
  });
});

describe('a durable transaction', () => {
  /** A database whose disk takes things when it is told to. */
  function slowDatabase(t: TestContext) {
    const home = mkdtempSync(join(tmpdir(), 'vigiles-disk-'));
    t.after(() => rmSync(home, { recursive: true, force: true }));
    const { asked, disk } = slowDisk();
    const core = openCore({
      path: join(home, 'vigiles.db'),
      readOnly: false,
      lockWaitMs: 1_000,
      onCommitted: () => undefined,
      disk,
    });
    core.writer.exec('create table kept (n integer)');
    const put = async (durable: boolean, n: number) => {
      const ending = await core.begin(durable);
      core.writer.run('insert into kept values (?)', [n]);
      return ending;
    };
    const kept = () => core.reader.run('select n from kept order by n', []).rows.map(({ n }) => n);
    return { asked, core, put, kept };
  }

  it('is over when the disk has it; those that need not be durable wait for nothing, and others go on meanwhile', async (t) => {
    const { asked, core, put, kept } = slowDatabase(t);
    let over = false;
    const first = (await put(true, 1)).commit().then(() => (over = true));
    await (await put(false, 2)).commit();
    assert.deepEqual(kept(), [1, 2]);
    assert.equal(over, false);
    asked[0]?.done();
    await first;
    assert.equal(asked.length, 1);
    await core.close();
  });

  it('that the disk refused takes nothing back that others write', async (t) => {
    const { asked, core, put, kept } = slowDatabase(t);
    const first = await put(true, 1);
    const committing = first.commit();
    await turn();
    const other = await put(false, 2);
    asked[0]?.fail(new Error('EIO'));
    await assert.rejects(committing, (thrown) => isStoreFault(thrown, 'store_unavailable'));
    first.rollback();
    await other.commit();
    assert.deepEqual(kept(), [1, 2]);
    await core.close();
  });

  it('is put on a real disk, also where the file is a link to another place', async (t) => {
    const home = mkdtempSync(join(tmpdir(), 'vigiles-disk-'));
    t.after(() => rmSync(home, { recursive: true, force: true }));
    const path = join(home, 'vigiles.db');
    mkdirSync(join(home, 'elsewhere'));
    writeFileSync(join(home, 'elsewhere', 'real.db'), '');
    symlinkSync(join(home, 'elsewhere', 'real.db'), path);
    const core = openCore({ path, readOnly: false, lockWaitMs: 1_000, onCommitted: () => undefined });
    for (let n = 0; n < 3; n += 1) {
      const ending = await core.begin(true);
      core.writer.run(`create table kept_${n} (n integer)`, []);
      await ending.commit();
    }
    await core.close();
  });
});
