import { plain } from '../core/render.ts';
import { defineChannel, hostOf, later, refused, type ChannelContext, type Sent } from '../define-channel.ts';
import { looseJson, post } from '../post.ts';
import { asText, emojiOf } from '../signs.ts';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Matrix, client-server API v1.x: https://spec.matrix.org/latest/client-server-api/#sending-events-to-a-room. */
export const channel = defineChannel({
  type: 'matrix',
  title: 'Matrix',
  perMinute: 30,
  target: (config) => `${hostOf(config.homeserver)}, ${config.room_id}`,
  async send(config, message, context) {
    const base = `${config.homeserver.replace(/\/+$/, '')}/_matrix/client/v3`;
    const headers = { authorization: `Bearer ${config.access_token}` };
    const room = config.room_id.startsWith('#')
      ? await roomOf(base, config.room_id, headers, context)
      : config.room_id;
    if (typeof room !== 'string') return room;
    const title = `${emojiOf(message)} ${message.title}`;
    const html = [`<strong>${escape(title)}</strong>`, escape(message.body).replaceAll('\n', '<br/>')];
    if (message.link !== null) html.push(`<a href="${escape(message.link)}">Open in Vigiles</a>`);
    // The transaction id makes a repetition the same event.
    return post(
      {
        url: `${base}/rooms/${encodeURIComponent(room)}/send/m.room.message/${encodeURIComponent(message.id)}`,
        method: 'PUT',
        headers,
        json: {
          msgtype: message.phase === 'resolved' ? 'm.notice' : 'm.text',
          body: asText({ ...message, title }),
          format: 'org.matrix.custom.html',
          formatted_body: html.filter((part) => part !== '').join('<br/>'),
          // No name in it calls anybody.
          'm.mentions': {},
        },
        judge: (answer) => {
          const { errcode, retry_after_ms: waitMs } = looseJson(answer);
          if (errcode !== 'M_LIMIT_EXCEEDED') return null;
          const said = plain(answer.body.toString(), 300);
          return later(
            'Matrix asks to be left alone for a while',
            said,
            typeof waitMs === 'number' ? waitMs : undefined,
          );
        },
      },
      context,
    );
  },
});

async function roomOf(
  base: string,
  alias: string,
  headers: Record<string, string>,
  { egress, signal }: ChannelContext,
): Promise<string | Sent> {
  const found = await egress.fetch({
    url: `${base}/directory/room/${encodeURIComponent(alias)}`,
    reach: 'configured',
    headers,
    maxBytes: 65_536,
    signal,
  });
  if (!found.ok) return later(found.fault.message);
  const { room_id: id } = looseJson(found.value);
  if (typeof id === 'string') return id;
  const said = plain(found.value.body.toString(), 300);
  const reason = `the room ${alias} was not found`;
  return found.value.status >= 500 || found.value.status === 429
    ? later(reason, said)
    : refused(reason, said);
}
