import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { CheckSeen, Service } from '@vigiles/contract';
import { healing } from '../../../app/healing.ts';
import { startTestControl, type TestControl } from '../../../testing/test-control.ts';
import { until } from '../testing/rig.ts';

const yaml = `
gateway: { enabled: false }
watchdog:
  services:
    - name: backup
      failures_to_down: 1
      successes_to_up: 1
      auto_recover: false
      checks: [{ type: heartbeat, period_s: 3600, interval_s: 0.2 }]
    - name: named
      checks: [{ type: heartbeat, token: a-token-of-my-own-1234 }]
`;
let control: TestControl;
before(async () => void (control = await startTestControl({ yaml, extend: [healing] })));
after(() => control.close());

const service = async (name: string) => (await control.call<Service>('GET', `/api/v1/services/${name}`)).body;
const pathOf = async (name: string): Promise<string> => {
  const { body } = await control.call<{ heartbeats: { path: string }[] }>(
    'GET',
    `/api/v1/services/${name}/heartbeats`,
  );
  return body.heartbeats[0]?.path ?? '';
};

it('is unknown until the first heartbeat, up at once after it, and down when it says so', async () => {
  await until(
    'it was looked at',
    async () => (await service('backup')).checks[0]?.seen?.result === 'unknown',
  );
  const path = await pathOf('backup');
  const pushed = await control.call('GET', `${path}?msg=done&ping=12.5`, { token: null });
  assert.deepEqual([pushed.status, pushed.body], [200, { ok: true }]);
  await until('it is up', async () => (await service('backup')).state === 'UP');
  const seen = (await service('backup')).checks[0]?.seen;
  assert.deepEqual([seen?.latency_ms, seen?.facts['message']], [12.5, 'done']);
  await control.call('POST', `${path}?status=down&msg=disk%20full`, { token: null });
  await until('it is down', async () => (await service('backup')).state === 'DOWN');
  assert.equal((await service('backup')).reason, 'disk full');
});

it('reads what a form or JSON says, within bounds', async () => {
  const url = control.url + (await pathOf('backup'));
  const post = (body: string | URLSearchParams, type?: string) =>
    fetch(url, { method: 'POST', body, ...(type ? { headers: { 'content-type': type } } : {}) });
  assert.equal((await post('{"status":"up","msg":"again","more":1}', 'application/json')).status, 200);
  await until('it is up', async () => (await service('backup')).state === 'UP');
  assert.equal((await service('backup')).checks[0]?.seen?.facts['message'], 'again');
  const form = new URLSearchParams({ status: 'down', msg: 'tape & drive', ping: '7' });
  assert.equal((await post(form)).status, 200);
  await until('it is down', async () => (await service('backup')).state === 'DOWN');
  assert.equal((await service('backup')).reason, 'tape & drive');
  assert.equal((await post(new URLSearchParams({ status: 'sideways' }))).status, 400);
  assert.equal((await post(new URLSearchParams({ msg: 'x'.repeat(20_000) }))).status, 413);
});

it('takes a form nowhere else: it could come from another site', async () => {
  const answer = await fetch(`${control.url}/api/v1/faults/plan`, {
    method: 'POST',
    headers: { authorization: `Bearer ${control.admin}` },
    body: new URLSearchParams({ remove: 'A1' }),
  });
  assert.equal(answer.status, 415);
});

it('has an address of its own choice, and takes no other', async () => {
  assert.equal(await pathOf('named'), '/api/v1/heartbeats/a-token-of-my-own-1234');
  assert.equal(
    (await control.call('GET', '/api/v1/heartbeats/nobody-knows-this-1', { token: null })).status,
    404,
  );
});

it('shows push addresses only to those who may operate', async () => {
  const token = await control.token('read');
  assert.equal((await control.call('GET', '/api/v1/services/backup/heartbeats', { token })).status, 403);
});

it('a check is tried without being saved, by those who may change the configuration', async () => {
  const check = { type: 'http', url: `${control.url}/api/v1/me`, status: [401] };
  const tried = await control.call<CheckSeen>('POST', '/api/v1/checks/test', { body: { check } });
  assert.deepEqual([tried.status, tried.body.result, tried.body.facts['status']], [200, 'healthy', 401]);
  const token = await control.token('read', 'operate');
  assert.equal((await control.call('POST', '/api/v1/checks/test', { body: { check }, token })).status, 403);
  assert.equal((await control.call<Service[]>('GET', '/api/v1/services')).status, 200);
});

it('tries nothing on addresses where clouds keep keys, and nothing that only shows over time', async () => {
  const body = { check: { type: 'http', url: 'http://169.254.169.254/latest/meta-data' } };
  const refused = await control.call('POST', '/api/v1/checks/test', { body });
  assert.deepEqual([refused.status, refused.body.code], [403, 'address_refused']);
  const waiting = await control.call('POST', '/api/v1/checks/test', {
    body: { check: { type: 'heartbeat' } },
  });
  assert.equal(waiting.body.code, 'check_not_at_once');
});
