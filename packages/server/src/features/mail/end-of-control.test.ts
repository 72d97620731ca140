import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { MailDetail, MailResult } from '@vigiles/contract';
import { healing } from '../../app/healing.ts';
import { startGate } from '../../testing/gate.ts';
import { startTestControl, until } from '../../testing/test-control.ts';
import { startMailServer } from './testing/mail-server.ts';

const server = await startMailServer();
const front = await startGate(server.port);
const folders: string[] = [];
after(async () => {
  await front.close();
  await server.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const far = '{ per_minute: 6000, per_hour: 60000, per_day: 60000, cooldown_s: 0 }';
const yaml = `
gateway: { enabled: false }
watchdog: { enabled: false }
limits: { light: ${far}, standard: ${far}, heavy: ${far} }
egress: { allow_private: ['localhost:${front.port}'] }
mail:
  enabled: true
  from: Vigiles <vigiles@ok.example>
  max_attempts: 1
  timeout_s: 60
  recipients: [{ device: "*", allow: ["*"] }]
  transport: { type: smtp, host: localhost, port: ${front.port}, verify_certificate: false, username: me, password: right-password }
`;

const newHome = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vigiles-mail-end-'));
  folders.push(folder);
  return folder;
};
const open = (home: string) => startTestControl({ yaml, extend: [healing], home });
type Home = Awaited<ReturnType<typeof open>>;

async function send(home: Home): Promise<string> {
  const { status, body } = await home.call<MailResult>('POST', '/api/v1/mail/send', {
    token: await home.token('operate'),
    body: { to: ['a@ok.example'], subject: 'Hello', body: 'Words', wait_s: 0 },
  });
  assert.ok(status < 300, JSON.stringify(body));
  return body.id;
}
const mailOf = async (home: Home, id: string): Promise<MailDetail> =>
  (await home.call<MailDetail>('GET', `/api/v1/mail/outbox/${id}`)).body;

test('a try that the end of control cuts off is no failed one, and the next control sends the mail', async () => {
  const folder = newHome();
  front.gate.open = false;
  const first = await open(folder);
  const id = await send(first);
  await until('the server is asked', () => front.gate.held > 0);
  await first.close();
  front.gate.open = true;
  const second = await open(folder);
  try {
    await until('it is sent', async () => (await mailOf(second, id)).state === 'sent');
    assert.equal((await mailOf(second, id)).attempts, 1);
    const told = await second.control.events.read({ afterSeq: 0, limit: 50, types: ['alert.raised'] });
    assert.deepEqual(told, [], 'nobody is told of a failure');
    assert.equal(server.arrived.length, 1);
  } finally {
    await second.close();
  }
});

test('a server that has all of a mail when control ends is waited for', async () => {
  const folder = newHome();
  server.state.hold = true;
  const before = server.arrived.length;
  const first = await open(folder);
  const id = await send(first);
  await until('the server has it', () => server.arrived.length > before);
  const closed = first.close();
  await delay(100);
  server.release();
  await closed;
  const second = await open(folder);
  try {
    assert.equal((await mailOf(second, id)).state, 'sent');
  } finally {
    await second.close();
  }
});
