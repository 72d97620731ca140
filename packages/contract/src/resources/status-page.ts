import { z } from 'zod';

/** What strangers are told. Nothing finer: why something is down is nobody’s business out there. */
export const PublicState = z.enum(['operational', 'down', 'recovering', 'maintenance', 'unknown']);
export type PublicState = z.infer<typeof PublicState>;

export const StatusPageService = z.object({
  title: z.string(),
  state: PublicState,
  /** Share over all days shown; null when nothing is known. */
  uptime: z.number().nullable(),
  /** One entry a day (UTC), oldest first; `uptime` is null where nothing is known. */
  days: z.array(z.object({ day: z.string(), uptime: z.number().nullable() })),
});

/** The public page as data. It holds titles, states and times only. */
export const StatusPage = z.object({
  title: z.string(),
  description: z.string(),
  state: PublicState,
  /** UTC ms. */
  updated_at: z.number(),
  groups: z.array(z.object({ title: z.string(), services: z.array(StatusPageService) })),
  incidents: z.array(
    z.object({ services: z.array(z.string()), began_at: z.number(), ended_at: z.number().nullable() }),
  ),
  maintenance: z.array(
    z.object({ services: z.array(z.string()), from: z.number(), to: z.number(), open: z.boolean() }),
  ),
});
export type StatusPage = z.infer<typeof StatusPage>;
