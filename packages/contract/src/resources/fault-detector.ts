import { z } from 'zod';

/** Name of a signal inside one entry, as `when` uses it. */
export const SignalName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,47}$/, 'lower-case letters, digits, underscores')
  .refine((name) => !['and', 'or', 'not'].includes(name), 'and, or, not are words of `when`');

/** What kind of thing a fault is about. */
export const TargetClass = z.enum([
  'service',
  'provider',
  'model',
  'agent',
  'session',
  'file',
  'host',
  'budget',
  'backup',
]);
export type TargetClass = z.infer<typeof TargetClass>;

/** What a signal carries besides its name. */
export const SignalField = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type SignalField = z.infer<typeof SignalField>;

/** A condition on one field: the value, a list of values, or bounds. */
export const FieldCondition = z
  .union([
    SignalField,
    z.array(SignalField).min(1),
    z
      .strictObject({ above: z.number().optional(), below: z.number().optional() })
      .refine((bounds) => bounds.above !== undefined || bounds.below !== undefined, 'needs above or below'),
  ])
  .meta({ description: 'A value, a list of values, or bounds: {above, below}.' });
export type FieldCondition = z.infer<typeof FieldCondition>;

const where = z
  .record(z.string().min(1), FieldCondition)
  .default({})
  .meta({ description: 'Fields that must have these values.' });

/** How often a detector must see something before its signal is true. */
export const FaultWindow = z
  .strictObject({
    count: z
      .int()
      .min(1)
      .max(1000)
      .default(1)
      .meta({ title: 'Times', description: 'How often it must be seen.' }),
    within_s: z
      .number()
      .min(1)
      .max(86_400)
      .default(60)
      .meta({ title: 'Within (s)', description: 'The times are counted over so many seconds.' }),
    consecutive: z.int().min(2).max(1000).optional().meta({
      title: 'Times in a row',
      description: 'Instead of times within seconds; what starts it anew is said below.',
    }),
    reset_on: z
      .array(SignalName)
      .default([])
      .meta({ title: 'Starts anew with', description: 'Signals that end a row.' }),
  })
  .prefault({});
export type FaultWindow = z.output<typeof FaultWindow>;

const base = {
  signal: SignalName,
  window: FaultWindow,
  hold_s: z.number().min(0).max(86_400).optional().meta({
    title: 'Stays true for (s)',
    description: 'How long the signal holds after it was seen; as long as it is counted over unless set.',
  }),
};

/** Where a line must come from. Empty lists: anywhere. */
export const LogScope = z
  .strictObject({
    source: z
      .array(z.string().min(1))
      .default([])
      .meta({ description: 'Sources, `*` for any text: service:*, agent:*, file:/var/log/app.log.' }),
    stream: z.enum(['stdout', 'stderr']).optional(),
    level: z.array(z.string().min(1)).default([]),
    field: z
      .string()
      .optional()
      .meta({ description: 'Look in this field of a JSON line instead of the whole line.' }),
  })
  .prefault({});
export type LogScope = z.output<typeof LogScope>;

const check = <T extends string>(type: T) => z.strictObject({ type: z.literal(type), ...base, where });

/** One way a fault is seen. Literal or regular expression is said explicitly; a literal is literal. */
export const FaultDetector = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('log'),
      ...base,
      literal: z
        .string()
        .min(3)
        .max(1000)
        .optional()
        .meta({ description: 'Text of the line, letter by letter. Either this or a regex.' }),
      regex: z.string().min(3).max(1000).optional().meta({ description: 'RE2 syntax: linear in time.' }),
      ignore_case: z.boolean().default(false),
      scope: LogScope,
    })
    .refine(
      ({ literal, regex }) => (literal === undefined) !== (regex === undefined),
      'a log detector has either literal or regex',
    ),
  /** A typed event: `call.failed` of the gateway, `agent.*` of the watchers of agents. */
  z.strictObject({
    type: z.literal('event'),
    ...base,
    event: z.string().regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$/, 'a name with a dot, such as call.failed'),
    where,
  }),
  /** What the state machine of a service says, whoever holds the agent of a session, or whoever makes the backups. */
  z.strictObject({
    type: z.literal('state'),
    ...base,
    state: z.enum([
      'process_dead',
      'not_responding',
      'check_failing',
      'refusing',
      'agent_crashed',
      'agent_stalled',
      'agent_tool_silent',
      'agent_gone',
      'backup_failed',
    ]),
  }),
  z.strictObject({ type: z.literal('process'), ...base, is: z.enum(['exited', 'gone', 'stale']), where }),
  z
    .strictObject({
      type: z.literal('resource'),
      ...base,
      metric: z.string().min(1).meta({
        description:
          'Of a process: memory_mb, growth_mb_per_h, cpu_percent, fds, threads. Of a check: latency_ms. Of a resource check of the machine: disk_free_mb, disk_free_percent, inodes_free_percent, memory_percent, load_per_core, host_cpu_percent.',
      }),
      above: z.number().optional(),
      below: z.number().optional(),
      above_field: z.string().min(1).optional().meta({
        description:
          'Field of the signal that takes the place of `above` where it has one: a limit that is a setting.',
      }),
      where,
    })
    .refine(({ above, below }) => above !== undefined || below !== undefined, 'needs above or below'),
  check('http'),
  check('agent'),
  check('ping'),
  check('systemd'),
  check('tcp'),
  check('dns'),
  check('tls'),
  check('heartbeat'),
  check('container'),
  check('sql'),
  check('script'),
  z.strictObject({
    type: z.literal('json_file'),
    ...base,
    file: z.string().min(1).meta({ description: 'Name of the watched file, or its path; `*` for any text.' }),
    predicate: z.string().min(1).meta({ description: 'The named predicate that holds.' }),
    where,
  }),
  z.strictObject({
    type: z.literal('prediction'),
    ...base,
    metric: z.string().min(1),
    within_s: z
      .number()
      .min(1)
      .meta({ title: 'Foreseen within (s)', description: 'Foreseen to fail within this time.' })
      .default(3600),
  }),
]);
export type FaultDetector = z.output<typeof FaultDetector>;
export type DetectorType = FaultDetector['type'];
