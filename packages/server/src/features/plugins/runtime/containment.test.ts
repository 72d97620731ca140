import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { identify } from '../../../platform/process/index.ts';
import { createPluginLook } from './kinds/look.ts';
import { createPluginRig } from './testing/plugin-rig.ts';

/** Plugins out to do harm, each with its own process, and a good one beside them. */
const rig = createPluginRig({
  limits: { memoryBytes: 160 << 20, beatMs: 500, graceMs: 8000, lineBytes: 1 << 20 },
  // What Node itself enforces, wherever this runs; what the kernel adds is looked at on its own.
  kernelFence: null,
});
after(() => rig.close());
const look = createPluginLook(rig.runtime, (text) => text);
const ask = (plugin: string, options: object = {}, timeoutMs = 60_000) =>
  look({ plugin, options: { ...options }, timeoutMs, signal: new AbortController().signal });

const check = { kind: 'check', name: 'try' };
const tries = (body: string, more = ''): string => `
${more}
export default { checks: { try: { title: 'Try', options: { properties: { what: { type: 'string' }, to: { type: 'string' } } },
  async look(context) { ${body} } } } };`;
const reported = `
  const said = async (work) => { try { await work(); return 'done'; } catch (error) { return error.code ?? error.message; } };`;

const secretFile = join(rig.root, 'secret.txt');
writeFileSync(secretFile, 'hidden');
const openFolder = join(rig.root, 'open');
mkdirSync(openFolder);
writeFileSync(join(openFolder, 'read.txt'), 'seen');

const listened: string[] = [];
const listener = createServer((socket) => {
  listened.push('tcp');
  socket.end();
});
await new Promise<void>((done) => void listener.listen(0, '127.0.0.1', done));
const local = createServer((socket) => {
  listened.push('unix');
  socket.end();
});
await new Promise<void>((done) => void local.listen(join(rig.root, 'sock'), done));
after(() => {
  listener.close();
  local.close();
});
const { port } = listener.address() as { port: number };

