import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import type { ErrorEnvelope, PluginIndexHead } from '@vigiles/contract';
import { startTestControl } from '../../testing/test-control.ts';
import { publicText, signHead } from './signing.ts';
import { get, noLimits, post, publish, secretsIn } from './testing/plugin-calls.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const shop = await startTestControl({ yaml: noLimits, secrets: secretsIn(new Map()) });
after(() => shop.close());
await publish(shop, 'steady', '1.0.0');
const page = JSON.stringify((await get(shop, 'index/0')).body);
const digest = (text: string) => `sha512-${createHash('sha512').update(text).digest('base64')}`;

/** A registry that holds the right key and says whatever it likes with it. */
let body = page;
const issued_at = Date.now() - 5000;
const expires_at = Date.now() + 3_600_000;
// From the first reading on: what control reads by itself when it starts is the same index.
let said: Partial<PluginIndexHead> = { issued_at, expires_at };
const registry = createServer((request, response) => {
  if (request.url?.endsWith('/index/0')) return void response.end(body);
  const head: PluginIndexHead = {
    type: 'vigiles-plugin-index',
    version: 5,
    issued_at: Date.now() - 1000,
    expires_at: Date.now() + 3_600_000,
    count: 1,
    pages: [{ sha512: digest(body), bytes: Buffer.byteLength(body), entries: 1 }],
    ...said,
  };
  return void response.end(JSON.stringify(signHead(head, privateKey)));
});
await new Promise<void>((done) => void registry.listen(0, '127.0.0.1', done));
after(() => {
  registry.closeAllConnections();
  registry.close();
});
const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
const home = await startTestControl({
  yaml: `${noLimits}\negress: { allow_private: ["${host}"] }\nplugins: { registries: [{ name: shop, url: "http://${host}", keys: ["${publicText(privateKey)}"] }] }\n`,
});
after(() => home.close());
const read = async (): Promise<string> => {
  const { status, body: answer } = await post<ErrorEnvelope>(home, 'registries/shop/refresh');
  return status === 200 ? 'good' : answer.code;
};

test('a second index of one version, one that is over, and one that rewrites a version are refused with the right key', async () => {
  assert.equal(await read(), 'good');
  said = { issued_at, expires_at: expires_at + 1 };
  assert.equal(await read(), 'plugin_index_forked');
  said = { version: 6, issued_at, expires_at: Date.now() - 1 };
  assert.equal(await read(), 'plugin_index_expired');
  const { entries } = JSON.parse(page) as { entries: { sha512: string }[] };
  for (const one of entries) one.sha512 = digest('another package');
  body = JSON.stringify({ entries });
  said = { version: 7 };
  assert.equal(await read(), 'plugin_version_rewritten');
  // None of them left a trace: what was good before is what is known.
  body = page;
  said = { issued_at, expires_at };
  assert.equal(await read(), 'good');
});
