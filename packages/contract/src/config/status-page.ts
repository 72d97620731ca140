import { z } from 'zod';

/** One block of the public page. */
export const StatusPageGroup = z.strictObject({
  title: z.string().min(1).max(100),
  services: z.array(z.string()).min(1),
});

/** The public status page: everybody who reaches the port can read it, so it is off until it is asked for. */
export const StatusPageConfig = z
  .strictObject({
    enabled: z.boolean().default(false),
    title: z.string().min(1).max(100).default('Status'),
    description: z.string().max(1000).default(''),
    groups: z
      .array(StatusPageGroup)
      .max(100)
      .default([])
      .meta({ description: 'What is shown. Services that are in no group are never mentioned.' }),
    days: z.int().min(1).max(365).default(90).meta({ description: 'Length of the uptime bars.' }),
    incident_days: z.int().min(0).max(90).default(14).meta({
      description: 'How far back incidents are listed. 0: none.',
    }),
  })
  .prefault({});
export type StatusPageConfig = z.output<typeof StatusPageConfig>;
