import { after } from 'node:test';
import { ChannelConfig, EgressConfig } from '@vigiles/contract';
import { silentLog } from '../../../kernel/log.ts';
import { createEgress } from '../../../platform/egress/index.ts';
import { definitionOf } from '../configured-channels.ts';
import { notice, type Notice } from '../core/notice.ts';
import { render, type Message } from '../core/render.ts';
import { noPluginChannels, type ChannelContext, type Sent } from '../define-channel.ts';
import type { Push } from '../push.ts';
import { startReceiver, type Receiver, type Reply, type Call } from './receiver.ts';

/** Text that means something to every format there is, and is longer than any takes. */
export const hostile = {
  title: `<b>@everyone</b> <!channel> *_~[x](http://evil.example)\`"'& ${'é'.repeat(300)}`,
  body: `<script>alert(1)</script>\r\nBcc: a@evil.example\n**bold** | [link](http://evil.example) @here <@U1> \u202Egnp.exe ${'😀'.repeat(6000)}`,
};

export const messageOf = (said: Partial<Notice> = {}, more: Partial<Message> = {}): Message => ({
  ...render(
    [
      notice({
        kind: 'incident',
        severity: 'critical',
        phase: 'opened',
        title: 'api is dead',
        message: 'The process ended with 137.',
        service: 'api',
        fault: 'service.dead',
        incidentId: 'inc_1',
        actor: 'watchdog',
        at: Date.UTC(2026, 4, 1, 12),
        ...said,
      }),
    ],
    { id: 'dlv_1', reminder: false, link: 'https://vigiles.example/incidents/inc_1' },
  ),
  ...more,
});

const noPush = { send: () => Promise.reject(new Error('not here')) } as unknown as Push;

/** Sends one message through a channel as it is configured; loopback may be reached. */
export async function sendOn(
  config: object,
  message: Message,
  more: Partial<ChannelContext> = {},
): Promise<Sent> {
  const channel = ChannelConfig.parse({ name: 'tried', ...config });
  const egress = createEgress({
    config: () => EgressConfig.parse({ allow_private: ['127.0.0.1', 'localhost'] }),
  });
  try {
    return await definitionOf(channel).send(channel, message, {
      egress,
      log: silentLog,
      push: noPush,
      plugins: noPluginChannels,
      now: Date.UTC(2026, 4, 1, 12),
      signal: AbortSignal.timeout(20_000),
      ...more,
    });
  } finally {
    await egress.close();
  }
}

/** A stand-in of a service, closed after the tests of the file. `rules` answers like the real one, refusals included. */
export async function standIn(rules: (call: Call) => Reply): Promise<Receiver> {
  const receiver = await startReceiver(rules);
  after(() => receiver.close());
  return receiver;
}

/** What a field of an untyped body holds. */
export const field = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);

export const text = (value: unknown, ...path: (string | number)[]): string => {
  const found = field(value, ...path);
  return typeof found === 'string' ? found : '';
};
