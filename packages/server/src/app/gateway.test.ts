import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createDevices } from '../features/devices/index.ts';
import {
  createGatewayFeature,
  gatewayRunPath,
  readRunFile,
  type GatewayRunFile,
} from '../features/gateway/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { silentLog } from '../kernel/log.ts';
import type { Route } from '../kernel/route.ts';
import { loadConfig } from '../platform/config/index.ts';
import { createEventLog, type EventLog } from '../platform/event-log/index.ts';
import { createStore, type Store } from '../platform/store/index.ts';
import { post, until } from '../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../testing/upstreams/scripted-upstream.ts';
import { migrations } from './migrations.ts';

let home: string;
let store: Store;
let events: EventLog;
let devices: ReturnType<typeof createDevices>;
let upstream: ScriptedUpstream;
let token: string;
let child: ChildProcess | undefined;

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'vigiles-gateway-'));
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  await configure('m');
  store = await createStore({ home, migrations, log: silentLog });
  events = createEventLog({ store, log: silentLog });
  devices = createDevices({ store, events, clock: systemClock, newId, log: silentLog });
  await events.start();
  await devices.start();
  ({ token } = await devices.createDevice({ name: 'agent', scopes: ['gateway'] }));
});

after(async () => {
  child?.kill('SIGKILL');
  await devices.stop();
  await events.stop();
  await store.close();
  await upstream.close();
  await rm(home, { recursive: true, force: true });
});

const configure = (model: string) =>
  writeFile(
    join(home, 'vigiles.yaml'),
    `gateway:\n  port: 0\n  discover_local: false\n  providers:\n    - { id: mock, type: openai-compatible, base_url: "${upstream.origin}", models: [${model}] }\n`,
  );

const entry = new URL('./gateway-main.ts', import.meta.url).pathname;
const body = (more: object = {}) =>
  JSON.stringify({ model: 'mock/m', messages: [{ role: 'user', content: 'hi' }], ...more });

async function start(): Promise<GatewayRunFile> {
  // No pipes: whoever starts the gateway may be gone long before it.
  const started = spawn(process.execPath, [entry, '--home', home], { stdio: 'ignore' });
  child = started;
  let file: GatewayRunFile | null = null;
  const looking = setInterval(() => void readRunFile(home).then((found) => (file = found)), 20);
  try {
    await until(() => file?.pid === started.pid, 'the run file');
  } finally {
    clearInterval(looking);
  }
  return file as unknown as GatewayRunFile;
}

// oxlint-disable-next-line typescript/no-explicit-any -- each route has its own answer; tests assert on it
const call = (route: Route | undefined, input: object): Promise<any> | undefined =>
  (route?.handle as ((call: object) => Promise<unknown>) | undefined)?.(input);

test('the gateway works alone, proves who it is, and a SIGTERM lets streams end and loses no row', async () => {
  const { port, secret } = await start();
  const url = `http://127.0.0.1:${port}`;
  assert.equal((await stat(gatewayRunPath(home))).mode & 0o777, 0o600);
  const health = (await (await fetch(`${url}/health?nonce=abc`)).json()) as Record<string, unknown>;
  assert.equal(health['proof'], createHmac('sha256', secret).update('abc').digest('hex'));
  assert.equal(health['status'], 'ok');

  const auth = { authorization: `Bearer ${token}` };
  const whole = await post(`${url}/v1/chat/completions`, body(), auth);
  assert.equal(whole.status, 200);

  let finish = () => {};
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(chatStream(['one']).slice(0, 2).join(''));
    finish = () => res.end(chatStream(['one']).slice(2).join(''));
  });
  const streaming = post(`${url}/v1/chat/completions`, body({ stream: true }), auth);
  const monitoring = async () =>
    (await (await fetch(`${url}/monitoring`, { headers: { authorization: `Bearer ${secret}` } })).json()) as {
      live: { phase: string }[];
    };
  let phase: string | undefined;
  while (phase !== 'streaming') phase = (await monitoring()).live[0]?.phase;

  const ended = once(child as ChildProcess, 'exit');
  child?.kill('SIGTERM');
  let refused = false;
  while (!refused)
    refused = await fetch(`${url}/health`).then(
      () => false,
      () => true,
    );
  finish();
  assert.equal((await streaming).body.toString(), chatStream(['one']).join(''));
  assert.deepEqual(await ended, [0, null]);
  assert.equal(existsSync(gatewayRunPath(home)), false);

  const feature = await openFeature();
  const route = (id: string) => feature.routes.find(({ operationId }) => operationId === id);
  const { turns } = await call(route('listTurns'), { query: { limit: 10 } });
  assert.equal(turns.length, 2);
  assert.equal(turns[0].stream, true);
  assert.equal(turns[1].id, whole.headers['x-vigiles-turn']);
  assert.deepEqual(await call(route('readTurn'), { params: { id: turns[1].id } }), {
    ...turns[1],
    cost_lines: [],
  });
  const settled = (await events.read({ afterSeq: 0, limit: 100 })).filter(
    ({ type }) => type === 'turn.settled',
  );
  assert.deepEqual(
    settled.map(({ subject }) => subject).sort(),
    turns.map(({ id }: { id: string }) => id).sort(),
  );
  for (const by of ['model', 'provider', 'device', 'session', 'hour']) {
    const { rows } = await call(route('readUsage'), { query: { by, measure: 'cost', limit: 10 } });
    assert.equal(rows.length, 1, by);
    assert.equal(rows[0].turns, 2);
    assert.equal(rows[0].input_tokens, 200);
    assert.equal(typeof rows[0].p50_latency_ms, by === 'session' ? 'object' : 'number');
  }
  assert.equal((await call(route('readGateway'), {})).state, 'unreachable');
});

