import { shorten } from '../core/render.ts';
import { defineChannel } from '../define-channel.ts';
import { post } from '../post.ts';

/** TextBlocks read a part of Markdown: https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features. */
const escape = (text: string): string => text.replaceAll(/[\\`*_[\]()~]/g, (mark) => `\\${mark}`);

/**
 * Microsoft Teams, by a Workflow “when a Teams webhook request is received”: an Adaptive Card in a message of at most 28 KB; four
 * requests a second. https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
export const channel = defineChannel({
  type: 'teams',
  title: 'Microsoft Teams',
  perMinute: 60,
  target: () => 'workflow',
  send: (config, message, context) => {
    const colour =
      message.phase === 'resolved' ? 'Good' : message.severity === 'critical' ? 'Attention' : 'Warning';
    const facts = [
      { title: 'Severity', value: message.severity },
      ...(message.service === null ? [] : [{ title: 'Service', value: escape(message.service) }]),
      { title: 'Time', value: new Date(message.at).toISOString() },
    ];
    return post(
      {
        url: config.webhook_url,
        json: {
          type: 'message',
          attachments: [
            {
              contentType: 'application/vnd.microsoft.card.adaptive',
              contentUrl: null,
              content: {
                $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
                type: 'AdaptiveCard',
                version: '1.4',
                body: [
                  {
                    type: 'TextBlock',
                    text: escape(message.title),
                    size: 'Medium',
                    weight: 'Bolder',
                    color: message.severity === 'info' && message.phase !== 'resolved' ? 'Default' : colour,
                    wrap: true,
                  },
                  {
                    type: 'TextBlock',
                    text: escape(shorten(message.body, 4000)).replaceAll('\n', '\n\n'),
                    wrap: true,
                  },
                  { type: 'FactSet', facts },
                ],
                ...(message.link === null
                  ? {}
                  : { actions: [{ type: 'Action.OpenUrl', title: 'Open in Vigiles', url: message.link }] }),
              },
            },
          ],
        },
      },
      context,
    );
  },
});
