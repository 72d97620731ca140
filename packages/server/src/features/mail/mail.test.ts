import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ErrorEnvelope, Mail, MailDetail, MailPage, MailResult, MailStatus } from '@vigiles/contract';
import { healing } from '../../app/healing.ts';
import { startTestControl, until } from '../../testing/test-control.ts';
import { startMailServer } from './testing/mail-server.ts';

const server = await startMailServer();
const far = '{ per_minute: 6000, per_hour: 60000, per_day: 60000, cooldown_s: 0 }';
const yaml = (mail: string) => `
gateway: { enabled: false }
watchdog: { enabled: false }
limits: { light: ${far}, standard: ${far}, heavy: ${far} }
egress: { allow_private: ['localhost:${server.port}'] }
mail:
  enabled: true
  from: Vigiles <vigiles@ok.example>
  retry_first_s: 0.05
  timeout_s: 20
  transport: { type: smtp, host: localhost, port: ${server.port}, verify_certificate: false, username: me, password: right-password }
${mail}`;
const open = (mail = '  recipients: [{ device: "*", allow: ["*"] }]', folder?: string) =>
  startTestControl({ yaml: yaml(mail), extend: [healing], ...(folder ? { home: folder } : {}) });
const home = await open();
const agent = await home.token('operate');
after(async () => {
  await home.close();
  await server.close();
});

const send = <T = MailResult>(
  body: object,
  more: { token?: string; key?: string } = {},
  at: typeof home = home,
) =>
  at.call<T>('POST', '/api/v1/mail/send', {
    body: { to: ['a@ok.example'], subject: 'Hello', body: 'Words', wait_s: 30, ...body },
    token: more.token ?? agent,
    ...(more.key ? { headers: { 'idempotency-key': more.key } } : {}),
  });
const mailOf = async (id: string, at: typeof home = home): Promise<MailDetail> =>
  (await at.call<MailDetail>('GET', `/api/v1/mail/outbox/${id}`)).body;
const arrivedWith = (id: string) => server.arrived.filter(({ text }) => text.includes(`<${id}@ok.example>`));
const reaches = (id: string, state: Mail['state'], at: typeof home = home) =>
  until(`mail ${id} is ${state}`, async () => (await mailOf(id, at)).state === state);

test('a mail arrives over an encrypted, signed-in connection, once, with bcc in the envelope only', async () => {
  const { status, body } = await send({
    to: ['Ada <ada@ok.example>'],
    cc: ['cc@ok.example'],
    bcc: ['hidden@ok.example'],
    subject: 'Grüße',
    from_name: 'Build agent',
    body: 'Plain words',
    html: '<b>Bold words</b>',
    attachments: [{ filename: 'Bericht ü.txt', content_type: 'text/plain', content: 'aGVsbG8=' }],
  });
  assert.equal(status, 202);
  assert.deepEqual([body.success, body.state, body.error], [true, 'sent', null]);
  const [mail, ...more] = arrivedWith(body.id);
  assert.ok(mail);
  assert.equal(more.length, 0);
  assert.deepEqual([mail.user, mail.secure, mail.from], ['me', true, 'vigiles@ok.example']);
  assert.deepEqual(mail.to, ['ada@ok.example', 'cc@ok.example', 'hidden@ok.example']);
  assert.doesNotMatch(mail.text, /hidden@|^Bcc:/im);
  assert.match(mail.text, /^From: Build agent <vigiles@ok\.example>/m);
  assert.match(mail.text, /^Auto-Submitted: auto-generated/m);
  assert.match(mail.text, /Plain words[\s\S]*<b>Bold words<\/b>/);
  assert.match(mail.text, /aGVsbG8=/);
  assert.equal(body.message_id, `<${body.id}@ok.example>`);
  const status2 = (await home.call<MailStatus>('GET', '/api/v1/mail/status')).body;
  assert.deepEqual(
    [status2.status, status2.configured, status2.authenticated, status2.emails_sent_today, status2.remaining],
    ['authenticated', true, true, 3, 97],
  );
});

