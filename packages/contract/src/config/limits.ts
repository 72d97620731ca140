import { z } from 'zod';

const tier = (perMinute: number, perHour: number, perDay: number, cooldownS: number) =>
  z
    .strictObject({
      per_minute: z.int().min(1).default(perMinute),
      per_hour: z.int().min(1).default(perHour),
      per_day: z.int().min(1).default(perDay),
      cooldown_s: z
        .number()
        .min(0)
        .default(cooldownS)
        .meta({ description: 'Mean spacing between calls once the burst allowance is used up.' }),
    })
    .prefault({});

/** Requests per device, by how dear the route is. */
export const LimitsConfig = z
  .strictObject({
    light: tier(600, 20_000, 200_000, 0.02),
    standard: tier(120, 3600, 50_000, 0.1),
    heavy: tier(10, 100, 500, 2),
    expensive: tier(5, 50, 200, 5),
  })
  .prefault({});

/** Money, in US dollars. Absent means no limit. */
export const BudgetsConfig = z
  .strictObject({
    daily_usd: z.number().min(0).optional().default(10),
    monthly_usd: z.number().min(0).optional().default(100),
  })
  .prefault({});
