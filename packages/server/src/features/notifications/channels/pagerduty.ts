import { shorten } from '../core/render.ts';
import { defineChannel, hostOf } from '../define-channel.ts';
import { post } from '../post.ts';

const servers = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' } as const;
const actions = { acknowledged: 'acknowledge', resolved: 'resolve' } as const;

/** PagerDuty, Events API v2: https://developer.pagerduty.com/docs/events-api-v2-overview. An incident is followed by its dedup_key. */
export const channel = defineChannel({
  type: 'pagerduty',
  title: 'PagerDuty',
  perMinute: 60,
  tracks: true,
  target: (config) => hostOf(config.server ?? servers[config.region]),
  send(config, message, context) {
    const { phase, incidentId, reminder } = message;
    const action = phase === 'acknowledged' || phase === 'resolved' ? actions[phase] : 'trigger';
    return post(
      {
        url: `${(config.server ?? servers[config.region]).replace(/\/+$/, '')}/v2/enqueue`,
        json: {
          routing_key: config.routing_key,
          event_action: action,
          dedup_key: shorten(`vigiles/${incidentId ?? message.id}`, 255),
          ...(action === 'trigger'
            ? {
                payload: {
                  summary: shorten(message.title, 1024),
                  source: message.service ?? 'vigiles',
                  severity: message.severity,
                  timestamp: new Date(message.at).toISOString(),
                  ...(message.fault === null ? {} : { class: message.fault }),
                  custom_details: { message: shorten(message.body, 8000), kind: message.kind, reminder },
                },
                client: 'Vigiles',
                ...(message.link === null ? {} : { client_url: message.link }),
              }
            : {}),
        },
      },
      context,
    );
  },
});
