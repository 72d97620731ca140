import { defineChannel, sent } from '../define-channel.ts';

const levels = { critical: 'error', warning: 'warn', info: 'info' } as const;

/** The log of Vigiles, which the daemon form writes to standard error as well. */
export const channel = defineChannel({
  type: 'console',
  title: 'Console',
  perMinute: 600,
  target: () => 'log of Vigiles',
  async send(_config, message, { log }) {
    const { title, body, severity, phase, service, incidentId } = message;
    const level = phase === 'resolved' ? 'info' : levels[severity];
    log[level]({ title, body, severity, phase, service, incident: incidentId }, 'notification');
    return sent('written');
  },
});
