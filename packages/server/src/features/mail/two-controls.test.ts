import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ActionRun, MailDetail, MailResult } from '@vigiles/contract';
import { healing } from '../../app/healing.ts';
import { forEachStore } from '../../testing/stores.ts';
import { startTestControl, until } from '../../testing/test-control.ts';
import { startMailServer } from './testing/mail-server.ts';

forEachStore('mail of two controls on one database', (_openStore, newPlace, dialect) => {
  if (dialect === 'sqlite') return;

  it('waits for one approval, whichever control starts meanwhile', async () => {
    const server = await startMailServer();
    const { url } = await newPlace();
    const open = () =>
      startTestControl({
        extend: [healing],
        yaml: `
store: { url: '${url}' }
gateway: { enabled: false }
watchdog: { enabled: false }
egress: { allow_private: ['localhost:${server.port}'] }
mail:
  enabled: true
  from: Vigiles <vigiles@ok.example>
  approval: always
  recipients: [{ device: "*", allow: ["*"] }]
  transport: { type: smtp, host: localhost, port: ${server.port}, verify_certificate: false, username: me, password: right-password }
`,
      });
    const one = await open();
    const { body } = await one.call<MailResult>('POST', '/api/v1/mail/send', {
      token: await one.token('operate'),
      body: { to: ['a@ok.example'], subject: 'Hello', body: 'Words', wait_s: 0 },
    });
    const two = await open();
    try {
      const { runs } = (
        await two.call<{ runs: ActionRun[] }>('GET', `/api/v1/actions/runs?target=mail:${body.id}`)
      ).body;
      assert.deepEqual(
        runs.map(({ state }) => state),
        ['awaiting_approval'],
      );
      const approved = await one.call('POST', `/api/v1/mail/outbox/${body.id}/approve`, { body: {} });
      assert.equal(approved.status, 202);
      await until('it is sent', async () => {
        const mail = await two.call<MailDetail>('GET', `/api/v1/mail/outbox/${body.id}`);
        return mail.body.state === 'sent';
      });
      assert.equal(server.arrived.length, 1);
    } finally {
      await one.close();
      await two.close();
      await server.close();
    }
  });
});
