import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import type { CaptureLimits } from './capture.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';

const base = mkdtempSync(join(tmpdir(), 'snapshots-'));
after(() => rmSync(base, { recursive: true, force: true }));

let folder: string;
let root: string;
let limits: CaptureLimits;
let snapshots: Snapshots;
let count = 0;

beforeEach(() => {
  const place = join(base, `case-${++count}`);
  folder = join(place, 'work');
  root = join(place, 'kept');
  mkdirSync(folder, { recursive: true });
  limits = { maxFileBytes: 1000, maxTotalBytes: 100_000, maxFiles: 100 };
  snapshots = createSnapshots({ root, path: process.env['PATH'] ?? '', limits: () => limits });
});

const write = (path: string, content: string | Buffer): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const git = (...words: string[]): string =>
  execFileSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@localhost', '-c', 'protocol.file.allow=always', ...words],
    {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
const kindsOf = (changes: { path: string; kind: string }[]) =>
  Object.fromEntries(changes.map(({ path, kind }) => [path, kind]));

test('without any repository, files come back as they were: changed, deleted, renamed, made since, binary, links, rights', async () => {
  const binary = Buffer.from([0, 255, 13, 10, 0, 7]);
  write('changed.txt', 'one\r\n');
  write('deleted.txt', 'two\n');
  write('src/renamed.txt', 'three\n');
  write('picture.bin', binary);
  write('run.sh', '#!/bin/sh\n');
  write('same.txt', 'same\n');
  chmodSync(join(folder, 'run.sh'), 0o755);
  symlinkSync('changed.txt', join(folder, 'link'));
  const kept = await snapshots.take(folder, 'first');
  assert.equal(kept.files, 7);

  write('changed.txt', 'other\n');
  unlinkSync(join(folder, 'deleted.txt'));
  renameSync(join(folder, 'src/renamed.txt'), join(folder, 'src/new-name.txt'));
  write('picture.bin', 'text now');
  chmodSync(join(folder, 'run.sh'), 0o644);
  unlinkSync(join(folder, 'link'));
  symlinkSync('/etc/passwd', join(folder, 'link'));
  write('made/deep/since.txt', 'new\n');
  const untouched = statSync(join(folder, 'same.txt')).mtimeMs;

  const expected = {
    'changed.txt': 'restore',
    'deleted.txt': 'recreate',
    'src/renamed.txt': 'recreate',
    'src/new-name.txt': 'delete',
    'picture.bin': 'restore',
    'run.sh': 'restore',
    link: 'restore',
    'made/deep/since.txt': 'delete',
  };
  assert.deepEqual(kindsOf(await snapshots.preview(folder, 'first')), expected);
  assert.equal(read('changed.txt'), 'other\n', 'a preview changes nothing');

  const report = await snapshots.restore(folder, 'first', 'safety');
  assert.deepEqual(kindsOf(report.changes), expected);
  assert.deepEqual([report.left, report.verified], [[], true]);
  assert.equal(read('changed.txt'), 'one\r\n');
  assert.equal(read('deleted.txt'), 'two\n');
  assert.equal(read('src/renamed.txt'), 'three\n');
  assert.deepEqual(readFileSync(join(folder, 'picture.bin')), binary);
  assert.ok(statSync(join(folder, 'run.sh')).mode & 0o100);
  assert.equal(readlinkSync(join(folder, 'link')), 'changed.txt');
  assert.ok(!existsSync(join(folder, 'made')), 'folders that became empty go');
  assert.equal(statSync(join(folder, 'same.txt')).mtimeMs, untouched);

  const back = await snapshots.restore(folder, 'safety', 'again');
  assert.ok(back.verified);
  assert.equal(read('made/deep/since.txt'), 'new\n');
  assert.equal(readlinkSync(join(folder, 'link')), '/etc/passwd');
});

test('a repository with staged changes, a submodule and ignored files is only changed where the agent worked', async () => {
  const other = join(folder, '..', 'other');
  mkdirSync(other);
  execFileSync('git', ['init', '-q', other]);
  execFileSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@l', 'commit', '-q', '--allow-empty', '-m', 'x'],
    { cwd: other },
  );
  git('init', '-q', '-b', 'main');
  write('.gitignore', 'ignored/\n*.log\n');
  write('tracked.txt', 'committed\n');
  git('submodule', '--quiet', 'add', other, 'sub');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  write('tracked.txt', 'staged\n');
  git('add', 'tracked.txt');
  write('tracked.txt', 'in the folder\n');
  write('untracked.txt', 'mine\n');
  write('ignored/cache.bin', 'cache\n');
  write('sub/inside.txt', 'theirs\n');
  const state = () => ({
    index: readFileSync(join(folder, '.git/index')),
    head: read('.git/HEAD'),
    branches: git('for-each-ref'),
    staged: git('diff', '--cached'),
    config: read('.git/config'),
  });
  const before = state();
  await snapshots.take(folder, 'first');

  write('tracked.txt', 'by the agent\n');
  unlinkSync(join(folder, 'untracked.txt'));
  write('ignored/cache.bin', 'newer\n');
  write('debug.log', 'newer\n');
  write('sub/inside.txt', 'changed\n');
  write('made.txt', 'by the agent\n');
  const report = await snapshots.restore(folder, 'first', 'safety');
  assert.deepEqual(kindsOf(report.changes), {
    'made.txt': 'delete',
    'tracked.txt': 'restore',
    'untracked.txt': 'recreate',
  });
  assert.ok(report.verified);
  assert.equal(read('tracked.txt'), 'in the folder\n');
  assert.equal(read('untracked.txt'), 'mine\n');
  assert.equal(read('ignored/cache.bin'), 'newer\n');
  assert.equal(read('debug.log'), 'newer\n');
  assert.equal(read('sub/inside.txt'), 'changed\n');
  assert.deepEqual(state(), before);
});

