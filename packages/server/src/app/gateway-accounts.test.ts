import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Identity } from '@vigiles/contract';
import { createDevices } from '../features/devices/index.ts';
import { createOauthVault } from '../features/oauth/index.ts';
import { openOidc } from '../features/oauth/testing/oidc-rig.ts';
import { systemClock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { silentLog } from '../kernel/log.ts';
import { loadConfig } from '../platform/config/index.ts';
import { createEgress } from '../platform/egress/index.ts';
import { createEventLog } from '../platform/event-log/index.ts';
import { createFileLog } from '../platform/log/index.ts';
import { createRedactor, openSecrets } from '../platform/secrets/index.ts';
import { createStore } from '../platform/store/index.ts';
import { until } from '../testing/test-control.ts';
import { post } from '../testing/test-gateway.ts';
import { chatCompletion } from '../testing/upstreams/chat-answers.ts';
import { answerJson, startScriptedUpstream } from '../testing/upstreams/scripted-upstream.ts';
import { startGateway } from './gateway.ts';
import { migrations } from './migrations.ts';

const origin = 'https://vigiles.example';
const person: Identity = { kind: 'browser', deviceId: 'person', name: 'Ada', scopes: ['admin'] };

test('a provider is paid with the account a person connected, as long as it is connected, and its token is nowhere to be read', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'vigiles-gateway-account-'));
  const oidc = await openOidc(`${origin}/oauth/callback`);
  const upstream = await startScriptedUpstream((seen, res) => {
    const token = /^Bearer (.+)$/.exec(seen.headers.authorization ?? '')?.[1] ?? '';
    // Some repeat what they were sent.
    if (oidc.given.has(token)) return answerJson(res, 200, chatCompletion('paid'));
    return answerJson(res, 401, { error: { message: `bad token ${token}` } });
  });
  await writeFile(
    join(home, 'vigiles.yaml'),
    `egress: { allow_private: ['127.0.0.1:${new URL(oidc.issuer).port}'] }
oauth:
  providers:
    - { id: home, preset: oidc, issuer: "${oidc.issuer}", client_id: "${oidc.clientId}", client_secret: "${oidc.clientSecret}" }
gateway:
  port: 0
  discover_local: false
  providers:
    - { id: mine, type: openai-compatible, base_url: "${upstream.origin}", oauth_account: home, models: [m] }
`,
  );
  const redactor = createRedactor();
  const secrets = openSecrets({ home, redactor });
  const loaded = await loadConfig({ home, env: {}, redactor, secrets });
  assert.ok(loaded.ok);
  const config = () => loaded.value.current();
  const store = await createStore({ home, migrations, log: silentLog });
  const events = createEventLog({ store, log: silentLog });
  const egress = createEgress({ config: () => config().egress });
  const devices = createDevices({ store, events, clock: systemClock, newId, log: silentLog });
  // What control does: the gateway finds out by itself.
  const vault = createOauthVault({
    store,
    events,
    clock: systemClock,
    newId,
    log: silentLog,
    egress,
    secrets,
    config: () => config().oauth,
    resolve: (text) => loaded.value.resolve(text),
  });
  await events.start();
  await devices.start();
  const { token } = await devices.createDevice({ name: 'agent', scopes: ['gateway'] });
  const sink = createFileLog({ home, level: 'debug', keep: { days: 1 }, redactor, name: 'gateway' });
  const gateway = await startGateway({ home, env: {}, log: sink.log, redactor });
  t.after(async () => {
    await gateway.stop();
    sink.close();
    await devices.stop();
    await events.stop();
    await egress.close();
    await store.close();
    await upstream.close();
    await oidc.close();
    await rm(home, { recursive: true, force: true });
  });
  const turn = async () => {
    const body = JSON.stringify({ model: 'mine/m', messages: [{ role: 'user', content: 'hi' }] });
    const url = `http://127.0.0.1:${gateway.port}/v1/chat/completions`;
    const answer = await post(url, body, { authorization: `Bearer ${token}` });
    return { status: answer.status, text: answer.body.toString() };
  };
  const connect = async () => {
    const { authorization_url } = await vault.begin('home', person, origin);
    const back = await oidc.agree(authorization_url);
    await vault.finish(Object.fromEntries(back.searchParams) as { state: string; code: string }, person);
  };

  const before = await turn();
  assert.match(before.text, /The provider mine has no access token: home is not connected/);
  assert.equal(upstream.requests.length, 0, 'nothing was sent without a token');
  await connect();
  await until('the account is used as soon as it is connected', async () => (await turn()).status === 200);
  const first = upstream.requests.at(-1)?.headers.authorization;
  await vault.renew('home');
  await until('what control renewed is used', async () => {
    await turn();
    return upstream.requests.at(-1)?.headers.authorization !== first;
  });

  oidc.events.length = 0;
  oidc.withdraw();
  await assert.rejects(vault.renew('home'));
  await until('the end is told', async () => (await turn()).text.includes('no longer takes what it gave'));
  const sent = upstream.requests.length;
  for (let i = 0; i < 3; i += 1) assert.notEqual((await turn()).status, 200);
  assert.equal(upstream.requests.length, sent);
  assert.equal(
    oidc.events.filter((name) => name === 'grant.error').length,
    1,
    'asked for once, not in a loop',
  );
  const alerts = await events.read({ afterSeq: 0, limit: 500, types: ['alert.raised'] });
  assert.equal(alerts.length, 1, 'and one notice');

  await connect();
  await until('connected anew', async () => (await turn()).status === 200);
  await vault.disconnect('home', 'device:person');
  await until('disconnected is at once', async () => (await turn()).text.includes('is not connected'));

  const files = await readdir(join(home, 'logs'));
  const logs = await Promise.all(files.map((file) => readFile(join(home, 'logs', file), 'utf8')));
  const outputs = [...logs, JSON.stringify(await events.read({ afterSeq: 0, limit: 500 }))];
  assert.ok(oidc.given.size >= 4);
  for (const secret of [...oidc.given, oidc.clientSecret])
    for (const output of outputs) assert.ok(!output.includes(secret), 'a token lies open');
});
