import { z } from 'zod';

/** The seed's envelope of this API. What goes wrong is answered like everywhere else. */
export const envelope = <Data extends z.ZodType>(data: Data) =>
  z.object({ ok: z.literal(true), data, error: z.null() });
