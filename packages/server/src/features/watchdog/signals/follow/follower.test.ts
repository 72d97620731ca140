import assert from 'node:assert/strict';
import { appendFile, copyFile, mkdtemp, rename, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../../../../kernel/clock.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { systemFiles, type FollowFiles } from './follow-files.ts';
import { createFollower } from './follower.ts';
import type { FollowNotice, FollowSource, SavedPosition } from './follower-types.ts';
import { linesOf } from './line-block.ts';

interface Rig {
  folder: string;
  path: string;
  lines: string[];
  notices: FollowNotice[];
  follow(
    source?: Partial<FollowSource>,
    more?: { files?: FollowFiles; closeAfterMs?: number },
  ): Promise<void>;
  /** Looks, and gives what was new. */
  look(): Promise<string[]>;
  restart(): Promise<void>;
}

/** A follower that looks only when told to: the system's announcements come on top and change nothing. */
async function rigOf(t: TestContext): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'follow-'));
  const path = join(folder, 'app.log');
  let follower: ReturnType<typeof createFollower> | null = null;
  let positions: readonly SavedPosition[] = [];
  let again: () => Promise<void> = async () => undefined;
  let told = 0;
  const rig: Rig = {
    folder,
    path,
    lines: [],
    notices: [],
    async follow(source = {}, more = {}) {
      again = async () => {
        follower = createFollower(
          { path, ...source },
          {
            log: silentLog,
            clock: systemClock,
            onLines: (block) => void rig.lines.push(...linesOf(block)),
            onNotice: (notice) => rig.notices.push(notice),
            positions,
            pollMs: 3_600_000,
            closeAfterMs: 3_600_000,
            ...more,
          },
        );
        await follower.start();
        await follower.poll();
      };
      await again();
    },
    async look() {
      await follower?.poll();
      const fresh = rig.lines.slice(told);
      told = rig.lines.length;
      return fresh;
    },
    async restart() {
      await follower?.stop();
      positions = JSON.parse(JSON.stringify(follower?.positions() ?? [])) as SavedPosition[];
      await again();
    },
  };
  t.after(async () => {
    await follower?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return rig;
}

test('what a file holds at the beginning does not count, what is written later does', async (t) => {
  const rig = await rigOf(t);
  await writeFile(rig.path, 'old\nold too\nbegun');
  await rig.follow();
  assert.deepEqual(await rig.look(), []);
  await appendFile(rig.path, ' and ended\nnew\r\nnot yet');
  assert.deepEqual(await rig.look(), ['begun and ended', 'new']);
  await appendFile(rig.path, ' but now\n');
  assert.deepEqual(await rig.look(), ['not yet but now']);
});

test('a file that appears later is read from its start', async (t) => {
  const rig = await rigOf(t);
  await rig.follow();
  await writeFile(rig.path, 'first\n');
  assert.deepEqual(await rig.look(), ['first']);
});

test('a renamed file is read to its end, also what is written to it afterwards', async (t) => {
  const rig = await rigOf(t);
  await rig.follow({ from: 'start' });
  await writeFile(rig.path, 'one\n');
  assert.deepEqual(await rig.look(), ['one']);
  await appendFile(rig.path, 'two\n');
  await rename(rig.path, `${rig.path}.1`);
  await appendFile(`${rig.path}.1`, 'three\n');
  await writeFile(rig.path, 'four\n');
  assert.deepEqual(await rig.look(), ['two', 'three', 'four']);
  await appendFile(`${rig.path}.1`, 'late\n');
  await appendFile(rig.path, 'five\n');
  assert.deepEqual(await rig.look(), ['late', 'five']);
});

test('files that came and went between two looks are found under their new names', async (t) => {
  const rig = await rigOf(t);
  await writeFile(`${rig.path}.1`, 'before us\n');
  await rig.follow({ from: 'start' });
  await writeFile(rig.path, 'a\n');
  await rig.look();
  await rename(`${rig.path}.1`, `${rig.path}.3`);
  await rename(rig.path, `${rig.path}.2`);
  await writeFile(rig.path, 'b\n');
  await rename(rig.path, `${rig.path}.1`);
  await writeFile(rig.path, 'c\n');
  assert.deepEqual(await rig.look(), ['b', 'c']);
});

test('copied and emptied: the copy is read from where the file was read to', async (t) => {
  const rig = await rigOf(t);
  await rig.follow({ from: 'start' });
  await writeFile(rig.path, 'one\n');
  await rig.look();
  await appendFile(rig.path, 'two\n');
  await copyFile(rig.path, `${rig.path}.1`);
  await truncate(rig.path, 0);
  await appendFile(rig.path, 'three\n');
  assert.deepEqual(await rig.look(), ['two', 'three']);
  assert.match(rig.notices.at(-1)?.detail ?? '', /copy was read to its end/);
});

test('a file that was emptied and grew past the old place begins anew', async (t) => {
  const rig = await rigOf(t);
  await rig.follow({ from: 'start' });
  await writeFile(rig.path, '2026-01-01 a\n');
  await rig.look();
  await truncate(rig.path, 0);
  await appendFile(rig.path, '2026-01-02 b\n2026-01-02 c\n2026-01-02 d\n');
  assert.deepEqual(await rig.look(), ['2026-01-02 b', '2026-01-02 c', '2026-01-02 d']);
  assert.match(rig.notices.at(-1)?.detail ?? '', /emptied after 13 bytes/);
});

test('a copy made before the last lines were written holds nothing new', async (t) => {
  const rig = await rigOf(t);
  await rig.follow({ from: 'start' });
  await writeFile(rig.path, 'one\n');
  await rig.look();
  await copyFile(rig.path, `${rig.path}.1`);
  await appendFile(rig.path, 'two\n');
  await rig.look();
  await truncate(rig.path, 0);
  await appendFile(rig.path, 'three\n');
  assert.deepEqual(await rig.look(), ['three']);
  assert.deepEqual(rig.lines, ['one', 'two', 'three']);
});

test('the hole that a writer leaves in an emptied file is no part of its line', async (t) => {
  const rig = await rigOf(t);
  await rig.follow({ from: 'start' });
  await writeFile(rig.path, 'x\n');
  await rig.look();
  await truncate(rig.path, 0);
  await truncate(rig.path, 300_000);
  await appendFile(rig.path, 'after the hole\n');
  assert.deepEqual(await rig.look(), ['after the hole']);
});

test('a restart goes on where it stopped, through whatever happened meanwhile', async (t) => {
  const rig = await rigOf(t);
  await writeFile(rig.path, 'old\n');
  await rig.follow();
  await appendFile(rig.path, 'a\n');
  await rig.restart();
  assert.deepEqual(await rig.look(), ['a']);
  await rig.restart();
  await appendFile(rig.path, 'b\n');
  assert.deepEqual(await rig.look(), ['b']);
});

test('rotated while nobody looked: the rest of the old file, those between, and the new one', async (t) => {
  const rig = await rigOf(t);
  const { path } = rig;
  await writeFile(path, 'old\n');
  await rig.follow();
  await appendFile(path, 'a\n');
  await rig.look();
  // As if control had been away: everything happens between positions and the next start.
  const real = rig.restart;
  await appendFile(path, 'b\n');
  const away = real.call(rig);
  await rename(path, `${path}.2`);
  await writeFile(`${path}.1`, 'c\n');
  await writeFile(path, 'd\n');
  await away;
  assert.deepEqual((await rig.look()).sort(), ['b', 'c', 'd']);
});

test('a reused inode is another file', async (t) => {
  const rig = await rigOf(t);
  await rig.follow({ from: 'start' });
  await writeFile(rig.path, 'first file\n');
  await rig.look();
  await rig.restart();
  await unlink(rig.path);
  await writeFile(rig.path, 'other file with more in it\n');
  await rig.restart();
  assert.deepEqual(await rig.look(), ['other file with more in it']);
});

test('compressed rotations are left alone, whatever they are called', async (t) => {
  const rig = await rigOf(t);
  await rig.follow({ path: join(rig.folder, '*'), from: 'start' });
  await writeFile(rig.path, 'one\n');
  await rig.look();
  await writeFile(`${rig.path}.2.gz`, gzipSync('one\n'));
  await writeFile(`${rig.path}.3`, gzipSync('zero\n'));
  await rename(rig.path, `${rig.path}.1`);
  await writeFile(rig.path, 'two\n');
  assert.deepEqual(await rig.look(), ['two']);
});

test('a pattern follows all that fits, rotations as what they are', async (t) => {
  const rig = await rigOf(t);
  await writeFile(rig.path, 'old\n');
  await rig.follow({ path: join(rig.folder, '*.log*') });
  await writeFile(join(rig.folder, 'other.log'), 'x\n');
  await appendFile(rig.path, 'a\n');
  await copyFile(rig.path, `${rig.path}.1`);
  await truncate(rig.path, 0);
  await appendFile(rig.path, 'b\n');
  await writeFile(join(rig.folder, 'notes.txt'), 'not ours\n');
  assert.deepEqual((await rig.look()).sort(), ['a', 'b', 'x']);
});

test('a line that is too long is cut, said, and the next one is whole', async (t) => {
  const rig = await rigOf(t);
  await rig.follow({ from: 'start' });
  await writeFile(rig.path, `short\n${'x'.repeat(700_000)}\nnext\n${'y'.repeat(70_000)}`);
  const found = await rig.look();
  assert.deepEqual(
    found.map((line) => `${line.slice(0, 5)} ${line.length}`),
    ['short 5', 'xxxxx 65536', 'next 4', 'yyyyy 65536'],
  );
  await appendFile(rig.path, 'yyy\nend\n');
  assert.deepEqual(await rig.look(), ['end']);
  assert.equal(rig.notices.filter(({ kind }) => kind === 'line_cut').length, 2);
});

test('lost permission is said once, and reading goes on when it is back', async (t) => {
  const rig = await rigOf(t);
  let allowed = false;
  const files: FollowFiles = {
    ...systemFiles,
    open: (path) =>
      allowed ? systemFiles.open(path) : Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })),
  };
  await writeFile(rig.path, 'old\n');
  await rig.follow({}, { files });
  await appendFile(rig.path, 'new\n');
  assert.deepEqual(await rig.look(), []);
  assert.deepEqual(await rig.look(), []);
  allowed = true;
  assert.deepEqual(await rig.look(), ['new']);
  assert.deepEqual(
    rig.notices.map(({ kind }) => kind),
    ['unreadable', 'readable'],
  );
});

test('the last line of a rotated file counts although it has no end', async (t) => {
  const rig = await rigOf(t);
  await rig.follow({ from: 'start' }, { closeAfterMs: 0 });
  await writeFile(rig.path, 'whole\nlast words');
  assert.deepEqual(await rig.look(), ['whole']);
  await rename(rig.path, `${rig.path}.1`);
  await writeFile(rig.path, '');
  await rig.look();
  await rig.look();
  assert.deepEqual(rig.lines, ['whole', 'last words']);
});

test('a deleted file is let go, so that its room is free again', async (t) => {
  const rig = await rigOf(t);
  await rig.follow({ from: 'start' }, { closeAfterMs: 0 });
  await writeFile(rig.path, 'whole\nlast words');
  await rig.look();
  await unlink(rig.path);
  assert.deepEqual(await rig.look(), ['last words']);
  await writeFile(rig.path, 'next\n');
  assert.deepEqual(await rig.look(), ['next']);
});