test('a gateway that is told to leave while it starts leaves in order', async () => {
  const lastGood = join(home, 'run', 'last-good.yaml');
  await rm(lastGood, { force: true });
  const starting = spawn(process.execPath, [entry, '--home', home], { stdio: 'ignore' });
  child = starting;
  // It has read its configuration, and listens nowhere yet.
  await until(() => existsSync(lastGood), 'the configuration to be read');
  const ended = once(starting, 'exit');
  starting.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.equal(existsSync(gatewayRunPath(home)), false);
});

test('a changed file is in force at once, a broken one is not, and a revoked token stops', async () => {
  const { port } = await start();
  const url = `http://127.0.0.1:${port}`;
  const auth = { authorization: `Bearer ${token}` };
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  const models = async () =>
    (
      (await (await fetch(`${url}/v1/models`, { headers: auth })).json()) as { data: { id: string }[] }
    ).data.map(({ id }) => id);
  assert.ok((await models()).includes('mock/m'));
  await configure('changed');
  let now: string[] = [];
  while (!now.includes('mock/changed')) now = await models();
  await writeFile(join(home, 'vigiles.yaml'), 'gateway: [broken');
  const log = join(home, 'logs', await logName());
  await until(() => readFileSync(log, 'utf8').includes('refused'), 'the log to say that the file is refused');
  assert.equal((await post(`${url}/v1/chat/completions`, body(), auth)).status, 200);
  const feature = await openFeature();
  const complete = feature.routes.find(({ operationId }) => operationId === 'completePrompt');
  const answer = await call(complete, {
    body: { prompt: 'hello', model: 'demo/scripted', max_tokens: 100 },
    identity: { kind: 'device', deviceId: 'dev1', name: 'x', scopes: ['gateway'] },
    signal: new AbortController().signal,
  });
  assert.equal(answer.success, true);
  assert.equal(answer.provider, 'demo');
  assert.equal(answer.cost, 0);
  const [found] = await devices.list({});
  await devices.revoke(found?.device.id ?? '', 'test');
  let status = 200;
  while (status === 200) ({ status } = await post(`${url}/v1/chat/completions`, body(), auth));
  assert.equal(status, 401);
  const ended = once(child as ChildProcess, 'exit');
  child?.kill('SIGTERM');
  await ended;
});

test('a prompt tells the side its provider is on, wherever that listens, and none where nothing was sent', async () => {
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  await writeFile(
    join(home, 'vigiles.yaml'),
    [
      'gateway:',
      '  port: 0',
      '  discover_local: false',
      '  requests_per_minute: 2',
      '  providers:',
      `    - { id: mock, type: openai-compatible, side: cloud, base_url: "${upstream.origin}", models: [m] }`,
    ].join('\n'),
  );
  await start();
  const feature = await openFeature();
  const complete = feature.routes.find(({ operationId }) => operationId === 'completePrompt');
  const ask = (model: string) =>
    call(complete, {
      body: { prompt: 'hello', model, max_tokens: 100 },
      identity: { kind: 'device', deviceId: 'dev2', name: 'x', scopes: ['gateway'] },
      signal: new AbortController().signal,
    });
  assert.equal((await ask('mock/m')).backend, 'cloud');
  assert.equal((await ask('demo/scripted')).backend, 'local');
  const sent = upstream.requests.length;
  const refused = await ask('mock/m');
  assert.equal(refused.success, false);
  assert.equal(refused.backend, null);
  assert.equal(upstream.requests.length, sent);
  const ended = once(child as ChildProcess, 'exit');
  child?.kill('SIGTERM');
  await ended;
});

async function logName(): Promise<string> {
  const { readdir } = await import('node:fs/promises');
  return (await readdir(join(home, 'logs'))).find((name) => name.startsWith('gateway')) ?? '';
}

async function openFeature() {
  const loaded = await loadConfig({ home, env: {}, allowLastGood: true });
  assert.ok(loaded.ok);
  const configuration = loaded.value;
  return createGatewayFeature({ home, configuration, store, events, now: Date.now, watching: () => 0 });
}
