import { definePlugin, later, refused, sent } from '@vigiles/sdk/plugin';
import { formOf } from './lib/message.mjs';

/** What Zulip's answer means: wait as long as it says, try again, or leave it. */
function judge(answer) {
  if (answer.ok) return sent(`HTTP ${answer.status}`);
  if (answer.status === 429) {
    const seconds = Number(answer.headers['retry-after']);
    return later(
      'Zulip asks to be left alone for a while',
      Number.isFinite(seconds) ? seconds * 1000 : 10_000,
    );
  }
  if (answer.status >= 500) return later(`Zulip answered ${answer.status}`);
  let said = '';
  try {
    said = String(answer.json().msg ?? '').slice(0, 200);
  } catch {
    // No JSON: the number has to do.
  }
  return refused(said === '' ? `Zulip answered ${answer.status}` : said);
}

export const plugin = definePlugin({
  channels: {
    stream: {
      title: 'Zulip stream',
      per_minute: 60,
      options: {
        properties: {
          site: { type: 'string', description: 'https://your-organisation.zulipchat.com' },
          email: { type: 'string', description: 'Address of the bot.' },
          stream: { type: 'string', description: 'Name of the stream.' },
          topic: { type: 'string', description: 'One topic for all. Absent: the service’s name.' },
        },
        required: ['site', 'email', 'stream'],
      },
      async send(message, { options, fetch, secret }) {
        const { site, email } = options;
        const answer = await fetch(new URL('/api/v1/messages', site).href, {
          method: 'POST',
          headers: {
            authorization: `Basic ${Buffer.from(`${email}:${secret('zulip-api-key')}`).toString('base64')}`,
            'content-type': 'application/x-www-form-urlencoded',
          },
          body: formOf(message, options),
        });
        return judge(answer);
      },
    },
  },
});