test('the same key and mail is answered as before and sent once; another mail with it is refused', async () => {
  const first = await send({ subject: 'once' }, { key: 'key-1' });
  const again = await send({ subject: 'once' }, { key: 'key-1' });
  assert.deepEqual(
    [again.body.id, again.body.success, again.body.message_id],
    [first.body.id, true, first.body.message_id],
  );
  assert.equal(arrivedWith(first.body.id).length, 1);
  const other = await send<ErrorEnvelope>({ subject: 'twice' }, { key: 'key-1' });
  assert.deepEqual([other.status, other.body.code], [409, 'mail_key_reused']);
  // A key is a device's own.
  const another = await send({ subject: 'twice' }, { key: 'key-1', token: home.admin });
  assert.notEqual(another.body.id, first.body.id);
});

test('one of three recipients is refused and one greylisted: the others get it, each once', async () => {
  const { body } = await send({ to: ['a@ok.example', 'nobody@ok.example', 'grey@ok.example'] });
  assert.equal(body.success, false);
  await reaches(body.id, 'partly_sent');
  const mail = await mailOf(body.id);
  assert.deepEqual(
    mail.recipients.map(({ address, state }) => `${address} ${state}`),
    ['a@ok.example taken', 'nobody@ok.example refused', 'grey@ok.example taken'],
  );
  assert.match(mail.reason, /there is no such mailbox \(550 5\.1\.1\)/);
  assert.equal(mail.code, '5.1.1');
  assert.deepEqual(
    arrivedWith(body.id).map(({ to }) => to),
    [['a@ok.example'], ['grey@ok.example']],
  );
});

test('a server that goes away after it had all of it is asked about, not written to twice', async () => {
  server.state.drop = 1;
  const { body } = await send({ subject: 'dropped' });
  assert.deepEqual([body.success, body.state], [false, 'uncertain']);
  assert.equal(arrivedWith(body.id).length, 1);
  const retry = (more: object = {}, token = home.admin) =>
    home.call('POST', `/api/v1/mail/outbox/${body.id}/retry`, { body: more, token });
  assert.equal((await retry()).body.code, 'mail_may_arrive_twice');
  assert.equal((await retry({ confirm: true }, agent)).body.code, 'mail_own_decision');
  assert.equal((await retry({ confirm: true })).status, 202);
  await reaches(body.id, 'sent');
  // The same Message-ID: mail programs show it once.
  assert.equal(arrivedWith(body.id).length, 2);
});

test('a refused text is a dead letter that a person sends again or discards', async () => {
  server.state.refuseText = '554 5.7.1 Looks like spam';
  const first = await send({ subject: 'spam?' });
  const second = await send({ subject: 'spam!' });
  assert.deepEqual([first.body.state, second.body.state], ['failed', 'failed']);
  assert.match(first.body.error ?? '', /refused by a rule of the server \(554 5\.7\.1\)/);
  server.state.refuseText = '';
  await home.call('POST', `/api/v1/mail/outbox/${first.body.id}/retry`, { body: {} });
  await reaches(first.body.id, 'sent');
  const gone = await home.call<Mail>('POST', `/api/v1/mail/outbox/${second.body.id}/discard`, { body: {} });
  assert.deepEqual([gone.body.state, gone.body.kept], ['discarded', false]);
  assert.equal((await mailOf(second.body.id)).body, null);
  const told = await home.control.events.read({
    afterSeq: 0,
    limit: 500,
    types: ['alert.raised'],
    subject: second.body.id,
  });
  assert.equal(told.length, 1);
});

