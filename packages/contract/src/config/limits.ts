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

const count = z.int().min(1).optional();

/** A limit of model traffic. What a rule does not name, it does not tell apart. */
export const TurnLimit = z
  .strictObject({
    device: z.string().min(1).max(64).optional().meta({
      description: 'A device’s id; `*`: each device by itself. Absent: all devices together.',
    }),
    model: z.string().min(1).max(256).optional().meta({
      description: 'A model, as asked for or as sent; `*` at the end matches any rest. Absent: every model.',
    }),
    requests_per_minute: count,
    requests_per_hour: count,
    requests_per_day: count,
    tokens_per_minute: count.meta({ description: 'Input and output together, cached input included.' }),
    tokens_per_hour: count,
    tokens_per_day: count,
  })
  .refine((rule) => Object.keys(rule).some((key) => key.includes('_per_')), 'names no limit');
export type TurnLimit = z.output<typeof TurnLimit>;

/** Requests per device, by how dear the route is. */
export const LimitsConfig = z
  .strictObject({
    attached: tier(3000, 100_000, 1_000_000, 0).meta({
      description:
        'What an attached program does all day: polling for commands, answering them, telling what happens.',
    }),
    light: tier(600, 20_000, 200_000, 0.02),
    standard: tier(120, 3600, 50_000, 0.1),
    heavy: tier(10, 100, 500, 2),
    expensive: tier(5, 50, 200, 5),
  })
  .prefault({});

const usd = z.union([z.number().min(0), z.literal('none')]);

const Budget = z
  .strictObject({ daily_usd: usd.optional(), monthly_usd: usd.optional() })
  .meta({ description: 'US dollars; absent or `none`: no limit.' });

const budgetsOf = (what: string) =>
  z
    .record(z.string().min(1).max(64), Budget)
    .default({})
    .meta({ description: `By ${what}; \`*\` is each one that has no entry of its own.` });

/** Money, in US dollars. All budgets that concern a turn must have room for it. */
export const BudgetsConfig = z
  .strictObject({
    daily_usd: usd.optional().default(10).meta({ description: 'All turns together. `none`: no limit.' }),
    monthly_usd: usd.optional().default(100),
    time_zone: z
      .string()
      .refine(isTimeZone, 'not a time zone; an IANA name such as Europe/Berlin is needed')
      .default('UTC')
      .meta({ description: 'Where days and months begin.' }),
    devices: budgetsOf('device id'),
    workspaces: budgetsOf('workspace, as clients name it in `x-vigiles-workspace`'),
    providers: budgetsOf('provider id'),
  })
  .prefault({});
export type BudgetsConfig = z.output<typeof BudgetsConfig>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
