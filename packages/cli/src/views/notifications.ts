import type { ChannelHealth, Delivery, Notification } from '@vigiles/contract';
import { dim, green, red, yellow } from '../output/style.ts';
import { table, type Painted } from '../output/table.ts';
import { ago } from '../output/units.ts';

const severityOf = ({ severity, phase }: Notification): Painted => {
  if (phase === 'resolved') return { painted: green('resolved') };
  if (severity === 'critical') return { painted: red('critical') };
  return { painted: severity === 'warning' ? yellow('warning') : dim('info') };
};

const told = (deliveries: readonly Delivery[]): string =>
  deliveries.map(({ channel, state }) => `${channel} ${state}`).join(', ');

/** `vigiles notifications list` */
export function notificationsView(notifications: readonly Notification[]): string {
  if (notifications.length === 0) return dim('No notifications.');
  return table(
    [
      { title: 'WHEN', align: 'right' },
      { title: 'WHAT' },
      { title: 'SAID', flexible: true },
      { title: 'CHANNELS', flexible: true },
    ],
    notifications.map((each) => [
      ago(each.created_at),
      severityOf(each),
      each.title ?? each.message,
      told(each.deliveries),
    ]),
  );
}

const healthOf = ({ health }: ChannelHealth): Painted => {
  if (health === 'ok') return { painted: green('✔ works') };
  if (health === 'failing') return { painted: red('✖ fails') };
  if (health === 'broken') return { painted: red('✖ cannot work') };
  return { painted: dim(health === 'off' ? 'off' : 'not used yet') };
};

/** `vigiles notifications channels` */
export function channelsView(channels: readonly ChannelHealth[]): string {
  if (channels.length === 0) return dim('No channels. Add one to notifications.channels in vigiles.yaml.');
  return table(
    [
      { title: 'CHANNEL' },
      { title: 'TYPE' },
      { title: 'HEALTH' },
      { title: 'WAITING', align: 'right' },
      { title: 'LAST TROUBLE', flexible: true },
    ],
    channels.map((each) => [
      each.name,
      each.title,
      healthOf(each),
      String(each.queued),
      each.problem ?? (each.health === 'failing' ? (each.last_error?.reason ?? '') : ''),
    ]),
  );
}
