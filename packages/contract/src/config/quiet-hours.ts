import { z } from 'zod';
import { DaySpanConfig } from './routing.ts';

/** A time of the day in which people are left alone. */
export const QuietHoursConfig = DaySpanConfig.extend({
  except: z
    .enum(['critical', 'nothing'])
    .default('critical')
    .meta({ description: 'What is told all the same.' }),
  otherwise: z.enum(['hold', 'drop']).default('hold').meta({
    description: 'hold: told when the quiet hours end, as one summary. drop: only kept in the history.',
  }),
});
export type QuietHoursConfig = z.output<typeof QuietHoursConfig>;