test('a mail that is too large for the server is not tried again', async () => {
  const { body } = await send({ subject: 'big', body: 'x'.repeat(1_900_000), html: 'x'.repeat(1_900_000) });
  const content = Buffer.alloc(3_000_000).toString('base64');
  const large = await send({ subject: 'big', attachments: [{ filename: 'a.bin', content }] });
  assert.equal(body.state, 'sent');
  assert.deepEqual([large.body.state, (await mailOf(large.body.id)).attempts], ['sent', 1]);
  const larger = await send({
    subject: 'bigger',
    attachments: [{ filename: 'a.bin', content: Buffer.alloc(5_000_000).toString('base64') }],
  });
  assert.deepEqual([larger.body.state, (await mailOf(larger.body.id)).attempts], ['failed', 1]);
});

test('each try is a run of the action runner, and its parameters hold nothing of the mail', async () => {
  const { body } = await send({ subject: 'secret subject', body: 'secret words' });
  const mail = await mailOf(body.id);
  const path = `/api/v1/actions/runs/${mail.run_id ?? ''}`;
  // The mail is sent before its run is over.
  const runOf = async () => (await home.call<{ action: string; outcome: string | null }>('GET', path)).body;
  await until('its run is over', async () => (await runOf()).outcome !== null);
  const { action, outcome } = await runOf();
  assert.deepEqual([action, outcome], ['send_mail', 'fixed']);
  const events = await home.control.events.read({ afterSeq: 0, limit: 500, types: ['mail.changed'] });
  assert.doesNotMatch(JSON.stringify(events), /secret|@ok\.example|right-password/);
});

test('the relay’s first clients find it under their names', async () => {
  const answer = await home.call<MailResult>('POST', '/api/gmail/send', {
    body: { to: 'a@ok.example', subject: 's', body: 'b' },
    token: agent,
  });
  assert.equal(answer.body.success, true);
  for (const path of ['/api/gmail/status', '/gmail/status'])
    assert.equal((await home.call<MailStatus>('GET', path)).body.daily_limit, 100);
  assert.equal((await home.call('GET', '/gmail/inbox')).body.code, 'mail_no_inbox');
  const page = await home.call<MailPage>('GET', '/api/v1/mail/outbox?state=sent&limit=1');
  assert.equal(page.body.mails.length, 1);
  assert.ok(page.body.next !== null);
});

test('an empty allow-list, a line end, a missing scope and nobody’s word: nothing leaves', async () => {
  const strict = await open(`  recipients: [{ device: "*", allow: [me@ok.example], approval: always }]
  approval_expires_s: 1`);
  try {
    const device = await strict.control.devices.createDevice({ name: 'writer', scopes: ['operate'] });
    const { token } = device;
    const codeOf = async (more: object = {}) =>
      (await send<ErrorEnvelope>({ wait_s: 0, ...more }, { token }, strict)).body.code;
    assert.equal(await codeOf(), 'mail_recipient_refused');
    assert.equal(await codeOf({ to: ['a@ok.example\r\nBcc: b@ok.example'] }), 'mail_bad_address');
    const reader = await strict.token('read');
    assert.equal((await send({ wait_s: 0 }, { token: reader }, strict)).status, 403);
    const { body } = await send({ to: ['me@ok.example'] }, { token }, strict);
    await reaches(body.id, 'expired', strict);
    const approved = await strict.call('POST', `/api/v1/mail/outbox/${body.id}/approve`, {
      body: {},
    });
    assert.equal(approved.body.code, 'mail_not_waiting');
    assert.equal(arrivedWith(body.id).length, 0);
  } finally {
    await strict.close();
  }
});

