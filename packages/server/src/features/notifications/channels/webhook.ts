import { createHmac } from 'node:crypto';
import { defineChannel, hostOf } from '../define-channel.ts';
import { post } from '../post.ts';

/**
 * A notice as JSON, to anywhere. Signed like Stripe’s and GitHub’s: HMAC-SHA256 over `<seconds>.<body>`, with the time in the
 * header, so that an old call cannot be sent again. `X-Vigiles-Delivery` is the same for every try.
 */
export const channel = defineChannel({
  type: 'webhook',
  title: 'Webhook',
  perMinute: 120,
  target: (config) => hostOf(config.url),
  send: (config, message, context) => {
    const body = JSON.stringify({
      id: message.id,
      event: message.phase,
      kind: message.kind,
      severity: message.severity,
      title: message.title,
      message: message.body,
      service: message.service,
      fault: message.fault,
      incident_id: message.incidentId,
      count: message.count,
      reminder: message.reminder,
      timestamp: new Date(message.at).toISOString(),
      link: message.link,
    });
    const seconds = String(Math.floor(context.now / 1000));
    const signature =
      config.secret && createHmac('sha256', config.secret).update(`${seconds}.${body}`).digest('hex');
    return post(
      {
        url: config.url,
        method: config.method,
        body,
        headers: {
          ...config.headers,
          'content-type': 'application/json; charset=utf-8',
          'x-vigiles-delivery': message.id,
          'x-vigiles-event': message.phase,
          ...(signature === undefined ? {} : { 'x-vigiles-signature': `t=${seconds},v1=${signature}` }),
        },
      },
      context,
    );
  },
});
