import { z } from 'zod';

/** Agent sessions: how much of them is kept, and how long things wait. */
export const SessionsConfig = z
  .strictObject({
    keep_days: z
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .meta({ description: 'Days for which sessions are kept after their last event.' }),
    keep_events: z
      .int()
      .min(1000)
      .max(10_000_000)
      .default(100_000)
      .meta({ description: 'Events kept of one session; past it the oldest are deleted.' }),
    max_sessions: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .meta({ description: 'Sessions that may exist at once; past it no further one is made.' }),
    max_event_kb: z
      .int()
      .min(1)
      .max(4096)
      .default(256)
      .meta({ description: 'Size of one event; a larger one is refused.' }),
    command_ttl_s: z
      .int()
      .min(1)
      .max(86_400)
      .default(300)
      .meta({ description: 'Seconds a command may wait for somebody who carries it out.' }),
    lease_ttl_s: z
      .int()
      .min(2)
      .max(3600)
      .default(30)
      .meta({ description: 'Seconds after which an orchestrator that gives no sign is taken for gone.' }),
    decision_timeout_s: z.int().min(0).max(2_592_000).default(0).meta({
      description: 'Seconds a decision waits where its agent names no time; 0: until somebody answers.',
    }),
    decision_extension_s: z.int().min(60).max(2_592_000).default(86_400).meta({
      description: 'Seconds after it was asked up to which people may give a decision more time.',
    }),
    skill_folders: z.array(z.string().min(1).max(4096)).max(100).default([]).meta({
      description: 'Folders with SKILL.md folders besides those of the agents of this machine.',
    }),
  })
  .prefault({})
  .meta({ description: 'Agent sessions: what is kept of them, and how long things wait.' });
export type SessionsConfig = z.output<typeof SessionsConfig>;
