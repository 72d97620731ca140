import { z } from 'zod';

/** Shared by several gateways: money and limits are counted there. One gateway needs none. */
export const BusConfig = z
  .strictObject({
    url: z
      .string()
      .regex(/^(rediss?:\/\/.+|\$\{(env|secret):[^}]+\})$/, 'must be redis://… or rediss://…')
      .optional()
      .meta({ description: 'Redis or Valkey. Absent: everything is counted in the gateway itself.' }),
    prefix: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'lower-case letters, digits and dashes')
      .default('vigiles')
      .meta({ description: 'What our keys begin with; gateways that share money and limits share it.' }),
    timeout_ms: z
      .int()
      .min(50)
      .max(60_000)
      .default(1000)
      .meta({ description: 'Longest wait for an answer.' }),
    when_away: z.enum(['refuse', 'allow']).default('refuse').meta({
      description:
        'What happens to turns that cost money while Redis does not answer. `refuse`: 503; `allow`: each gateway counts by itself.',
    }),
  })
  .prefault({});
export type BusConfig = z.output<typeof BusConfig>;
