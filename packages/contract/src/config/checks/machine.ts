import { z } from 'zod';
import { pace } from './pace.ts';
import { Literal, Pattern } from './predicate.ts';

/** Whether a process lives. */
export const ProcessCheck = z
  .strictObject({
    type: z.literal('process'),
    pid_file: z
      .string()
      .optional()
      .meta({ description: 'File that holds the pid. Absent: the supervised or adopted process.' }),
    command_contains: Literal.optional().meta({
      description: 'Instead of a file: text in the command line of the process that is meant.',
    }),
    ...pace(),
  })
  .meta({ title: 'Process', description: 'A process lives: the same one, by pid and start time.' });

/** Limits that only one of the two has: a limit that is never looked at would be believed. */
const limitsOf = {
  process: ['max_memory_mb', 'max_growth_mb_per_h', 'max_open_files'],
  host: [
    'max_memory_percent',
    'max_load_per_core',
    'min_disk_free_mb',
    'min_disk_free_percent',
    'min_inodes_free_percent',
  ],
} as const;

/** What a process or the machine uses. */
export const ResourceCheck = z
  .strictObject({
    type: z.literal('resource'),
    of: z
      .enum(['process', 'host'])
      .default('process')
      .meta({ description: 'The service’s own process, or this machine.' }),
    max_memory_mb: z.number().min(1).optional().meta({ description: 'Process: resident memory.' }),
    max_growth_mb_per_h: z
      .number()
      .min(0.1)
      .optional()
      .meta({ description: 'Process: lasting growth of memory, over `growth_window_s`.' }),
    growth_window_s: z
      .number()
      .min(10)
      .max(86_400)
      .default(1800)
      .meta({ description: 'How long growth is watched before it is judged.' }),
    max_cpu_percent: z
      .number()
      .min(1)
      .optional()
      .meta({ description: 'Share of one core since the last look (process), of all cores (host).' }),
    max_open_files: z.int().min(1).optional().meta({ description: 'Process: open file descriptors.' }),
    max_memory_percent: z
      .number()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Host: memory that is not available.' }),
    max_load_per_core: z
      .number()
      .min(0.1)
      .optional()
      .meta({ description: 'Host: load average of a minute, divided by the cores.' }),
    disk: z.string().default('/').meta({ description: 'Host: a path on the disk that is measured.' }),
    min_disk_free_mb: z.number().min(1).optional().meta({ description: 'Host: space left on that disk.' }),
    min_disk_free_percent: z.number().min(0.1).max(100).optional().meta({ description: 'Host: share left.' }),
    min_inodes_free_percent: z
      .number()
      .min(0.1)
      .max(100)
      .optional()
      .meta({ description: 'Host: share of files that can still be made.' }),
    ...pace(10, 5, 1),
  })
  .superRefine((given, context) => {
    for (const key of limitsOf[given.of === 'host' ? 'process' : 'host'])
      if (given[key] !== undefined)
        context.addIssue({
          code: 'custom',
          path: [key],
          message:
            given.of === 'host'
              ? 'is a limit of a process, and would not be looked at with `of: host`'
              : 'is a limit of this machine: say `of: host`',
        });
  })
  .meta({ title: 'Resources', description: 'Memory, its growth, CPU, open files, disk, load.' });

/** A container of Docker or Podman, by the engine’s own API. */
export const ContainerCheck = z
  .strictObject({
    type: z.literal('container'),
    container: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/, 'a container’s name or id')
      .meta({ description: 'Name or id.' }),
    socket: z
      .string()
      .optional()
      .meta({ description: 'Unix socket of the engine. Absent: that of Docker, else that of Podman.' }),
    health: z
      .enum(['ignore', 'not_unhealthy', 'healthy'])
      .default('not_unhealthy')
      .meta({ description: 'What its own health check has to say.' }),
    max_restarts: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Restarts by the engine within `restarts_window_s` that are tolerated.' }),
    restarts_window_s: z.number().min(1).max(86_400).default(600),
    ...pace(10, 5, 1),
  })
  .meta({ title: 'Container', description: 'A container of Docker or Podman runs and is healthy.' });

/** A unit of systemd, by `systemctl show`. */
export const SystemdCheck = z
  .strictObject({
    type: z.literal('systemd'),
    unit: z
      .string()
      .regex(/^[a-zA-Z0-9@._:\\][a-zA-Z0-9@._:\\-]{0,254}$/, 'a unit’s name')
      .meta({ description: 'Unit: `nginx.service`, `backup.timer`.' }),
    user: z.boolean().default(false).meta({ description: 'A unit of this user’s own manager.' }),
    accept: z
      .array(z.enum(['active', 'reloading', 'activating', 'inactive']))
      .min(1)
      .default(['active', 'reloading'])
      .meta({
        description:
          'States that are healthy. `inactive` for jobs that run now and then: failed ones still count.',
      }),
    ...pace(10, 5, 1),
  })
  .meta({ title: 'systemd unit', description: 'A unit is in the state it should be in.' });

/** A program that somebody allowed. */
export const ScriptCheck = z
  .strictObject({
    type: z.literal('script'),
    script: z.string().min(1).max(64).meta({ description: 'Name of an entry of `watchdog.scripts`.' }),
    args: z
      .array(z.string().max(1000))
      .max(50)
      .default([])
      .meta({ description: 'Arguments after those of the entry; no shell.' }),
    exit_codes: z
      .array(z.int().min(0).max(255))
      .min(1)
      .default([0])
      .meta({ description: 'Exit codes that are healthy.' }),
    unknown_exit_codes: z
      .array(z.int().min(0).max(255))
      .default([])
      .meta({ description: 'Exit codes by which it says that it cannot tell (3 for monitoring plugins).' }),
    contains: Literal.optional().meta({ description: 'Text its output has to contain.' }),
    matches: Pattern.optional().meta({ description: 'Regular expression (RE2) its output has to match.' }),
    ...pace(60, 10, 1),
  })
  .meta({ title: 'Script', description: 'A program you allowed ends as it should.' });
