import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import type { ErrorEnvelope, QuotasAnswer, QuotaState } from '@vigiles/contract';
import { startTestControl, until } from '../../testing/test-control.ts';

const site = createServer((request, response) =>
  response
    .writeHead(200, { 'content-type': 'text/plain' })
    .end('x'.repeat(request.url === '/small' ? 512 : request.url === '/huge' ? 8_000_000 : 2048)),
);
await new Promise<void>((done) => void site.listen(0, '127.0.0.1', done));
const { port } = site.address() as AddressInfo;
const wide = '{ per_minute: 1000, per_hour: 1000, per_day: 1000, cooldown_s: 0 }';
const served = await startTestControl({
  yaml: `egress: { allow_private_asked: ["127.0.0.1:${port}"] }
limits: { heavy: ${wide}, standard: ${wide} }
gateway: { enabled: false, limits: [{ device: '*', tokens_per_day: 1000 }] }
quotas:
  devices:
    'operate read': { web_requests: { daily: 4 } }
    'read operate': { bandwidth_mb: { monthly: 0.001 } }
    'read operate config': { bandwidth_mb: { daily: 1 } }
`,
});
after(async () => {
  await served.close();
  site.closeAllConnections();
  await new Promise((done) => void site.close(done));
});

const page = (token: string, path: string) =>
  served.call<ErrorEnvelope & { details?: Record<string, unknown> }>('POST', '/api/v1/web/fetch', {
    token,
    body: { url: `http://127.0.0.1:${port}/${path}` },
  });
const statesOf = async (name: string): Promise<QuotaState[]> =>
  (
    await served.call<QuotasAnswer>('GET', `/api/v1/quotas?device=${encodeURIComponent(name)}`)
  ).body.devices.flatMap(({ quotas }) => quotas);

test('a device that used its pages up is answered 429 with which quota, and people are told once per step', async () => {
  const token = await served.token('operate', 'read');
  const asked = await Promise.all(Array.from({ length: 7 }, (_, at) => page(token, `p${at}`)));
  assert.deepEqual(
    asked.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 200, 200, 200, 429, 429, 429],
  );
  const refused = asked.find(({ status }) => status === 429) ?? assert.fail();
  const resetsAt = refused.body.details?.['resets_at'];
  assert.deepEqual(
    [refused.body.code, refused.body.details],
    ['quota_exhausted', { quota: 'web_requests', period: 'daily', used: 4, limit: 4, resets_at: resetsAt }],
  );
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  const states = await statesOf('operate read');
  assert.deepEqual(
    states.find(({ quota, period }) => quota === 'web_requests' && period === 'daily'),
    {
      quota: 'web_requests',
      period: 'daily',
      used: 4,
      limit: 4,
      remaining: 0,
      percent: 100,
      resets_at: resetsAt,
    },
  );
  assert.equal(states.find(({ quota }) => quota === 'ai_tokens')?.limit, 1000);
  const told = (await served.control.events.read({ afterSeq: 0, limit: 100, types: ['quota.reached'] })).map(
    ({ data }) => (data as { threshold_percent: number }).threshold_percent,
  );
  assert.deepEqual(told, [50, 75, 100]);
  await until('people are told', async () => {
    const { body } = await served.call<{ data: { notifications: { title: string }[] } }>(
      'GET',
      '/api/v1/notifications?limit=50',
    );
    return JSON.stringify(body).includes('daily web_requests of operate read is used up to 100 %');
  });
});

test('a page that goes beyond the traffic of a device is cut off there, and nothing more is begun', async () => {
  const token = await served.token('read', 'operate');
  assert.equal((await page(token, 'small')).status, 200);
  for (const path of ['big', 'small']) {
    const { status, body } = await page(token, path);
    assert.deepEqual(
      [status, body.code, body.details?.['quota'], body.details?.['period']],
      [429, 'quota_exhausted', 'bandwidth_mb', 'monthly'],
    );
  }
  const pages = (await statesOf('read operate')).find(({ quota }) => quota === 'web_requests');
  assert.deepEqual([pages?.used, pages?.limit], [2, null]);
  // Also where the caller would have taken less: what came is counted.
  const config = await served.token('read', 'operate', 'config');
  const large = await served.call('POST', '/api/v1/web/fetch', {
    token: config,
    body: { url: `http://127.0.0.1:${port}/huge`, options: { max_size: 600_000 } },
  });
  assert.equal(large.body.code, 'egress_too_large');
  const traffic = async () =>
    (await statesOf('read operate config')).find(
      ({ quota, period }) => quota === 'bandwidth_mb' && period === 'daily',
    )?.used ?? 0;
  assert.ok((await traffic()) > 0.5);
  assert.equal((await page(config, 'huge')).body.code, 'quota_exhausted');
  // At most what was read at once goes beyond.
  assert.ok((await traffic()) < 1.1, String(await traffic()));
});