test('a file that cannot be saved first is never overwritten, and what is too large says so', async () => {
  write('a.txt', 'small\n');
  await snapshots.take(folder, 'first');
  write('a.txt', 'x'.repeat(2000));
  const report = await snapshots.restore(folder, 'first', 'safety');
  assert.equal(report.left[0]?.path, 'a.txt');
  assert.equal(read('a.txt').length, 2000);

  write('big.bin', 'x'.repeat(5000));
  const second = await snapshots.take(folder, 'second');
  assert.deepEqual(
    second.left.map(({ path }) => path),
    ['a.txt', 'big.bin'],
  );
  limits = { ...limits, maxTotalBytes: 10 };
  write('c.txt', 'more than ten bytes');
  await assert.rejects(snapshots.take(folder, 'third'), /at most 0 MB are kept/);
  limits = { ...limits, maxFiles: 1 };
  await assert.rejects(snapshots.take(folder, 'third'), /at most 1 are kept/);
  assert.equal(await snapshots.has(folder, 'third'), false);
});

test('a file that stands where a folder was, and could not be saved, stays', async () => {
  write('a/b.txt', 'small\n');
  await snapshots.take(folder, 'first');
  rmSync(join(folder, 'a'), { recursive: true });
  write('a', 'x'.repeat(2000));
  const report = await snapshots.restore(folder, 'first', 'safety');
  assert.deepEqual(
    report.left.map(({ path }) => path),
    ['a/b.txt'],
  );
  assert.equal(read('a').length, 2000);
});

test('a folder that became a link leads nowhere outside', async () => {
  const outside = join(folder, '..', 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'a.txt'), 'not yours\n');
  write('src/a.txt', 'mine\n');
  await snapshots.take(folder, 'first');
  rmSync(join(folder, 'src'), { recursive: true });
  symlinkSync(outside, join(folder, 'src'));
  const report = await snapshots.restore(folder, 'first', 'safety');
  assert.ok(report.verified, JSON.stringify(report));
  assert.ok(lstatSync(join(folder, 'src')).isDirectory());
  assert.equal(read('src/a.txt'), 'mine\n');
  assert.equal(readFileSync(join(outside, 'a.txt'), 'utf8'), 'not yours\n');
});

test('what a person’s settings would run is not run, and dropped snapshots leave nothing behind', async () => {
  git('init', '-q');
  write('.gitattributes', '*.txt filter=evil text eol=crlf\n');
  git('config', 'filter.evil.clean', 'touch ran; cat');
  git('config', 'filter.evil.smudge', 'touch ran; cat');
  write('.git/hooks/post-checkout', '#!/bin/sh\ntouch ran\n');
  chmodSync(join(folder, '.git/hooks/post-checkout'), 0o755);
  write('a.txt', 'line\n');
  await snapshots.take(folder, 'first');
  write('a.txt', 'other\n');
  await snapshots.restore(folder, 'first', 'safety');
  assert.equal(read('a.txt'), 'line\n');
  assert.ok(!existsSync(join(folder, 'ran')));

  await snapshots.take(folder, 'last');
  await snapshots.drop(folder, ['first', 'safety']);
  assert.deepEqual(await snapshots.names(folder), ['last']);
  const [place = ''] = readdirSync(root);
  const objects = execFileSync('git', ['count-objects', '-v'], {
    env: { ...process.env, GIT_DIR: join(root, place) },
    encoding: 'utf8',
  });
  assert.match(objects, /count: 0\n/, objects);
  await snapshots.drop(folder, ['last']);
  assert.deepEqual(readdirSync(root), [], 'with the last one the git directory goes');
  await assert.rejects(snapshots.take(folder, '../evil'), /letters/);
});

test('two at once share an index and do not disturb each other', async () => {
  write('a.txt', 'one\n');
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(names.map((name) => snapshots.take(folder, name)));
  for (const name of names) assert.ok(await snapshots.has(folder, name));
  await Promise.all([snapshots.drop(folder, ['a', 'b']), snapshots.take(folder, 'e')]);
  assert.deepEqual(await Promise.all(['a', 'c', 'e'].map((name) => snapshots.has(folder, name))), [
    false,
    true,
    true,
  ]);
});
