import { z } from 'zod';
import { FaultDetector, SignalField, TargetClass } from './fault-detector.ts';

export const FaultId = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, 'a letter, then letters, digits, dashes, underscores');

/**
 * A service and its process, a provider, a model’s tool calls, an agent’s process, state on disk, the session of an agent
 * that Vigiles started, a failure that is on its way; `custom`: yours.
 */
export const FaultCategory = z.enum([
  'service',
  'provider',
  'model',
  'agent',
  'state',
  'session',
  'prediction',
  'custom',
]);
export type FaultCategory = z.infer<typeof FaultCategory>;

export const FaultSeverity = z.enum(['critical', 'warning', 'info']);
export type FaultSeverity = z.infer<typeof FaultSeverity>;

/** One step of the quick answer (tier 1). The first is taken at once; `next` says when the one after it is. */
export const FaultAction = z.strictObject({
  action: z.string().min(1).meta({ description: 'Id of an action: `vigiles action list`.' }),
  params: z.record(z.string(), z.unknown()).default({}),
  target: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Instead of what the fault is about, for instance the service `gateway`.' }),
  next: z.enum(['not_fixed', 'always']).default('not_fixed').meta({
    description:
      'The step after it is taken when this one did not help, or in any case (kill, then restart).',
  }),
  for: z.array(TargetClass).default([]).meta({ description: 'Only for these classes; empty: all.' }),
});
export type FaultAction = z.output<typeof FaultAction>;

/** One signal of an example. A string is a log line. */
export const ExampleStep = z.strictObject({
  log: z.string().max(4096).optional().meta({ description: 'A log line.' }),
  source: z
    .string()
    .optional()
    .meta({ description: 'Where the line comes from; one the scope allows unless set.' }),
  stream: z.enum(['stdout', 'stderr']).optional(),
  level: z.string().optional(),
  input: z.string().optional().meta({
    description: 'Another signal: call.failed, state.process_dead, resource.memory_mb, check.tls …',
  }),
  fields: z.record(z.string(), SignalField).default({}),
  cleared: z.boolean().default(false).meta({ description: 'The state is over.' }),
  times: z.int().min(1).max(1000).default(1),
  every_s: z.number().min(0).max(86_400).default(1),
  after_s: z.number().min(0).max(86_400).default(0),
});
export type ExampleStep = z.output<typeof ExampleStep>;

/** A log line, one step, or steps in order; all of one target. */
export const FaultExample = z.union([
  z.string().min(1).max(4096),
  z.strictObject({
    title: z.string().optional(),
    class: TargetClass.optional(),
    steps: z.array(ExampleStep).min(1).max(50),
  }),
]);
export type FaultExample = z.output<typeof FaultExample>;

/** One fault: how it is seen, what is done, what a person should know. */
export const FaultEntry = z
  .strictObject({
    id: FaultId,
    category: FaultCategory.default('custom'),
    severity: FaultSeverity.default('warning'),
    title: z.string().min(3).max(120),
    applies_to: z
      .strictObject({
        class: z.array(TargetClass).min(1),
        target: z.array(z.string().min(1)).default([]).meta({ description: 'Names, `*` for any text.' }),
        labels: z.record(z.string(), z.string()).default({}),
      })
      .meta({ description: 'What it can be a fault of.' }),
    detectors: z.array(FaultDetector).min(1).max(32),
    when: z
      .string()
      .min(1)
      .max(500)
      .meta({ description: 'Signals with and, or, not and parentheses: port_in_use and died.' }),
    mild_when: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .meta({ description: 'Where this holds as well, it is only noted (info): nobody is called.' }),
    tier1: z.array(FaultAction).max(8).default([]),
    escalate: z
      .strictObject({
        after: z
          .int()
          .min(0)
          .max(20)
          .default(2)
          .meta({ title: 'Hand over after', description: 'Tries of the first answer that did not help.' }),
        to: z
          .enum(['ai', 'person'])
          .default('person')
          .meta({ title: 'Hand over to', description: 'Who is asked then.' }),
        advice: z
          .string()
          .default('')
          .meta({ title: 'Advice', description: 'What whoever is asked should know.' }),
      })
      .prefault({}),
    verify: z
      .strictObject({
        by: z.enum(['checks', 'quiet', 'none']).default('checks').meta({
          title: 'Fixed means',
          description: 'checks: it is healthy again. quiet: it is not seen for a while. none: not looked at.',
        }),
        quiet_s: z
          .number()
          .min(1)
          .max(86_400)
          .default(60)
          .meta({ title: 'Quiet for (s)', description: 'How long it must not be seen.' }),
        timeout_s: z
          .number()
          .min(1)
          .max(86_400)
          .default(120)
          .meta({ title: 'Given up after (s)', description: 'Not fixed by then: not fixed.' }),
      })
      .prefault({}),
    clear_after_s: z.number().min(0).max(86_400).default(120).meta({
      title: 'Over after (s)',
      description: 'How long it must not hold before the fault counts as over.',
    }),
    docs: z.strictObject({
      what: z.string().min(1),
      seen: z.string().min(1).meta({ description: 'How it is seen.' }),
      done: z.string().min(1).meta({ description: 'What Vigiles does.' }),
      person: z.string().min(1).meta({ description: 'What a person can do.' }),
    }),
    examples: z.strictObject({
      match: z.array(FaultExample).min(1),
      nomatch: z.array(FaultExample).default([]),
    }),
  })
  .meta({ title: 'Fault', description: 'One entry of the fault catalogue.' });
export type FaultEntry = z.output<typeof FaultEntry>;

/** A file of the catalogue: `$VIGILES_HOME/catalogue/*.yaml`. A built-in fault of the same id is replaced. */
export const FaultFile = z
  .strictObject({
    faults: z.array(FaultEntry).default([]),
    disable: z.array(FaultId).default([]).meta({ description: 'Ids of faults that are not looked for.' }),
  })
  .meta({ title: 'Fault catalogue', description: 'Faults that Vigiles looks for.' });
export type FaultFile = z.output<typeof FaultFile>;
