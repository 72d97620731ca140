import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { it } from 'node:test';
import { VigilesConfig } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { createAccount } from './account.ts';
import type { MailDeps } from './deps.ts';

it('an account that was set up while another one was tried is not judged by what that one said', async () => {
  const mailBy = (port: number) =>
    VigilesConfig.parse({
      mail: {
        enabled: true,
        from: `by-${port}@ok.example`,
        timeout_s: 5,
        transport: { type: 'smtp', host: 'localhost', port, verify_certificate: false },
      },
    }).mail;
  const alerts: string[] = [];
  const servers = ['old', 'new'].map((name) =>
    createServer((socket) => {
      socket.on('error', () => {});
      if (name === 'old') {
        config = mailBy(portOf(1));
        account.forget();
      }
      socket.end(`554 5.3.${name === 'old' ? 1 : 2} no\r\n`);
    }),
  );
  const portOf = (at: number): number => (servers[at]?.address() as AddressInfo | undefined)?.port ?? 0;
  for (const server of servers)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  let config = mailBy(portOf(0));
  const account = createAccount({
    config: () => config,
    resolve: (text: string) => text,
    egress: { addresses: async () => ({ ok: true, value: ['127.0.0.1'] }) },
    clock: systemClock,
    log: silentLog,
    events: {
      append: async (_type: string, event: { data: { message: string } }) =>
        void alerts.push(event.data.message),
    },
  } as unknown as MailDeps);
  try {
    const { status, problem } = await account.health();
    assert.equal(status, 'error');
    assert.match(problem ?? '', /554 5.3.2/);
    assert.equal(alerts.length, 1);
  } finally {
    for (const server of servers) await new Promise((closed) => server.close(closed));
  }
});
