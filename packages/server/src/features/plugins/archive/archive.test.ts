import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { create, list } from 'tar';
import { FaultError } from '../../../kernel/fault.ts';
import type { ArchiveLimits } from '../core/tar-reader.ts';
import {
  endOfTar,
  goodFiles,
  manifestWith,
  packageOf,
  paxEntry,
  rawEntry,
  type RawEntry,
} from '../testing/make-tar.ts';
import { createArchives } from './archives.ts';
import { compareFolder } from './compare-folder.ts';
import { extractPackage } from './extract-package.ts';
import { inspectPackage } from './inspect-package.ts';
import { packFolder } from './pack-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'vigiles-archive-'));
after(() => rmSync(root, { recursive: true, force: true }));

const limits: ArchiveLimits = {
  packageBytes: 1_048_576,
  unpackedBytes: 24 * 1_048_576,
  fileBytes: 16 * 1_048_576,
  entries: 100,
  ratio: 200,
};
const byName = (a: string, b: string): number => (a < b ? -1 : 1);
let last = 0;
const nextPath = (): string => join(root, `t${(last += 1)}`);
const sha512 = (bytes: Buffer): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** Tries to install these bytes; answers the code and the words of the refusal, and proves that nothing was written. */
async function refusal(bytes: Buffer, expected = sha512(bytes)): Promise<string> {
  const folder = nextPath();
  mkdirSync(folder);
  const file = join(folder, 'package.tgz');
  writeFileSync(file, bytes);
  const into = join(folder, 'deep', 'unpacked');
  mkdirSync(join(folder, 'deep'));
  const before = readdirSync(root).length;
  const thrown: unknown = await extractPackage(file, expected, into, limits).then(
    () => null,
    (error: unknown) => error,
  );
  assert.deepEqual(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted(byName),
    ['deep', 'package.tgz'],
    'a byte has landed',
  );
  assert.equal(readdirSync(root).length, before, 'a byte has landed beside');
  if (thrown instanceof FaultError) return `${thrown.fault.code}: ${thrown.fault.message}`;
  assert.fail(`not refused: ${String(thrown)}`);
}

const withEntry = (entry: RawEntry) => packageOf(...goodFiles(), rawEntry(entry));

test('no path of a package leads out of it, by whatever spelling', async () => {
  for (const name of [
    '../evil.js',
    'a/../../evil.js',
    './../evil.js',
    '..',
    '/etc/cron.d/evil',
    '//host/share',
    'C:/evil.js',
    'c:evil.js',
    '..\\evil.js',
    'a\\..\\..\\evil.js',
    '\\\\host\\share',
    '%2e%2e/evil.js',
    '..%2fevil.js',
    'a//b.js',
    './/evil.js',
    'a/./b.js',
    'nul',
    'lib/COM1.js',
    'lib/aux.tar.gz',
    'main.js:stream',
    'a./b.js',
    'a /b.js',
    'a\u0001b',
    'gpj.\u202elive.js',
    'e\u0301.js',
    `${'d/'.repeat(25)}a`,
  ]) {
    assert.match(await refusal(withEntry({ name, content: 'x' })), /^plugin_archive_refused: /, name);
  }
});

test('a path is judged as it will be written: from its prefix and from extended headers too', async () => {
  assert.match(await refusal(withEntry({ name: 'evil.js', prefix: '../..', content: 'x' })), /“\.\.”/);
  const renamed = packageOf(...goodFiles(), paxEntry({ path: '../evil.js' }), rawEntry({ name: 'good.js' }));
  assert.match(await refusal(renamed), /“\.\.”/);
  const twice = packageOf(
    ...goodFiles(),
    paxEntry({ path: 'a.js' }),
    paxEntry({ path: 'b.js' }),
    rawEntry({ name: 'good.js' }),
  );
  assert.match(await refusal(twice), /two names/);
  for (const key of ['linkpath', 'GNU.sparse.name', 'hdrcharset'])
    assert.match(
      await refusal(packageOf(...goodFiles(), paxEntry({ [key]: '1' }), rawEntry({ name: 'good.js' }))),
      /which packages do not use/,
    );
  const resized = packageOf(...goodFiles(), paxEntry({ size: '1' }), rawEntry({ name: 'good.js' }));
  assert.match(await refusal(resized), /two sizes/);
});

test('links, devices, pipes and everything else that is no file or folder are refused', async () => {
  for (const [type, what] of [
    ['1', /hard link/],
    ['2', /symbolic link/],
    ['3', /device/],
    ['4', /device/],
    ['6', /pipe/],
    ['7', /contiguous/],
    ['g', /global header/],
    ['L', /long name/],
    ['S', /sparse/],
    ['Z', /unknown/],
  ] as const)
    assert.match(await refusal(withEntry({ name: 'lib', type, link: '../../etc' })), what);
});

