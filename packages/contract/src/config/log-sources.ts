import { z } from 'zod';

/** Where log lines come from. Logs of supervised services are followed without being named here. */
export const LogSourceConfig = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes')
      .meta({ description: 'What faults and checks call it.' }),
    path: z.string().min(1).optional().meta({
      description: 'A file, or `*` and `?` in the name of the file for several. `~/` is your home folder.',
    }),
    journal_unit: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'A systemd unit, read from its journal.' }),
    container: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Name or id of a Docker or Podman container.' }),
    format: z.enum(['auto', 'text']).default('auto').meta({
      description: 'auto: a line that begins with `{` is read as JSON, with level, message and fields.',
    }),
    service: z
      .string()
      .optional()
      .meta({ description: 'The watched service it belongs to: faults in it are faults of this service.' }),
    from: z
      .enum(['end', 'start'])
      .default('end')
      .meta({ description: 'What of a file counts that is there when it is first followed.' }),
    redact: z
      .boolean()
      .default(true)
      .meta({ description: 'Take what looks like a secret out of lines that are shown or stored.' }),
  })
  .refine(
    ({ path, journal_unit, container }) =>
      [path, journal_unit, container].filter((one) => one !== undefined).length === 1,
    'needs exactly one of path, journal_unit, container',
  );
export type LogSourceConfig = z.output<typeof LogSourceConfig>;
