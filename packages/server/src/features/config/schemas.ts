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
