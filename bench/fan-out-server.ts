import { startTestControl } from '../packages/server/src/testing/test-control.ts';

/** A whole control. Told `{kind, count, perSecond}`, it publishes that many events, each stamped with the time it was due. */
const control = await startTestControl();
const { events } = control.control;
const now = () => Number(process.hrtime.bigint()) / 1e6;
const bench = { actor: 'bench', subject: 'bench' };

/** What is published: the change of a service, which nothing else follows from; an alert, which becomes a notification, too. */
const publishers = {
  change: (due: string) =>
    events.append('service.state_changed', {
      ...bench,
      data: { service: 'bench', from: 'UP', to: 'SUSPECT', reason: `${due} ${'x'.repeat(120)}`, pid: null },
    }),
  alert: (due: string) =>
    events.append('alert.raised', {
      ...bench,
      data: { severity: 'info', title: due, message: 'x'.repeat(120), incident_id: null },
    }),
};

interface Job {
  kind: keyof typeof publishers;
  count: number;
  perSecond: number;
}

process.on('message', ({ kind, count, perSecond }: Job) => {
  const gap = 1000 / perSecond;
  const started = now();
  let sent = 0;
  const publish = () => {
    // Open loop: what is due is sent, also when the process was late, and the stamp is the time it was due at.
    while (sent < count && started + sent * gap <= now()) {
      void publishers[kind](`due at ${started + sent * gap}`);
      sent += 1;
    }
    if (sent < count) setTimeout(publish, 1);
    else process.send?.({ published: sent });
  };
  publish();
});
process.send?.({ url: control.url, token: control.admin });
