import { shortenBytes } from '../core/render.ts';
import { defineChannel, hostOf } from '../define-channel.ts';
import { post } from '../post.ts';

const priorities = { critical: 5, warning: 4, info: 3 } as const;
const tags = { critical: 'rotating_light', warning: 'warning', info: 'information_source' } as const;

/** ntfy, published as JSON: https://docs.ntfy.sh/publish/#publish-as-json. A message has 4,096 bytes; beyond that it becomes a file. */
export const channel = defineChannel({
  type: 'ntfy',
  title: 'ntfy',
  perMinute: 30,
  target: (config) => `${hostOf(config.server)}, topic ${config.topic}`,
  send: (config, message, context) => {
    const resolved = message.phase === 'resolved';
    const basic =
      config.username === undefined || config.password === undefined
        ? undefined
        : `Basic ${Buffer.from(`${config.username}:${config.password}`).toString('base64')}`;
    const authorization = config.token === undefined ? basic : `Bearer ${config.token}`;
    return post(
      {
        url: `${config.server.replace(/\/+$/, '')}/`,
        headers: authorization === undefined ? {} : { authorization },
        json: {
          topic: config.topic,
          title: shortenBytes(message.title, 250),
          message: shortenBytes(message.body === '' ? message.title : message.body, 4096),
          priority: resolved ? 3 : priorities[message.severity],
          tags: [resolved ? 'white_check_mark' : tags[message.severity]],
          ...(message.link === null ? {} : { click: message.link }),
        },
      },
      context,
    );
  },
});
