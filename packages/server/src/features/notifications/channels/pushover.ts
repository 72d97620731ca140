import { shorten } from '../core/render.ts';
import { defineChannel, hostOf, refused, sent } from '../define-channel.ts';
import { looseJson, post } from '../post.ts';

const priorities = { critical: 1, warning: 0, info: -1 } as const;

/** Pushover: https://pushover.net/api. 250 characters of title, 1024 of message, 512 of link. */
export const channel = defineChannel({
  type: 'pushover',
  title: 'Pushover',
  perMinute: 30,
  target: (config) => hostOf(config.server),
  send: (config, message, context) =>
    post(
      {
        url: `${config.server.replace(/\/+$/, '')}/1/messages.json`,
        json: {
          token: config.token,
          user: config.user_key,
          title: shorten(message.title, 250),
          message: shorten(message.body === '' ? message.title : message.body, 1024),
          priority: message.phase === 'resolved' ? 0 : priorities[message.severity],
          timestamp: Math.floor(message.at / 1000),
          ...(config.device === undefined ? {} : { device: config.device }),
          ...(message.link === null || message.link.length > 512
            ? {}
            : { url: message.link, url_title: 'Open in Vigiles' }),
        },
        judge: (answer) => {
          const { status, errors } = looseJson(answer);
          if (status === 1) return sent();
          if (answer.status >= 500 || answer.status === 429) return null;
          const said = Array.isArray(errors) ? errors.map(String).join('; ') : '';
          return refused(`Pushover refused it${said ? `: ${said}` : ''}`);
        },
      },
      context,
    ),
});
