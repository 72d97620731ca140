import { shorten } from '../core/render.ts';
import { defineChannel } from '../define-channel.ts';
import { post } from '../post.ts';
import { emojiOf } from '../signs.ts';

/** https://docs.slack.dev/messaging/formatting-message-text: these three characters are control characters. */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Slack, by an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. One message a second. */
export const channel = defineChannel({
  type: 'slack',
  title: 'Slack',
  perMinute: 60,
  target: () => 'incoming webhook',
  send: (config, message, context) => {
    const title = `${emojiOf(message)} ${message.title}`;
    const facts = [message.service, message.severity, message.fault]
      .filter((fact) => fact !== null)
      .join(' · ');
    return post(
      {
        url: config.webhook_url,
        json: {
          // What notifications and screen readers say; mentions of everybody are spelled with the escaped characters.
          text: escape(shorten(title, 2000)),
          unfurl_links: false,
          unfurl_media: false,
          blocks: [
            { type: 'header', text: { type: 'plain_text', text: shorten(title, 150), emoji: true } },
            ...(message.body === ''
              ? []
              : [
                  {
                    type: 'section',
                    text: { type: 'plain_text', text: shorten(message.body, 3000), emoji: false },
                  },
                ]),
            { type: 'context', elements: [{ type: 'plain_text', text: shorten(facts, 2000), emoji: false }] },
            ...(message.link === null
              ? []
              : [
                  {
                    type: 'actions',
                    elements: [
                      {
                        type: 'button',
                        text: { type: 'plain_text', text: 'Open in Vigiles' },
                        url: message.link,
                      },
                    ],
                  },
                ]),
          ],
        },
      },
      context,
    );
  },
});
