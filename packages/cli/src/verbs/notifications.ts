import type { ChannelHealth, Delivery, Notification } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { say, sayJson } from '../output/print.ts';

interface Options {
  home?: string;
  json?: boolean;
}

interface Envelope<T> {
  data: T;
}

/** `vigiles notifications list`: what was said last, and what became of it; and how the channels do. */
export async function listNotificationsVerb(
  options: Options & { limit?: number; failed?: boolean },
): Promise<void> {
  const api = connect(homeOf(options.home));
  const query = new URLSearchParams({
    limit: String(options.limit ?? 20),
    ...(options.failed ? { state: 'failed' } : {}),
  });
  const answer = await api.get<Envelope<{ notifications: Notification[] }>>(
    `/api/v1/notifications?${query.toString()}`,
  );
  if (options.json) return sayJson(answer);
  const { notificationsView } = await import('../views/notifications.ts');
  return say(notificationsView(answer.data.notifications));
}

/** `vigiles notifications channels` */
export async function listChannelsVerb(options: Options): Promise<void> {
  const api = connect(homeOf(options.home));
  const answer = await api.get<Envelope<{ channels: ChannelHealth[] }>>('/api/v1/notifications/channels');
  if (options.json) return sayJson(answer);
  const { channelsView } = await import('../views/notifications.ts');
  return say(channelsView(answer.data.channels));
}

/** Control waits 12 s for what becomes of a test, and says so itself. */
const waitMs = 30_000;

/** `vigiles notifications test <channel>`: ends with 4 where the channel did not take it. */
export async function testChannelVerb(name: string, options: Options): Promise<void> {
  const api = connect(homeOf(options.home));
  const answer = await api.send<Envelope<Delivery>>(
    'POST',
    `/api/v1/notifications/channels/${encodeURIComponent(name)}/test`,
    {},
    waitMs,
  );
  const { state, reason, answer: said } = answer.data;
  if (options.json) sayJson(answer);
  else if (state === 'delivered') say(`${name} took it${said ? ` (${said})` : ''}.`);
  if (state !== 'delivered') {
    throw new CliError(
      `${name} did not take it: ${reason || state}${said ? ` (${said})` : ''}`,
      exitCode.unhealthy,
    );
  }
}
