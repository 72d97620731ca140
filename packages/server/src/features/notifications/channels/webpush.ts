import { shorten } from '../core/render.ts';
import { defineChannel } from '../define-channel.ts';

/** Browsers that asked for it in the dashboard: RFC 8030, 8188, 8291 and 8292. A payload has at most 4,096 bytes, encryption included. */
export const channel = defineChannel({
  type: 'webpush',
  title: 'Web push',
  perMinute: 60,
  target: () => 'browsers that asked for it',
  send: (config, message, context) =>
    context.push.send(
      JSON.stringify({
        title: shorten(message.title, 200),
        body: shorten(message.body, 600),
        // One notification per incident: the next one takes the place of the last.
        tag: message.incidentId ?? message.id,
        severity: message.severity,
        phase: message.phase,
        at: message.at,
        path: message.incidentId === null ? '/notifications' : `/incidents/${message.incidentId}`,
      }),
      {
        contact: config.contact,
        urgent: message.severity === 'critical',
        // At most 32 characters of base64url (RFC 8030 5.4).
        topic: (message.incidentId ?? message.id).replaceAll(/[^A-Za-z0-9_-]/g, '').slice(-32),
      },
      context.signal,
    ),
});
