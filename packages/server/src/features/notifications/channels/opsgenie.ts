import { shorten } from '../core/render.ts';
import { defineChannel, hostOf } from '../define-channel.ts';
import { post } from '../post.ts';

const servers = { us: 'https://api.opsgenie.com', eu: 'https://api.eu.opsgenie.com' } as const;
const priorities = { critical: 'P1', warning: 'P3', info: 'P5' } as const;
const verbs = { acknowledged: 'acknowledge', resolved: 'close' } as const;

/** Opsgenie, Alert API: https://docs.opsgenie.com/docs/alert-api. An incident is followed by its alias. 130 characters of message. */
export const channel = defineChannel({
  type: 'opsgenie',
  title: 'Opsgenie',
  perMinute: 60,
  tracks: true,
  target: (config) => hostOf(config.server ?? servers[config.region]),
  send(config, message, context) {
    const base = `${(config.server ?? servers[config.region]).replace(/\/+$/, '')}/v2/alerts`;
    const alias = shorten(`vigiles/${message.incidentId ?? message.id}`, 512);
    const headers = { authorization: `GenieKey ${config.api_key}` };
    const { phase } = message;
    if (phase === 'acknowledged' || phase === 'resolved') {
      const url = `${base}/${encodeURIComponent(alias)}/${verbs[phase]}?identifierType=alias`;
      return post(
        { url, headers, json: { source: 'Vigiles', note: shorten(message.body, 25_000) } },
        context,
      );
    }
    return post(
      {
        url: base,
        headers,
        json: {
          message: shorten(message.title, 130),
          alias,
          description: shorten([message.body, message.link ?? ''].filter(Boolean).join('\n\n'), 15_000),
          priority: priorities[message.severity],
          source: 'Vigiles',
          entity: shorten(message.service ?? 'vigiles', 512),
          tags: [message.kind, ...(message.fault === null ? [] : [shorten(message.fault, 50)])],
        },
      },
      context,
    );
  },
});
