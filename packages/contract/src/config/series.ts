import { z } from 'zod';

/** How long figures are remembered. Whole months are forgotten at once, so up to 31 days more are kept. */
export const SeriesConfig = z
  .strictObject({
    retention_raw_d: z
      .int()
      .min(1)
      .max(3650)
      .default(365)
      .meta({ description: 'Days for which every single sample is kept.' }),
    retention_1m_d: z
      .int()
      .min(1)
      .max(3650)
      .default(35)
      .meta({ description: 'Days for which figures by the minute are kept.' }),
    retention_1h_d: z
      .int()
      .min(1)
      .max(3650)
      .default(400)
      .meta({ description: 'Days for which figures by the hour are kept. Those by the day stay ten years.' }),
    max_mb: z.int().min(16).max(10_000_000).default(10_000).meta({
      description: 'What the history may take on disk. Past it the oldest samples are forgotten first.',
    }),
    min_free_mb: z
      .int()
      .min(0)
      .max(10_000_000)
      .default(512)
      .meta({ description: 'With less free space on its disk nothing more is written.' }),
    max_series: z
      .int()
      .min(10)
      .max(1_000_000)
      .default(20_000)
      .meta({ description: 'Figures of one target that may exist at once; further ones are refused.' }),
    host: z.boolean().default(true).meta({ description: 'Remember this machine’s memory, load and disk.' }),
  })
  .prefault({})
  .meta({ description: 'History of figures: charts, uptime and predictions live on it.' });
export type SeriesConfig = z.output<typeof SeriesConfig>;