const good = rig.install({
  id: 'good',
  provides: [check],
  permissions: { files: { read: [openFolder] }, env: ['VIGILES_HOME', 'NODE_OPTIONS', 'PATH'] },
  main: tries(
    `return { state: 'ok', facts: { folder: context.dataFolder, env: Object.keys(process.env).join() } };`,
  ),
});
const burglar = rig.install({
  id: 'burglar',
  provides: [check],
  permissions: { files: { read: [openFolder] } },
  main: `
import fs from 'node:fs';
import { createRequire, Module } from 'node:module';
const require = createRequire(import.meta.url);
${reported}
const ways = {
  file: ({ to }) => fs.readFileSync(to),
  promise: ({ to }) => fs.promises.readFile(to),
  link: ({ to }, context) => { fs.symlinkSync(to, context.dataFolder + '/link'); return fs.readFileSync(context.dataFolder + '/link'); },
  write: ({ to }) => fs.writeFileSync(to, 'x'),
  own: (_options, context) => fs.writeFileSync(context.dataFolder + '/kept', 'x'),
  granted: ({ to }) => fs.readFileSync(to),
  sqlite: () => import('node:sqlite'),
  sqliteBuiltin: () => { const { DatabaseSync } = process.getBuiltinModule('node:sqlite'); new DatabaseSync('/tmp/never.db'); },
  sqliteRequire: () => require('node:sqlite'),
  sqliteLoad: () => Module._load('sqlite'),
  hooks: () => Module.registerHooks({ resolve: () => ({ url: 'node:sqlite', shortCircuit: true }) }),
  spawn: () => import('node:child_process').then((all) => all.execFileSync('true')),
  spawnBuiltin: () => process.getBuiltinModule('child_process').execFileSync('true'),
  worker: () => import('node:worker_threads').then((all) => new all.Worker('1', { eval: true })),
  replaced: () => process.execve('/bin/true', [], {}),
  kill: () => process.kill(process.ppid, 0),
  rawKill: () => process._kill(process.ppid, 0),
  binding: () => process.binding('tcp_wrap'),
  net: () => import('node:net'),
  http: () => require('http'),
  legacy: () => require('_http_client'),
  fetch: ({ to }) => fetch(to),
  socket: ({ to }) => new WebSocket(to),
  names: () => import('node:dns'),
  handles: () => process._getActiveHandles(),
  inspector: () => import('node:inspector'),
};
export default { checks: { try: { title: 'Try', options: { properties: { what: { type: 'string' }, to: { type: 'string' } } },
  async look(context) { return { state: 'ok', facts: { came: await said(() => ways[context.options.what](context.options, context)) } }; } } } };`,
});
const hungry = rig.install({
  id: 'hungry',
  provides: [check],
  // Outside of what the engine's own limit counts.
  main: tries(
    `const all = []; for (;;) { all.push(Buffer.alloc(8 << 20, 1)); await new Promise((go) => setTimeout(go, 20)); }`,
  ),
});
const hanging = rig.install({
  id: 'hanging',
  provides: [check],
  // It answers nothing any more, as in an endless loop, but takes no core from the other tests.
  main: tries('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'),
});
const leaving = rig.install({ id: 'leaving', provides: [check], main: tries('process.exit(3);') });
const throwing = rig.install({
  id: 'throwing',
  provides: [check],
  main: tries(`setTimeout(() => { throw new Error('thrown later'); }); await new Promise(() => {});`),
});
const fading = rig.install({
  id: 'fading',
  provides: [check],
  // It is gone for us before it has ended.
  main: tries(
    `(await import('node:fs')).closeSync(3); setTimeout(() => process.exit(4), 2000); await new Promise(() => {});`,
  ),
});
const flooding = rig.install({
  id: 'flooding',
  provides: [check],
  main: tries(
    `const line = 'x'.repeat(1000); for (let n = 0; n < 3000; n += 1) console.log(line); return { state: 'ok' };`,
  ),
});
const babbling = rig.install({
  id: 'babbling',
  provides: [check],
  main: tries(`if (context.options.what === 'long') return { state: 'failing', reason: 'x'.repeat(4 << 20) };
    if (context.options.what === 'shape') return { state: 'fine', secrets: [1] };
    (await import('node:fs')).writeSync(3, 'garbage\\n'); await new Promise(() => {});`),
});
const stuck = rig.install({ id: 'stuck', provides: [check], main: 'await new Promise(() => {});\n' });
const lying = rig.install({ id: 'lying', provides: [{ kind: 'check', name: 'other' }], main: tries('') });
const nosy = rig.install({
  id: 'nosy',
  provides: [check],
  permissions: { files: { read: [rig.root] } },
  main: tries(''),
});

const harmful = [burglar, hungry, hanging, leaving, throwing, fading, flooding, babbling, lying, nosy];
await rig.runtime.sync([good, ...harmful]);
for (const { id } of [good, burglar, hungry, hanging, leaving, throwing, fading, flooding, babbling])
  await rig.until(id, ({ state }) => state === 'running');

test('a plugin gets no variable of ours that changes what it may do, and none it did not name', async () => {
  const seen = await ask('good/try');
  assert.equal(seen.state, 'ok');
  assert.equal(seen.facts['env'], 'PATH');
  assert.equal(seen.facts['folder'], join(rig.home, 'plugin-data', 'good'));
});

test('files that were not granted, databases, processes, signals and sockets are refused', async () => {
  const came = async (what: string, to = '') => {
    const seen = await ask('burglar/try', { what, to });
    return seen.facts['came'] ?? JSON.stringify(seen);
  };
  const denied = 'ERR_ACCESS_DENIED';
  assert.equal(await came('own'), 'done');
  assert.equal(await came('granted', join(openFolder, 'read.txt')), 'done');
  for (const what of ['file', 'promise', 'link', 'write'])
    assert.equal(await came(what, secretFile), denied, what);
  assert.equal(await came('write', join(openFolder, 'new.txt')), denied);
  assert.equal(await came('file', join(rig.home, 'plugins', 'good', '1.0.0', 'main.mjs')), denied);
  for (const what of ['sqlite', 'sqliteBuiltin', 'sqliteRequire', 'sqliteLoad', 'hooks', 'handles'])
    assert.equal(await came(what), denied, what);
  for (const what of [
    'spawn',
    'spawnBuiltin',
    'worker',
    'replaced',
    'kill',
    'rawKill',
    'binding',
    'inspector',
  ])
    assert.equal(await came(what), denied, what);
  for (const what of ['net', 'http', 'legacy', 'names']) assert.equal(await came(what), denied, what);
  for (const what of ['fetch', 'socket'])
    assert.equal(await came(what, `http://127.0.0.1:${port}/`), denied, what);
  assert.deepEqual(listened, []);
  assert.equal(existsSync('/tmp/never.db'), false);
});

