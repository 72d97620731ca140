import { plain, shorten } from '../core/render.ts';
import { defineChannel, later } from '../define-channel.ts';
import { looseJson, post } from '../post.ts';
import { colourOf } from '../signs.ts';

const escape = (text: string): string => text.replaceAll(/[\\*_~`|>#[\]()<@:-]/g, (mark) => `\\${mark}`);

/** Discord, by a webhook: https://discord.com/developers/docs/resources/webhook#execute-webhook. Limits of an embed: 256 and 4096. */
export const channel = defineChannel({
  type: 'discord',
  title: 'Discord',
  perMinute: 30,
  target: () => 'webhook',
  send: (config, message, context) => {
    const url = new URL(config.webhook_url);
    // Otherwise the answer comes before the message was checked.
    url.searchParams.set('wait', 'true');
    return post(
      {
        url: url.href,
        json: {
          username: 'Vigiles',
          allowed_mentions: { parse: [] },
          embeds: [
            {
              title: shorten(escape(message.title), 256),
              description: shorten(escape(message.body), 4096),
              color: colourOf(message),
              timestamp: new Date(message.at).toISOString(),
              footer: {
                text: shorten([message.service, message.severity].filter(Boolean).join(' · '), 2048),
              },
              ...(message.link === null ? {} : { url: message.link }),
            },
          ],
        },
        judge: (answer) => {
          if (answer.status !== 429) return null;
          const { retry_after: seconds } = looseJson(answer);
          const waitMs = typeof seconds === 'number' ? seconds * 1000 : undefined;
          return later(
            'Discord asks to be left alone for a while',
            plain(answer.body.toString(), 300),
            waitMs,
          );
        },
      },
      context,
    );
  },
});