test('two entries never become one file, also where letter case or Unicode’s forms are folded', async () => {
  const pair = (a: string, b: string) =>
    refusal(
      packageOf(...goodFiles(), rawEntry({ name: a, content: 'x' }), rawEntry({ name: b, content: 'y' })),
    );
  assert.match(await pair('a.js', 'a.js'), /twice/);
  assert.match(await pair('a.js', './a.js'), /twice/);
  assert.match(await pair('A.js', 'a.js'), /letter case/);
  assert.match(await pair('Lib/a.js', 'lib/b.js'), /letter case/);
  assert.match(await pair('stra\u00dfe', 'STRASSE'), /letter case/);
  assert.match(await pair('\ufb01le', 'file'), /letter case/);
  assert.match(await pair('lib', 'lib/a.js'), /twice/);
  assert.match(await pair('lib/a.js', 'lib'), /twice/);
  assert.match(await refusal(withEntry({ name: 'PLUGIN.JSON', content: '{}' })), /letter case/);
});

test('a bomb is refused by its ratio, its bytes, its entries, one file, or its empty end', async () => {
  const zeros = Buffer.alloc(12 * 1_048_576);
  assert.match(await refusal(withEntry({ name: 'zeros', content: zeros })), /200 times its size/);
  const claimed = withEntry({ name: 'huge', size: 17 * 1_048_576 });
  assert.match(await refusal(claimed), /huge.*larger than 16777216/);
  const part = Buffer.concat([
    createHash('shake256', { outputLength: 60_000 }).digest(),
    Buffer.alloc(4_000_000),
  ]);
  const many = Array.from({ length: 7 }, (_, i) => rawEntry({ name: `n${i}`, content: part }));
  assert.match(await refusal(packageOf(...goodFiles(), ...many)), /what is in it is larger than 25165824/);
  const entries = Array.from({ length: 101 }, (_, i) => rawEntry({ name: `e${i}` }));
  assert.match(await refusal(packageOf(...goodFiles(), ...entries)), /more than 100 files/);
  const folders = Array.from({ length: 10 }, (_, i) => rawEntry({ name: `f${i}/${'d/'.repeat(15)}x` }));
  assert.match(await refusal(packageOf(...goodFiles(), ...folders)), /more than 100 files/);
  assert.match(
    await refusal(packageOf(...goodFiles(), endOfTar, Buffer.alloc(12 * 1_048_576))),
    /times its size/,
  );
});

test('a package of more than its cap is refused before anything in it is read', async () => {
  assert.match(await refusal(Buffer.alloc(limits.packageBytes + 1, 1)), /it is larger than 1048576 bytes/);
});

test('what is not whole, or goes on after its end, is refused', async () => {
  const good = packageOf(...goodFiles());
  assert.match(await refusal(good.subarray(0, good.length - 20)), /gzip|middle/);
  assert.match(await refusal(gzipSync(Buffer.concat(goodFiles()))), /ends in the middle/);
  assert.match(
    await refusal(packageOf(...goodFiles(), endOfTar, rawEntry({ name: 'late' }))),
    /after its end/,
  );
  assert.match(await refusal(Buffer.from('not a package')), /no gzip/);
  assert.match(await refusal(gzipSync(good)), /octal|damaged|middle/);
  assert.match(await refusal(withEntry({ name: 'a', checksum: 1 })), /damaged/);
  assert.match(await refusal(packageOf()), /no plugin\.json/);
});

test('nothing is unpacked before the digest was checked, and a digest inside the package is not believed', async () => {
  const bytes = packageOf(
    ...goodFiles(),
    rawEntry({ name: 'SHA512SUMS', content: sha512(packageOf(...goodFiles())) }),
  );
  assert.match(await refusal(bytes, sha512(packageOf(...goodFiles()))), /^plugin_digest_mismatch/);
  assert.match(await refusal(packageOf(...goodFiles({ sha512: 'x' }))), /^plugin_manifest_invalid.*sha512/);
});

test('a manifest is refused with every problem at once, an encoded or foreign id among them', async () => {
  const told = await refusal(
    packageOf(...goodFiles({ id: '%2e%2e', version: '1.0', engine: 'banana', main: '../x.js' })),
  );
  for (const part of ['id', 'version', 'main']) assert.match(told, new RegExp(`${part}: `));
  assert.match(await refusal(packageOf(...goodFiles({ engine: '1.x.y.z' }))), /engine: .*no range/);
  assert.match(await refusal(packageOf(...goodFiles({ main: 'other.js' }))), /other\.js.*not in it/);
});

