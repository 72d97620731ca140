import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { PluginManifest, VigilesConfig, type InstalledPlugin } from '@vigiles/contract';
import type { EgressRequest } from '../../../platform/egress/index.ts';
import { faceSource } from './child/face.ts';
import { createPluginLook } from './kinds/look.ts';
import { createPluginChannels } from './kinds/send.ts';
import { createPluginRig } from './testing/plugin-rig.ts';

const root = new URL('../../../../../../distribution/plugins/', import.meta.url);
const ids = readdirSync(root).toSorted();
const textOf = (id: string, path: string): string => readFileSync(new URL(`${id}/${path}`, root), 'utf8');

/** What the services outside answer, by their rules: who has no key gets no answer. */
const asked: EgressRequest[] = [];
const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  Promise.resolve({
    ok: true as const,
    value: { status, headers, body: Buffer.from(JSON.stringify(body)), url: '' },
  });
let credit = 100;
let full = false;
const rig = createPluginRig({
  egress: {
    fetch(request) {
      asked.push(request);
      const { host, pathname } = new URL(request.url);
      const authorization = request.headers?.['authorization'];
      if (host === 'openrouter.ai' && pathname === '/api/v1/credits') {
        if (authorization !== 'Bearer management') return json(401, { error: { message: 'No auth' } });
        return json(200, { data: { total_credits: credit, total_usage: 60 } });
      }
      if (host === 'api.deepseek.com' && pathname === '/user/balance') return json(500, {});
      if (host === 'ops.zulipchat.com' && pathname === '/api/v1/messages' && request.method === 'POST') {
        if (authorization !== `Basic ${Buffer.from('bot@ops:key').toString('base64')}`)
          return json(401, { result: 'error', msg: 'Invalid API key' });
        if (full) return json(429, { result: 'error' }, { 'retry-after': '7' });
        return new URLSearchParams(String(request.body)).get('to') === 'ops'
          ? json(200, { result: 'success', id: 1 })
          : json(400, { result: 'error', msg: 'Channel does not exist' });
      }
      return json(404, {});
    },
  },
});
after(() => rig.close());
const secrets: Record<string, string> = { 'openrouter-management-key': 'management', 'zulip-api-key': 'key' };
const resolve = (text: string): string => {
  const value = secrets[text.slice('${secret:'.length, -1)];
  if (value === undefined) throw new Error('not set');
  return value;
};
const { signal } = new AbortController();
const look = createPluginLook(rig.runtime, resolve);
const channels = createPluginChannels(rig.runtime, resolve);

const shipped = ids.map((id): InstalledPlugin => {
  const manifest = PluginManifest.parse(JSON.parse(textOf(id, 'plugin.json')));
  return {
    ...rig.install({ id, provides: manifest.provides, main: '' }),
    manifest,
    granted: manifest.permissions,
    folder: fileURLToPath(new URL(id, root)),
  };
});
await rig.runtime.sync(shipped);
for (const id of ids) await rig.until(id, ({ state }) => state === 'running');

test('what ships is whole: its id is its folder, and the examples of its README are valid', () => {
  assert.ok(ids.length >= 2);
  for (const { id, manifest } of shipped) {
    assert.equal(manifest.id, id);
    const blocks = [...textOf(id, 'README.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
      ([, text = '']) => text,
    );
    assert.ok(blocks.length > 0, id);
    for (const block of blocks) VigilesConfig.parse(parse(block));
  }
});

test('api-quota tells what is left, and fails before it is gone', async () => {
  const ask = (options: Record<string, unknown>) =>
    look({ plugin: 'api-quota/credit', options, timeoutMs: 20_000, signal });
  assert.deepEqual(await ask({ provider: 'openrouter' }), {
    state: 'ok',
    facts: { left: 40, currency: 'USD' },
  });
  credit = 63;
  const low = await ask({ provider: 'openrouter' });
  assert.equal(low.state === 'failing' && low.reason, '3 USD left at openrouter, less than 5');
  const away = await ask({ provider: 'deepseek' });
  assert.match(away.state === 'unknown' ? away.reason : '', /deepseek-key.*is not set/);
  secrets['openrouter-management-key'] = 'ordinary';
  const refused = await ask({ provider: 'openrouter' });
  assert.match(refused.state === 'unknown' ? refused.reason : '', /does not take the key \(401\)/);
});

test('zulip posts to the stream, waits as long as it is told, and gives up what nobody will take', async () => {
  const message = {
    id: 'm1',
    title: 'api is down',
    body: '@**all** no answer',
    severity: 'critical' as const,
    phase: 'opened' as const,
    incidentId: 'inc_1',
    service: 'api',
    fault: null,
    kind: 'incident' as const,
    count: 1,
    reminder: false,
    at: 0,
    link: null,
  };
  const options = { site: 'https://ops.zulipchat.com', email: 'bot@ops', stream: 'ops' };
  const send = (more: object = {}) => channels.send('zulip/stream', { ...options, ...more }, message, signal);
  assert.deepEqual(await send(), { ok: true, answer: 'HTTP 200' });
  assert.equal(new URLSearchParams(String(asked.at(-1)?.body)).get('topic'), 'api');
  full = true;
  const busy = await send();
  assert.deepEqual([busy.ok, !busy.ok && busy.waitMs], [false, 7000]);
  full = false;
  const nobody = await send({ stream: 'none' });
  assert.deepEqual(
    [nobody.ok || nobody.again, nobody.ok || nobody.reason],
    [false, 'Channel does not exist'],
  );
  const elsewhere = await send({ site: 'https://collects-keys.example' });
  assert.match(elsewhere.ok ? '' : elsewhere.reason, /none of the hosts/);
});

test('a plugin’s process has the names of the SDK’s face', async () => {
  const face = (await import(`data:text/javascript,${encodeURIComponent(faceSource)}`)) as object;
  const sdk = readFileSync(new URL('../../../../../sdk/src/plugin/index.ts', import.meta.url), 'utf8');
  const names = [...sdk.matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name);
  assert.deepEqual(Object.keys(face).toSorted(), names.toSorted());
});
