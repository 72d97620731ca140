import { z } from 'zod';
import { VigilesConfig } from '@vigiles/contract';

export const Problem = z.object({
  path: z.string(),
  line: z.number(),
  column: z.number(),
  message: z.string(),
});

/** The configuration in force, without secret values. */
export const ConfigView = z.object({
  path: z.string(),
  loaded_at: z.number(),
  revision: z.string(),
  config: VigilesConfig,
  /** Problems of a newer file that was refused. */
  problems: z.array(Problem),
  /** What stands above the file, and where it comes from. */
  overrides: z.array(z.object({ path: z.string(), source: z.string() })),
  /** Configured, but taken over only by a restart of Vigiles. */
  needs_restart: z.array(z.string()),
});

export const ConfigPatch = z.strictObject({
  patch: z
    .array(
      z.strictObject({
        path: z
          .union([z.string().min(1), z.array(z.union([z.string(), z.int()])).min(1)])
          .meta({ description: '`gateway.providers.0.enabled`, or the same as a list.' }),
        value: z
          .json()
          .optional()
          .meta({ description: 'Null or absent: the key is taken out and its default holds again.' }),
        move_to: z
          .int()
          .min(0)
          .optional()
          .meta({ description: 'Instead of a value: the entry of a list goes to this place in it.' }),
      }),
    )
    .min(1)
    .max(100),
  revision: z.string().optional().meta({ description: 'Refuse when the file is no longer this one.' }),
});

export const ConfigChanged = z.object({
  changed: z.array(z.string()),
  revision: z.string(),
  /** Written, but without effect while the environment or a flag stands above them. */
  overridden: z.array(z.string()),
  /** Of all that is configured now, what is taken over only by a restart of Vigiles. */
  needs_restart: z.array(z.string()),
});

export const VersionId = z.string().regex(/^\d{13,16}-[0-9a-f]{16}$/, 'the id of a version');

/** A value before and after, as it may be shown; null: it was not there. */
const ValueChange = z.object({ path: z.string(), before: z.json(), after: z.json() });

export const ConfigSourceView = z.object({
  path: z.string(),
  revision: z.string(),
  /** Line for line the file; secrets are references or blotted out. */
  text: z.string(),
  /** Dotted path → line, from 1: what is not here is a default or comes from elsewhere. */
  lines: z.record(z.string(), z.number()),
});

export const ConfigPlanView = z.object({
  path: z.string(),
  /** Send it with the change: a file that is newer is not overwritten. */
  revision: z.string(),
  before: z.string(),
  /** Empty where there are problems. */
  after: z.string(),
  /** Not empty: it would be refused. */
  problems: z.array(Problem),
  changed: z.array(ValueChange),
  overridden: z.array(z.string()),
  needs_restart: z.array(z.string()),
});

export const ConfigVersionView = z.object({
  id: z.string(),
  ts: z.number(),
  actor: z.string(),
  revision: z.string(),
  changed: z.array(z.string()),
  /** It is what is in force. */
  current: z.boolean(),
});
