import { shorten } from '../core/render.ts';
import { defineChannel, hostOf, later, refused, sent } from '../define-channel.ts';
import { looseJson, post } from '../post.ts';
import { emojiOf } from '../signs.ts';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Telegram, by a bot: https://core.telegram.org/bots/api#sendmessage. 4096 characters after the markup was read; 20 a minute in a group. */
export const channel = defineChannel({
  type: 'telegram',
  title: 'Telegram',
  perMinute: 20,
  target: (config) => `${hostOf(config.server)}, chat ${config.chat_id}`,
  send: (config, message, context) => {
    const head = shorten(`${emojiOf(message)} ${message.title}`, 300);
    const body = shorten(message.body, 3600);
    const text = [
      `<b>${escape(head)}</b>`,
      escape(body),
      ...(message.link === null ? [] : [escape(message.link)]),
    ]
      .filter((part) => part !== '')
      .join('\n');
    return post(
      {
        url: `${config.server.replace(/\/+$/, '')}/bot${config.token}/sendMessage`,
        json: {
          chat_id: config.chat_id,
          text,
          parse_mode: 'HTML',
          link_preview_options: { is_disabled: true },
          disable_notification: message.severity === 'info' || message.phase === 'resolved',
          ...(config.topic_id === undefined ? {} : { message_thread_id: config.topic_id }),
        },
        judge: (answer) => {
          const { ok, description, parameters } = looseJson(answer);
          const said = typeof description === 'string' ? description : '';
          if (ok === true) return sent();
          const { retry_after: seconds } = (parameters ?? {}) as { retry_after?: unknown };
          if (answer.status === 429) {
            const waitMs = typeof seconds === 'number' ? seconds * 1000 : undefined;
            return later('Telegram asks to be left alone for a while', said, waitMs);
          }
          return answer.status >= 500 || ok === undefined
            ? null
            : refused(`Telegram refused it: ${said}`, said);
        },
      },
      context,
    );
  },
});
