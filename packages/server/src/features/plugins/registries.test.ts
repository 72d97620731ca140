import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { ErrorEnvelope, SignedPluginIndex } from '@vigiles/contract';
import { startTestControl } from '../../testing/test-control.ts';
import {
  failure,
  get,
  installedOf,
  noLimits,
  plugin,
  post,
  publish,
  secretsIn,
} from './testing/plugin-calls.ts';

test('a registry that lies is refused: its plugins stay as they were, and people are told', async () => {
  const shop = await startTestControl({ yaml: noLimits, secrets: secretsIn(new Map()) });
  after(() => shop.close());
  await publish(shop, 'later', '0.9.0');
  const { key } = (await get<{ key: string }>(shop, 'key')).body;
  /** Between the victim and the shop: answers as it is told, else as the shop does. */
  let lie: ((path: string) => { status?: number; body: string | Buffer } | null) | null = null;
  const proxy = createServer((request, response) => {
    const said = lie?.(request.url ?? '');
    if (said) return void response.writeHead(said.status ?? 200).end(said.body);
    void fetch(shop.url + request.url, { headers: { authorization: `Bearer ${shop.admin}` } }).then(
      async (answer) => response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer())),
    );
    return undefined;
  });
  await new Promise<void>((done) => void proxy.listen(0, '127.0.0.1', done));
  after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const victim = await startTestControl({
    yaml: `${noLimits}\negress: { allow_private: ["${host}"] }\nplugins: { registries: [{ name: shop, url: "http://${host}", keys: ["${key}"] }] }\n`,
  });
  after(() => victim.close());
  const read = async (): Promise<string> => {
    const { status, body } = await post<ErrorEnvelope & { problem: string | null }>(
      victim,
      'registries/shop/refresh',
    );
    return status === 200 ? 'good' : body.code;
  };
  const old = (await get<SignedPluginIndex>(shop, 'index')).body;
  assert.equal(await read(), 'good');
  await publish(shop, 'later', '1.0.0');
  assert.equal(await read(), 'good');
  lie = (path) => (path.endsWith('/index') ? { body: JSON.stringify(old) } : null);
  assert.equal(await read(), 'plugin_index_rolled_back');
  const tampered = {
    ...old,
    payload: Buffer.from(
      Buffer.from(old.payload, 'base64').toString().replace('"version":', '"version":9'),
    ).toString('base64'),
  };
  lie = (path) => (path.endsWith('/index') ? { body: JSON.stringify(tampered) } : null);
  assert.equal(await read(), 'plugin_index_unsigned');
  lie = (path) => (path.endsWith('/index') ? { body: '<html>' } : null);
  assert.equal(await read(), 'plugin_index_unsigned');
  await publish(shop, 'later', '1.1.0');
  lie = (path) => (path.endsWith('/index/0') ? { body: '{"entries":[]}' } : null);
  assert.equal(await read(), 'plugin_index_mixed');
  lie = (path) => (path.endsWith('/index') ? { status: 302, body: '' } : null);
  assert.equal(await read(), 'plugin_registry_failed');
  lie = null;
  assert.equal(await read(), 'good');
  const other = plugin('later', '1.1.0', {}, 'evil');
  lie = (path) => (path.includes('/download') ? { body: other } : null);
  assert.match(await failure(victim, 'later/install'), /plugin_download_failed|egress_too_large/);
  const same = Buffer.from(plugin('later', '1.1.0'));
  same[same.length - 9] = (same[same.length - 9] ?? 0) ^ 1;
  lie = (path) => (path.includes('/download') ? { body: same } : null);
  assert.equal(await failure(victim, 'later/install'), '400 plugin_digest_mismatch');
  assert.equal(await installedOf(victim, 'later'), undefined);
  lie = null;
  const { body } = await post(victim, 'later/install', { enable: false });
  assert.equal(body.plugin?.version, '1.1.0');
  const staging = join(dirname(dirname(dirname(body.plugin.folder))), '.staging');
  assert.deepEqual(readdirSync(staging), []);
  const told = await victim.control.events.read({
    afterSeq: 0,
    limit: 100,
    types: ['plugin.registry_refused'],
  });
  assert.ok(told.length >= 4);
});
