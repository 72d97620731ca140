import { integer, type Verbs } from './verb.ts';

/** `notifications …` */
export function declareNotifications({ asking, group }: Verbs): void {
  const notifications = group('notifications', 'what people are told, and on which channels');
  asking('list', 'the last ones, and what became of them', notifications)
    .option('-n, --limit <number>', 'how many', integer(1, 500), 20)
    .option('--failed', 'only those that did not arrive somewhere')
    .action(async (options) => (await import('../verbs/notifications.ts')).listNotificationsVerb(options));
  asking('channels', 'every channel and how it does', notifications).action(async (options) =>
    (await import('../verbs/notifications.ts')).listChannelsVerb(options),
  );
  asking('test <channel>', 'send a test; ends with 4 when it does not arrive', notifications).action(
    async (channel, options) => (await import('../verbs/notifications.ts')).testChannelVerb(channel, options),
  );
}