test('switched off while mail waits, nothing of it leaves; switched on it does', async () => {
  server.state.refuseText = '451 4.3.0 Not now';
  const { body } = await send({ subject: 'waits', wait_s: 5 });
  assert.equal(body.success, false);
  const turn = (enabled: boolean) =>
    home.call('PATCH', '/api/v1/config', { body: { patch: [{ path: 'mail.enabled', value: enabled }] } });
  const off = await turn(false);
  assert.equal(off.status, 200, JSON.stringify(off.body));
  await until(
    'it is off',
    async () => (await send<ErrorEnvelope>({ wait_s: 0, to: [] })).body.code === 'mail_disabled',
  );
  // A try that was under way has its answer by then.
  await reaches(body.id, 'queued');
  server.state.refuseText = '';
  const before = server.state.connections;
  const again = await home.call('POST', `/api/v1/mail/outbox/${body.id}/retry`, { body: {} });
  assert.equal(again.status, 202);
  assert.equal((await mailOf(body.id)).state, 'queued');
  assert.equal(server.state.connections, before);
  await turn(true);
  await reaches(body.id, 'sent');
  assert.equal(arrivedWith(body.id).length, 1);
});

test('approval: a mail waits for the word of somebody else than who sent it, who may do more than send', async () => {
  const careful = await open(`  approval: always
  recipients: [{ device: "*", allow: ["*"] }]`);
  try {
    const token = await careful.token('operate');
    const post = (id: string, verb: string, as = careful.admin) =>
      careful.call('POST', `/api/v1/mail/outbox/${id}/${verb}`, { body: {}, token: as });
    const wait = async (): Promise<string> => {
      const { body } = await send({ subject: 'careful' }, { token }, careful);
      assert.deepEqual([body.success, body.state, body.error], [false, 'awaiting_approval', null]);
      return body.id;
    };
    const [first, second] = [await wait(), await wait()];
    // Another agent has what it takes to send mail, and no more: the two would approve each other's.
    for (const other of [token, await careful.token('operate')]) {
      assert.equal((await post(first, 'approve', other)).body.code, 'scope_missing');
      const { run_id: run } = await mailOf(first, careful);
      const path = `/api/v1/actions/runs/${run ?? ''}/approve`;
      const { code } = (await careful.call('POST', path, { token: other })).body;
      assert.equal(code, other === token ? 'approval_by_another' : 'scope_missing');
    }
    const both = await careful.token('operate', 'config');
    const { body: own } = await send({ subject: 'own' }, { token: both }, careful);
    assert.equal((await post(own.id, 'approve', both)).body.code, 'approval_by_another');
    assert.equal((await post(own.id, 'deny', both)).status, 200);
    // Nor by asking the runner for it without the approval.
    const around = await careful.call('POST', '/api/v1/actions/run', {
      body: { action: 'send_mail', target: `mail:${first}`, params: { approval: false }, reason: 'now' },
      token,
    });
    assert.ok(around.status >= 400);
    assert.equal(arrivedWith(first).length, 0);
    const runs = await careful.call<{ runs: { id: string; state: string }[] }>(
      'GET',
      '/api/v1/actions/runs?limit=10',
    );
    assert.equal(runs.body.runs.filter(({ state }) => state === 'awaiting_approval').length, 2);
    assert.equal((await post(first, 'approve')).status, 202);
    await reaches(first, 'sent', careful);
    const mail = await mailOf(first, careful);
    assert.match(mail.approved_by ?? '', /^device:/);
    assert.equal((await post(second, 'deny')).status, 200);
    assert.equal((await mailOf(second, careful)).state, 'denied');
    assert.equal(arrivedWith(second).length, 0);
    const today = (await careful.call<MailStatus>('GET', '/api/v1/mail/status')).body;
    assert.deepEqual([today.emails_sent_today, today.remaining], [1, 99]);
  } finally {
    await careful.close();
  }
});

