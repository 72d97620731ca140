import { startTestControl } from '../packages/server/src/testing/test-control.ts';

/** A whole control. Told `{count, perSecond}`, it publishes that many events, each stamped with the time it was due. */
const control = await startTestControl();
const now = () => Number(process.hrtime.bigint()) / 1e6;

process.on('message', ({ count, perSecond }: { count: number; perSecond: number }) => {
  const gap = 1000 / perSecond;
  const started = now();
  let sent = 0;
  const publish = () => {
    // Open loop: what is due is sent, also when the process was late, and the stamp is the time it was due at.
    while (sent < count && started + sent * gap <= now()) {
      void control.control.events.append('alert.raised', {
        actor: 'bench',
        subject: 'bench',
        data: {
          severity: 'info',
          title: String(started + sent * gap),
          message: 'x'.repeat(120),
          incident_id: null,
        },
      });
      sent += 1;
    }
    if (sent < count) setTimeout(publish, 1);
    else process.send?.({ published: sent });
  };
  publish();
});
process.send?.({ url: control.url, token: control.admin });