test('who takes more memory than its share is ended and started again', async () => {
  const seen = await ask('hungry/try');
  assert.equal(seen.state, 'unknown');
  assert.match(seen.state === 'unknown' ? seen.reason : '', /more than 160 MB|heap|memory|SIG/);
  await rig.until('hungry', ({ state, crashes }) => state === 'running' && crashes === 1);
});

test('who hangs is ended by its own pid and start time, and started again', async () => {
  const before = rig.runtime.list().find(({ id }) => id === 'hanging');
  const was = identify(before?.pid ?? 0);
  const seen = await ask('hanging/try', {}, 300);
  assert.equal(seen.state, 'unknown');
  await rig.until('hanging', ({ state, crashes }) => state === 'running' && crashes === 1);
  assert.notEqual(rig.runtime.list().find(({ id }) => id === 'hanging')?.pid, before?.pid);
  assert.notDeepEqual(identify(before?.pid ?? 0), was);
});

test('who ends in the middle of a call leaves it unknown, with its last words', async () => {
  const left = await ask('leaving/try');
  assert.match(left.state === 'unknown' ? left.reason : '', /ended with code 3/);
  const thrown = await ask('throwing/try');
  assert.match(thrown.state === 'unknown' ? thrown.reason : '', /thrown later/);
  const faded = await ask('fading/try');
  assert.match(faded.state === 'unknown' ? faded.reason : '', /ended with code 4/);
});

test('of a flood on its output the last lines are kept, and nobody waits for it', async () => {
  assert.equal((await ask('good/try')).state, 'ok');
  assert.equal((await ask('flooding/try')).state, 'ok');
  assert.equal((await ask('good/try')).state, 'ok');
  assert.ok((rig.runtime.get('flooding')?.output().length ?? 0) <= 402);
});

test('an answer that is none, too long or of another shape is unknown, and never failing', async () => {
  const shape = await ask('babbling/try', { what: 'shape' });
  assert.match(shape.state === 'unknown' ? shape.reason : '', /no answer that can be read/);
  const long = await ask('babbling/try', { what: 'long' });
  assert.match(long.state === 'unknown' ? long.reason : '', /more than 1048576 bytes/);
  await rig.until('babbling', ({ state, crashes }) => state === 'running' && crashes === 1);
  const garbage = await ask('babbling/try', { what: 'garbage' });
  assert.match(garbage.state === 'unknown' ? garbage.reason : '', /no JSON/);
});

test('who brings what its manifest does not name, or wants Vigiles’ own files, is refused with the reason', async () => {
  await rig.until('lying', ({ state }) => state === 'refused');
  await rig.until('nosy', ({ state }) => state === 'refused');
  const views = new Map(rig.runtime.list().map((view) => [view.id, view.reason]));
  assert.match(views.get('lying') ?? '', /brings the check try, which its manifest does not name/);
  assert.match(views.get('nosy') ?? '', /Vigiles’ own files/);
});

test('through all of that the others go on', async () => {
  const view = rig.runtime.list().find(({ id }) => id === 'good');
  assert.deepEqual([view?.state, view?.crashes, view?.starts], ['running', 0, 1]);
});

test('what is switched off has ended when that is said, and what was never there is unknown', async () => {
  const pids = rig.runtime.list().flatMap(({ pid }) => (pid === null ? [] : [pid]));
  assert.ok(pids.length >= 4);
  await rig.runtime.sync([{ ...good, enabled: false }, stuck]);
  for (const pid of pids) assert.equal(identify(pid), null);
  const seen = await ask('good/try');
  assert.match(seen.state === 'unknown' ? seen.reason : '', /not installed, or switched off/);
  assert.equal(rig.runtime.get('stuck')?.view().state, 'starting');
});
