import { shorten } from '../core/render.ts';
import { defineChannel, hostOf } from '../define-channel.ts';
import { post } from '../post.ts';

const priorities = { critical: 8, warning: 5, info: 2 } as const;

/** Gotify: https://gotify.net/docs/pushmsg. The text is shown as it is, not as Markdown. */
export const channel = defineChannel({
  type: 'gotify',
  title: 'Gotify',
  perMinute: 60,
  target: (config) => hostOf(config.server),
  send: (config, message, context) =>
    post(
      {
        url: `${config.server.replace(/\/+$/, '')}/message`,
        headers: { 'x-gotify-key': config.token },
        json: {
          title: message.title,
          message: shorten(message.body === '' ? message.title : message.body, 8000),
          priority: message.phase === 'resolved' ? 2 : priorities[message.severity],
          extras: {
            'client::display': { contentType: 'text/plain' },
            ...(message.link === null ? {} : { 'client::notification': { click: { url: message.link } } }),
          },
        },
      },
      context,
    ),
});
