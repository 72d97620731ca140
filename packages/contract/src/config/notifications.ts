import { z } from 'zod';
import { ChannelConfig } from './channels.ts';
import { QuietHoursConfig } from './quiet-hours.ts';
import { webAddress } from './web-address.ts';

export const NotificationsConfig = z
  .strictObject({
    channels: z.array(ChannelConfig).max(100).default([]),
    quiet_hours: z.array(QuietHoursConfig).max(50).default([]),
    group_wait_s: z.number().min(0).max(600).default(5).meta({
      description:
        'How long a first notice waits for others. What is over by then is told in one message with how it ended.',
    }),
    summary_above: z
      .int()
      .min(1)
      .max(1000)
      .default(3)
      .meta({ description: 'More notices than this waiting for one channel become one summary.' }),
    dashboard_url: webAddress.optional().meta({
      description: 'How people reach the dashboard from outside, for links: https://vigiles.home.example.',
    }),
    max_attempts: z.int().min(1).max(100).default(10).meta({
      description: 'Tries of one delivery: after 5, 10, 20 … at most 600 seconds, or when the service says.',
    }),
    give_up_after_s: z.number().min(60).max(604_800).default(86_400),
    keep_days: z.int().min(1).max(3650).default(30).meta({ description: 'How long the history is kept.' }),
  })
  .prefault({});
export type NotificationsConfig = z.output<typeof NotificationsConfig>;

/** A sign of life to a service elsewhere, which tells people when it stays away. */
export const DeadmanConfig = z
  .strictObject({
    url: webAddress.optional().meta({
      description:
        'Called while everything that watches really works: healthchecks.io, Uptime Kuma push, Better Stack. Absent: nothing is sent.',
      secret: true,
    }),
    fail_url: webAddress
      .optional()
      .meta({ description: 'Called instead while something does not work.', secret: true }),
    interval_s: z.number().min(5).max(86_400).default(60),
    method: z.enum(['GET', 'POST']).default('GET'),
  })
  .prefault({});
export type DeadmanConfig = z.output<typeof DeadmanConfig>;
