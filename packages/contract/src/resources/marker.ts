import { z } from 'zod';
import { SeriesKey } from './series.ts';

/** A moment that people want to see on charts: a deploy, a migration. */
export const MarkerRequest = z.strictObject({
  title: z.string().trim().min(1).max(200).meta({ description: 'What happened: `web v1.4.2`.' }),
  target: SeriesKey.optional().meta({ description: 'The service it is about; absent: all charts.' }),
  at: z
    .number()
    .optional()
    .meta({ description: 'UTC ms, at most a day ago and not in the future; now unless set.' }),
});
export type MarkerRequest = z.output<typeof MarkerRequest>;

export const markerEvents = {
  /** `at` is UTC ms; an empty `target` stands for everything. */
  'deploy.marked': z.object({ title: z.string(), target: z.string(), at: z.number() }),
} as const;