test('a mail that waits for a person waits on after a restart: approved it is sent once, forgotten it expires', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigiles-mail-'));
  const careful = (expiresS: number) =>
    open(
      `  approval: always\n  approval_expires_s: ${expiresS}\n  recipients: [{ device: "*", allow: ["*"] }]`,
      folder,
    );
  let running = await careful(3600);
  try {
    const token = await running.token('operate');
    const wait = async () => (await send({ subject: 'over night' }, { token }, running)).body.id;
    const [first, second] = [await wait(), await wait()];
    const before = (await mailOf(first, running)).run_id;
    await running.close();
    running = await careful(1);
    assert.equal((await mailOf(first, running)).state, 'awaiting_approval');
    const third = await wait();
    const { runs } = (
      await running.call<{ runs: { id: string; state: string; target: string }[] }>(
        'GET',
        '/api/v1/actions/runs?limit=50',
      )
    ).body;
    for (const id of [first, second])
      assert.equal(
        runs.filter(({ target, state }) => target === `mail:${id}` && state === 'awaiting_approval').length,
        1,
      );
    assert.equal((await mailOf(first, running)).run_id, before, 'the same run waits on');
    const post = (id: string, verb: string) =>
      running.call('POST', `/api/v1/mail/outbox/${id}/${verb}`, { body: {} });
    assert.equal((await post(first, 'approve')).status, 202);
    await reaches(first, 'sent', running);
    assert.equal((await post(second, 'deny')).status, 200);
    await reaches(second, 'denied', running);
    await reaches(third, 'expired', running);
    assert.deepEqual(
      [first, second, third].map((id) => arrivedWith(id).length),
      [1, 0, 0],
    );
  } finally {
    await running.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('google-api-nodejs-client#2886: an expired refresh token is said once, and not asked for in a loop', async () => {
  let asked = 0;
  let answer = 'good';
  const google = createServer((_request, response) => {
    asked += 1;
    const good = answer === 'good';
    response.writeHead(good ? 200 : 400, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(good ? { access_token: 'ya29.token', expires_in: 3600 } : { error: 'invalid_grant' }),
    );
  });
  await new Promise<void>((done) => void google.listen(0, '127.0.0.1', done));
  const { port } = google.address() as AddressInfo;
  const gmail = await startMailServer({ user: 'me@gmail.example', accessToken: () => 'ya29.token' });
  const relay = async () =>
    startTestControl({
      yaml: `
gateway: { enabled: false }
watchdog: { enabled: false }
limits: { standard: ${far}, light: ${far} }
egress: { allow_private: ['127.0.0.1:${port}', 'localhost:${gmail.port}'] }
mail:
  enabled: true
  retry_first_s: 0.05
  transport: { type: gmail, user: me@gmail.example, client_id: c, client_secret: the-client-secret, refresh_token: the-refresh-token, token_url: 'http://127.0.0.1:${port}/token', host: localhost, port: ${gmail.port}, security: starttls, verify_certificate: false }
  recipients: [{ device: "*", allow: ["*"] }]`,
      extend: [healing],
    });
  const works = await relay();
  const sent = await send({ subject: 'one' }, { token: works.admin }, works);
  assert.equal(sent.body.state, 'sent', sent.body.error ?? '');
  assert.deepEqual([gmail.arrived[0]?.user, asked], ['me@gmail.example', 1]);
  await works.close();
  answer = 'expired';
  asked = 0;
  const expired = await relay();
  try {
    const ids: string[] = [];
    for (let at = 0; at < 3; at += 1)
      ids.push((await send({ wait_s: 0 }, { token: expired.admin }, expired)).body.id);
    await until('the relay says so', async () => {
      const { body } = await expired.call<MailStatus>('GET', '/api/v1/mail/status');
      return body.status === 'token_expired' && !body.authenticated && body.configured;
    });
    for (const id of ids) assert.equal((await mailOf(id, expired)).state, 'queued');
    assert.equal(asked, 1);
    const told = await expired.control.events.read({
      afterSeq: 0,
      limit: 50,
      types: ['alert.raised'],
      subject: 'mail',
    });
    assert.equal(told.length, 1);
    assert.doesNotMatch(JSON.stringify(told), /the-refresh-token|the-client-secret/);
  } finally {
    await expired.close();
    await gmail.close();
    await new Promise((done) => void google.close(done));
  }
});
