import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Delivery, Notification } from '@vigiles/contract';
import { until } from '../../platform/store/conformance/until.ts';
import { startTestControl, type TestControl } from '../../testing/test-control.ts';
import { startReceiver, type Receiver } from './testing/receiver.ts';

const base = '/api/v1/notifications';
interface Answered<T> {
  ok: boolean;
  data: T;
  code: string;
}
let control: TestControl;
let receiver: Receiver;
let reader: string;
before(async () => {
  receiver = await startReceiver(() => ({ status: 400, text: 'no' }));
  const yaml = `
gateway: { enabled: false }
egress: { allow_private: [127.0.0.1] }
notifications:
  group_wait_s: 0
  channels: [{ type: webhook, name: hook, url: "${receiver.url}/in", min_severity: critical }]
`;
  control = await startTestControl({ yaml });
  reader = await control.token('read');
});
after(async () => {
  await control.close();
  await receiver.close();
});

const call = <T>(method: string, path: string, body?: unknown, token?: string | null) =>
  control.call<Answered<T>>(method, base + path, {
    ...(body === undefined ? {} : { body }),
    ...(token === undefined ? {} : { token }),
  });
const say = async (message: string, more: object = {}) =>
  (await call<{ id: string }>('POST', '', { message, ...more })).body.data.id;
const one = async (id: string) => (await call<Notification>('GET', `/${id}`)).body.data;

test('who may only read changes nothing, and a stranger is told nothing', async () => {
  const id = await say('kept');
  for (const [method, path, body] of [
    ['POST', '/clear', { days: 0 }],
    ['DELETE', `/${id}`, undefined],
    ['POST', '/deliveries/x/retry', undefined],
  ] as const) {
    assert.equal((await call(method, path, body, reader)).status, 403, path);
    assert.equal((await call(method, path, body, null)).status, 401, path);
  }
  assert.equal((await call('GET', '/export', undefined, null)).status, 401);
  assert.equal((await one(id)).message, 'kept');
});

test('a cell of the exported CSV is no formula and no other cell, and the query is honoured', async () => {
  await say('=HYPERLINK("http://x","y"), more', { title: '@sum', type: 'warning' });
  await say('not this one', { title: 'plain' });
  const { body } = await call<{ content: string; filename: string }>(
    'GET',
    '/export?format=csv&query=hyperlink',
  );
  const [head, ...rows] = body.data.content.trimEnd().split('\r\n');
  assert.match(head ?? '', /title,message,channels$/);
  assert.equal(rows.length, 1);
  assert.match(rows[0] ?? '', /,"'@sum","'=HYPERLINK\(""http:\/\/x"",""y""\), more",/);
  assert.match(body.data.filename, /^notifications-\d{4}-\d\d-\d\d\.csv$/);
  const none = await call<{ content: string }>('GET', '/export?format=json&type=error');
  assert.deepEqual(JSON.parse(none.body.data.content), []);
  assert.equal((await call('GET', '/export?format=xml')).status, 400);
  assert.equal((await call('GET', '/export?limit=10001')).status, 400);
});

test('a delivery that failed is tried again, and one nobody knows is not', async () => {
  const id = await say('the pump is out', { type: 'error' });
  const delivery = async (): Promise<Delivery | undefined> => (await one(id)).deliveries[0];
  await until(async () => (await delivery())?.state === 'failed');
  receiver.answer = () => ({ status: 200, text: 'ok' });
  const again = await call<Delivery>('POST', `/deliveries/${(await delivery())?.id}/retry`);
  assert.equal(again.status, 202);
  await until(async () => (await delivery())?.state === 'delivered');
  const unknown = await call('POST', '/deliveries/nobody/retry');
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'delivery_not_found']);
});

test('one entry is deleted; clearing forgets what is older and keeps what is young', async () => {
  const id = await say('to be deleted');
  assert.equal((await call('DELETE', `/${id}`)).status, 200);
  assert.equal((await call('DELETE', `/${id}`)).status, 404);
  const kept = await say('to be cleared');
  assert.equal((await call<{ cleared: number }>('POST', '/clear', { days: 1 })).body.data.cleared, 0);
  assert.equal((await one(kept)).message, 'to be cleared');
  assert.equal((await call('POST', '/clear', { days: -1 })).status, 400);
  assert.ok((await call<{ cleared: number }>('POST', '/clear', { days: 0 })).body.data.cleared > 0);
  assert.equal((await call('GET', `/${kept}`)).status, 404);
});

test('a browser subscribes once, is listed without its keys, and is forgotten', async () => {
  const endpoint = 'https://push.example.org/send/a-secret';
  const keys = { p256dh: randomBytes(65).toString('base64url'), auth: randomBytes(16).toString('base64url') };
  const subscribe = (body: object) => call<{ id: string }>('POST', '/push', body, reader);
  assert.equal((await subscribe({ endpoint: 'http://push.example.org/x', keys })).status, 400);
  assert.equal((await subscribe({ endpoint, keys: { ...keys, auth: 'c2hvcnQ' } })).status, 400);
  const first = await subscribe({ endpoint, keys, label: 'Laptop' });
  assert.equal(first.status, 201);
  await subscribe({ endpoint, keys, label: 'Laptop' });
  const { body } = await call<{ subscriptions: { service: string; label: string }[] }>('GET', '/push');
  assert.deepEqual(
    body.data.subscriptions.map(({ service, label }) => [service, label]),
    [['push.example.org', 'Laptop']],
  );
  assert.doesNotMatch(JSON.stringify(body), /a-secret|p256dh/);
  assert.equal((await call('POST', '/push/unsubscribe', { endpoint }, reader)).status, 200);
  assert.equal((await call('POST', '/push/unsubscribe', { endpoint }, reader)).status, 404);
});
