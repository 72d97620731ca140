import { z } from 'zod';

/** The door for editors of this machine: loopback only, with a token that is new at every start. */
export const VscodeConfig = z
  .strictObject({
    enabled: z.boolean().default(true),
    port: z.int().min(0).max(65_535).default(0).meta({
      description: 'Loopback port. 0: any free one; editors find it in the home folder.',
    }),
    roots: z
      .array(
        z
          .string()
          .min(1)
          .max(4096)
          .regex(/^(\/|[A-Za-z]:[\\/])/, 'an absolute path'),
      )
      .max(50)
      .default([])
      .meta({ description: 'Folders whose files editors may read through Vigiles. Empty: none.' }),
    max_editors: z.int().min(1).max(100).default(16).meta({ description: 'Editors connected at a time.' }),
  })
  .prefault({});
export type VscodeConfig = z.output<typeof VscodeConfig>;
