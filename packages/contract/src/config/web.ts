import { z } from 'zod';

/** Pages fetched for agents and devices, `POST /api/v1/web/fetch`. How far they may reach says `egress`. */
export const WebConfig = z
  .strictObject({
    enabled: z.boolean().default(true),
    cache_mb: z.number().min(0).max(1024).default(16).meta({
      description: 'Pages kept in memory, all tenants together; the longest unused go first. 0: none.',
    }),
    respect_robots: z.boolean().default(false).meta({
      description:
        'Fetch nothing that a site’s robots.txt forbids, also where the caller does not ask for it.',
    }),
    max_concurrent: z.int().min(1).max(64).default(8).meta({ description: 'Pages fetched at a time.' }),
  })
  .prefault({});
export type WebConfig = z.output<typeof WebConfig>;
