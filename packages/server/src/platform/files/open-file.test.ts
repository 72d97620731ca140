import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFile, readSmallFile } from './open-file.ts';

test('only regular files are opened, and nobody waits for the other end of a named pipe', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'vigiles-open-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const isNoFile = { code: 'ENOTFILE' };
  await assert.rejects(openFile(pipe), isNoFile);
  await assert.rejects(openFile(folder), isNoFile);
  await assert.rejects(openFile('/dev/zero'), isNoFile);
  await assert.rejects(openFile(join(folder, 'gone')), { code: 'ENOENT' });
  const path = join(folder, 'a.txt');
  await writeFile(path, 'words');
  assert.equal(await readSmallFile(path, 5), 'words');
  await assert.rejects(readSmallFile(path, 4), /larger than 4 bytes/);
});
