import { z } from 'zod';

/** What a turn's content may be shown to. Anything but these three words is refused, never taken for one of them. */
export const Privacy = z.enum(['private', 'internal', 'public']);
export type Privacy = z.output<typeof Privacy>;

/** What a turn may need of a model beyond text. */
export const ModelAbility = z.enum(['images', 'tools', 'reasoning', 'structured_output']);
export type ModelAbility = z.output<typeof ModelAbility>;

/** Where a provider runs, as routing sees it. */
export const RouteSide = z.enum(['local', 'cloud']);
export type RouteSide = z.output<typeof RouteSide>;

const label = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes');
const labels = z.array(label).default([]);
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM, from 00:00 to 23:59');

/** A span of the day; past midnight where `to` is before `from`. */
export const DaySpanConfig = z.strictObject({
  from: timeOfDay,
  to: timeOfDay.meta({ description: 'Not included. Before `from`: the span goes past midnight.' }),
  days: z
    .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
    .default([])
    .meta({ description: 'Days on which the span begins. Empty: every day.' }),
  time_zone: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin or UTC')
    .default('UTC')
    .meta({ description: 'IANA name; summer time is followed.' }),
});
export type DaySpanConfig = z.output<typeof DaySpanConfig>;

/** When a candidate may be used. Everything that is named must hold; of a list, one entry is enough. */
export const CandidateWhenConfig = z
  .strictObject({
    needs: z
      .array(ModelAbility)
      .default([])
      .meta({ description: 'Only for turns that need one of these abilities.' }),
    min_input_tokens: z.int().min(0).optional().meta({ description: 'Only for turns at least this long.' }),
    max_input_tokens: z.int().min(1).optional().meta({ description: 'Only for turns no longer than this.' }),
    privacy: z.array(Privacy).default([]),
    workspace: labels,
    intent: labels,
    tags: labels.meta({ description: 'Only for turns with one of these tags.' }),
    without_tags: labels.meta({ description: 'Not for turns with one of these tags.' }),
    time: z.array(DaySpanConfig).default([]).meta({ description: 'Only within one of these spans.' }),
  })
  .prefault({});
export type CandidateWhenConfig = z.output<typeof CandidateWhenConfig>;

/** One place a route may send a turn to. */
export const CandidateConfig = z.strictObject({
  provider: z.string().min(1),
  model: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Its name there. Absent: the model asked for, without its provider prefix.' }),
  weight: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(1)
    .meta({ description: 'Share of turns with `weighted`.' }),
  when: CandidateWhenConfig,
});
export type CandidateConfig = z.output<typeof CandidateConfig>;

/** How the candidates that may be used are put in order. The next one is tried when one fails. */
export const RouteStrategy = z.enum(['ordered', 'weighted', 'least-latency', 'cheapest']);
export type RouteStrategy = z.output<typeof RouteStrategy>;

/** What is assumed of a turn whose client does not say. */
export const TaskDefaultsConfig = z
  .strictObject({
    privacy: Privacy.optional(),
    workspace: label.optional(),
    intent: label.optional(),
    tags: labels,
    route: RouteSide.optional(),
  })
  .prefault({});
export type TaskDefaultsConfig = z.output<typeof TaskDefaultsConfig>;

/** `model` is what clients ask for; `*` at the end matches any rest. First match wins. */
export const RouteConfig = z
  .strictObject({
    model: z.string().min(1),
    provider: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'The only place to go. Either this or `candidates`.' }),
    upstream_model: z
      .string()
      .optional()
      .meta({ description: 'With `provider`. Absent: the model asked for, without its provider prefix.' }),
    candidates: z.array(CandidateConfig).max(32).default([]),
    strategy: RouteStrategy.default('ordered'),
    policy: z.boolean().default(true).meta({
      description:
        'Whether `gateway.policy` chooses among the candidates (local first). Its prohibitions hold in any case.',
    }),
    defaults: TaskDefaultsConfig,
    synthesis: z.enum(['off', 'suggest', 'safe']).optional().meta({
      description:
        'When a model calls nothing and nothing in its text can be read as a call: `suggest` shows what it may have wanted, `safe` makes read-only calls of it. Absent: off.',
    }),
  })
  .refine(({ provider, candidates }) => (provider === undefined) !== (candidates.length === 0), {
    message: 'a route needs either `provider` or `candidates`, not both',
    path: ['candidates'],
  })
  .refine(({ provider, upstream_model }) => upstream_model === undefined || provider !== undefined, {
    message: 'goes with `provider`; a candidate has `model`',
    path: ['upstream_model'],
  });
export type RouteConfig = z.output<typeof RouteConfig>;

/** What decides between this machine and the cloud wherever a turn may go to both. */
export const RoutingPolicyConfig = z
  .strictObject({
    cloud: z
      .boolean()
      .default(true)
      .meta({ description: 'Off: no turn leaves for a cloud provider, not even one that names it.' }),
    prefer: z.enum(['local', 'listed']).default('local').meta({
      description:
        '`local`: local candidates come first and the cloud must be earned. `listed`: as the route has them.',
    }),
    burst_tags: z
      .array(label)
      .default(['burst'])
      .meta({ description: 'Tags with which a turn may go to the cloud at once.' }),
    local_failures: z
      .int()
      .min(1)
      .max(10)
      .default(2)
      .meta({ description: 'Local failures after which a turn may go to the cloud.' }),
    secrets: z.enum(['off', 'keep-local', 'refuse']).default('keep-local').meta({
      description:
        'Prompts in which a secret is found. `keep-local`: where a route has local candidates, only those. `refuse`: never to the cloud, even when nothing else is left; every cloud turn is scanned. `off`: not scanned.',
    }),
    privacy: Privacy.default('internal').meta({
      description: 'Of turns that do not say. `private` never goes to the cloud.',
    }),
    default_local: z
      .string()
      .optional()
      .meta({ description: '`provider/model` for the model name `auto`. Absent: the first local one.' }),
    default_cloud: z.string().optional().meta({
      description:
        '`provider/model` for the model name `auto`. Absent: the first that a provider’s `models` names.',
    }),
    max_attempts: z
      .int()
      .min(1)
      .max(20)
      .default(4)
      .meta({ description: 'Times one turn is sent to any provider before its client hears of a failure.' }),
  })
  .prefault({});
export type RoutingPolicyConfig = z.output<typeof RoutingPolicyConfig>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
