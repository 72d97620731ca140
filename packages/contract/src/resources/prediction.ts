import { z } from 'zod';
import { SeriesUnit } from './series.ts';

/** A failure that is on its way. */
export const Prediction = z.object({
  id: z.string(),
  kind: z.enum(['memory', 'latency', 'disk', 'budget', 'certificate']),
  /** A service, `host`, or whose budget it is: `budget:whole`, `budget:device:<id>`, `budget:provider:<id>` … */
  target: z.string(),
  title: z.string(),
  detail: z.string(),
  /** Milliseconds until it is expected, as of `at`. */
  time_left_ms: z.number(),
  /** Earliest and latest, from the spread of the slope. */
  earliest_ms: z.number(),
  latest_ms: z.number().nullable(),
  /** 0 to 1: how well a trend explains what was seen. */
  confidence: z.number(),
  value: z.number(),
  limit: z.number(),
  unit: SeriesUnit,
  /** UTC ms. */
  since: z.number(),
  at: z.number(),
});
export type Prediction = z.infer<typeof Prediction>;
