import type { Mail, MailPage, MailResult, MailStatus } from '../../packages/contract/src/index.ts';
import { startMailServer } from '../../packages/server/src/features/mail/testing/mail-server.ts';
import { startVigiles, type Vigiles } from '../harness/vigiles.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { Seen, ServiceRow } from './service-row.ts';

const me = 'me@ok.example';

export const row: ServiceRow = {
  service: 'mail relay',
  peer: 'SMTP server (smtp-server: STARTTLS, AUTH)',
  async run(rig) {
    const server = await startMailServer({ password: 'smtp-pass-4711' });
    rig.later(() => server.close());
    const home = rig.folder();
    const config = `server: { port: 0 }
gateway: { port: 0 }
egress: { allow_private: ['localhost:${server.port}'] }
mail:
  enabled: true
  from: Vigiles <vigiles@ok.example>
  retry_first_s: 0.1
  daily_limit: 40
  transport: { type: smtp, host: localhost, port: ${server.port}, verify_certificate: false, username: me, password: '\${env:SMTP_PASSWORD}' }
  recipients:
    - { device: '*', allow: ['@ok.example'] }
`;
    const env = { SMTP_PASSWORD: 'smtp-pass-4711' };
    let vigiles: Vigiles = await rig.start({ config, env, home });
    const token = await vigiles.pairDevice('agent', ['operate']);
    const send = (body: object, headers: Record<string, string> = {}) =>
      rig.call<MailResult & { code?: string }>(vigiles, 'POST', '/api/v1/mail/send', {
        body: { to: [me], subject: 's', body: 'b', wait_s: 20, ...body },
        token,
        headers,
      });
    const find = async (id: string): Promise<Mail> =>
      (await rig.call<Mail>(vigiles, 'GET', `/api/v1/mail/outbox/${id}`)).body;
    const arrivals = (id: string) => server.arrived.filter(({ text }) => text.includes(`<${id}@`));
    const seen: Seen[] = [];

    const plain = await send({ cc: ['cc@ok.example'], bcc: ['bcc@ok.example'] });
    const [first] = arrivals(plain.body.id);
    seen.push({
      ok: plain.body.success && first?.secure === true && first.user === 'me' && !/bcc@/.test(first.text),
      seen: `sent by STARTTLS and AUTH to ${first?.to.length ?? 0} recipients, bcc in the envelope only`,
    });
    const key = { 'idempotency-key': 'k1' };
    const [one, same, other] = [
      await send({ subject: 'k' }, key),
      await send({ subject: 'k' }, key),
      await send({ subject: 'l' }, key),
    ];
    seen.push({
      ok: same.body.id === one.body.id && arrivals(one.body.id).length === 1 && other.status === 409,
      seen: `same key and mail: arrived ${arrivals(one.body.id).length} time; another mail with it: ${other.status} ${other.body.code}`,
    });
    const some = await send({ to: [me, 'nobody@ok.example', 'grey@ok.example'] });
    const settled = await waitFor('the greylisted one', async () => {
      const mail = await find(some.body.id);
      return mail.state === 'partly_sent' ? mail : null;
    });
    seen.push({
      ok: arrivals(some.body.id).length === 2 && settled.code === '5.1.1',
      seen: `one refused, one greylisted: ${settled.recipients.map(({ state }) => state).join(', ')}; each once`,
    });
    server.state.drop = 1;
    const dropped = await send({ subject: 'drop' });
    seen.push({
      ok: dropped.body.state === 'uncertain' && arrivals(dropped.body.id).length === 1,
      seen: `the server takes it and drops the line: ${dropped.body.state}, not sent twice`,
    });
    const foreign = await send({ to: ['a@evil.example'] });
    const injected = await send({ to: ['a@ok.example\r\nBcc: x@evil.example'] });
    seen.push({
      ok: foreign.body.code === 'mail_recipient_refused' && injected.body.code === 'mail_bad_address',
      seen: `foreign recipient: ${foreign.body.code}; line end in an address: ${injected.body.code}`,
    });
    // Killed while the server has all of it and has not answered.
    server.state.hold = true;
    const discard = await rig.cli(vigiles, 'mail', 'retry', dropped.body.id, '--confirm');
    await waitFor('the server to have it', () => arrivals(dropped.body.id).length === 2);
    vigiles.control.kill('SIGKILL');
    await waitFor('its end', () => vigiles.control.signalCode !== null);
    server.release();
    vigiles = await startVigiles({ config, env, home });
    rig.later(() => vigiles.stop());
    const after = await waitFor('what the new process found', async () => {
      const mail = await find(dropped.body.id);
      return mail.state === 'sending' ? null : mail;
    });
    seen.push({
      ok: discard.code === 0 && after.state === 'uncertain' && arrivals(dropped.body.id).length === 2,
      seen: `killed between the text and the answer: ${after.state}, asked about, not sent again`,
    });
    const many = await Promise.all(
      Array.from({ length: 20 }, () => send({ to: ['a@ok.example', 'b@ok.example'], wait_s: 0 })),
    );
    const refused = many.filter(({ status }) => status === 429).length;
    const today = (await rig.call<MailStatus>(vigiles, 'GET', '/api/v1/mail/status')).body;
    seen.push({
      ok: refused > 0 && today.remaining <= 1,
      seen: `40 a day: ${refused} of 20 asked for at once are refused, ${today.remaining} recipients left`,
    });
    await waitFor('the queue to empty', async () => {
      const { body } = await rig.call<MailPage>(vigiles, 'GET', '/api/v1/mail/outbox?state=queued,sending');
      return body.total === 0;
    });

    const table = await rig.cli(vigiles, 'mail', 'outbox', '--state', 'uncertain');
    const log = vigiles.output();
    seen.push({
      ok: table.out.includes(dropped.body.id) && !log.includes('smtp-pass-4711'),
      seen: '`vigiles mail outbox` lists it; the password is in no output',
    });
    return seen;
  },
};