test('a good package lands whole, with nothing executable and nothing of others', async () => {
  const bytes = packageOf(
    ...goodFiles(),
    rawEntry({ name: './lib/', type: '5' }),
    rawEntry({ name: './lib/a.js', content: 'a' }),
    paxEntry({ path: 'lib/größe.js', mtime: '1.5' }),
    rawEntry({ name: 'x', content: 'b' }),
  );
  const file = nextPath();
  writeFileSync(file, bytes);
  const into = nextPath();
  const { manifest, entries } = await extractPackage(file, sha512(bytes), into, limits);
  assert.equal(manifest.id, 'disk-watch');
  assert.equal(entries, 5);
  assert.deepEqual(readdirSync(into, { recursive: true, encoding: 'utf8' }).toSorted(byName), [
    'lib',
    'lib/a.js',
    'lib/größe.js',
    'main.js',
    'plugin.json',
  ]);
  assert.equal(await compareFolder(file, sha512(bytes), into, limits), null);
  writeFileSync(join(into, 'lib/a.js'), 'c');
  assert.equal(await compareFolder(file, sha512(bytes), into, limits), 'lib/a.js was changed');
  rmSync(join(into, 'lib/a.js'));
  assert.equal(await compareFolder(file, sha512(bytes), into, limits), 'lib/a.js is gone');
  symlinkSync('/etc/hostname', join(into, 'lib/a.js'));
  assert.equal(await compareFolder(file, sha512(bytes), into, limits), 'lib/a.js was replaced by a link');
  rmSync(join(into, 'lib/a.js'));
  writeFileSync(join(into, 'lib/a.js'), 'a');
  writeFileSync(join(into, 'lib/b.js'), 'a');
  assert.equal(await compareFolder(file, sha512(bytes), into, limits), 'lib/b.js was added');
});

/** A folder as an author has it. */
function authorsFolder(): string {
  const folder = nextPath();
  mkdirSync(join(folder, 'lib', 'x'.repeat(90)), { recursive: true });
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, '.git', 'config'), 'secret');
  writeFileSync(join(folder, 'plugin.json'), JSON.stringify(manifestWith()));
  writeFileSync(join(folder, 'main.js'), 'export {};\n');
  writeFileSync(join(folder, 'lib', 'ü.js'), 'ü');
  writeFileSync(join(folder, 'lib', 'x'.repeat(90), 'long-name.js'), 'long');
  return folder;
}

test('the same folder gives the same package, which other programs read too', async () => {
  const folder = authorsFolder();
  const [a, b] = [nextPath(), nextPath()];
  const packed = await packFolder(folder, a, limits);
  await packFolder(folder, b, limits);
  assert.deepEqual(readFileSync(a), readFileSync(b));
  assert.equal(packed.sha512, sha512(readFileSync(a)));
  const seen: string[] = [];
  await list({ file: a, strict: true, onReadEntry: ({ path }) => void seen.push(path) });
  assert.deepEqual(
    seen.toSorted(),
    ['lib/ü.js', `lib/${'x'.repeat(90)}/long-name.js`, 'main.js', 'plugin.json'].toSorted(),
  );
});

test('a package that another program made is read', async () => {
  const folder = authorsFolder();
  const file = nextPath();
  await create({ cwd: folder, file, gzip: true }, ['plugin.json', 'main.js', 'lib']);
  const { manifest, entries } = await inspectPackage(file, null, limits);
  assert.equal(manifest.main, 'main.js');
  assert.equal(entries, 6);
});

test('a link in a folder is not packed, and nothing is left of the attempt', async () => {
  const folder = authorsFolder();
  symlinkSync('/etc/hostname', join(folder, 'lib', 'host'));
  const target = nextPath();
  await assert.rejects(packFolder(folder, target, limits), /lib\/host is neither/);
  assert.equal(existsSync(target), false);
});

test('the thread tells refusals as they are, and works on after one', async () => {
  const archives = createArchives();
  after(() => archives.close());
  const file = nextPath();
  const bytes = packageOf(...goodFiles());
  writeFileSync(file, bytes);
  await assert.rejects(
    archives.work({ kind: 'inspect', file, expected: sha512(Buffer.from('x')), limits }),
    (thrown) => thrown instanceof FaultError && thrown.fault.code === 'plugin_digest_mismatch',
  );
  const into = nextPath();
  const { manifest } = await archives.work({ kind: 'extract', file, expected: sha512(bytes), into, limits });
  assert.equal(manifest.version, '1.0.0');
  assert.equal(await archives.compare({ file, expected: sha512(bytes), folder: into, limits }), null);
});
