import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes');

/** A program that `run_script` may start. There is no shell, and nothing of it comes from a model or a log line. */
export const ScriptConfig = z.strictObject({
  name,
  title: z.string().max(200).optional(),
  command: z.array(z.string().min(1)).min(1).meta({ description: 'Program and arguments; no shell.' }),
  cwd: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
  timeout_s: z.number().min(0.1).max(3600).default(60),
  targets: z
    .array(z.string().min(1).max(300))
    .default([])
    .meta({ description: 'Targets it may be run for. Empty: any.' }),
  risk: z.enum(['reversible', 'disruptive', 'destructive']).default('disruptive').meta({
    description: 'reversible starts at once, disruptive after the veto, destructive after an approval.',
  }),
});
export type ScriptConfig = z.output<typeof ScriptConfig>;

/** A log file of others that `rotate_log` may move aside. */
export const RotatedLogConfig = z.strictObject({
  path: z.string().startsWith('/'),
  how: z.enum(['copytruncate', 'rename']).default('copytruncate').meta({
    description: 'copytruncate: the writer keeps its file. rename: the writer is told by `signal`.',
  }),
  pid_file: z.string().startsWith('/').optional(),
  signal: z.enum(['SIGHUP', 'SIGUSR1', 'SIGUSR2']).default('SIGHUP'),
  keep: z.int().min(1).max(100).default(3),
});
export type RotatedLogConfig = z.output<typeof RotatedLogConfig>;

/** What recovery may do beyond the services Vigiles runs. Fields of `watchdog` in `vigiles.yaml`. */
export const recoverySettings = {
  stable_s: z.number().min(0).max(3600).default(60).meta({
    description: 'How long a success must last before it counts as fixed.',
  }),
  approval_expires_s: z
    .number()
    .min(1)
    .max(604_800)
    .default(3600)
    .meta({ description: 'A destructive action that nobody approved in this time is given up.' }),
  approval_by_another: z
    .boolean()
    .default(false)
    .meta({ description: 'Whoever asked for a destructive action may not approve it.' }),
  scripts: z
    .array(ScriptConfig)
    .max(100)
    .default([])
    .meta({ description: 'Programs that the action run_script and checks of type script may start.' }),
  restart_units: z
    .array(z.string().regex(/^[A-Za-z0-9:_.@-]{1,200}$/, 'a unit name such as nginx.service'))
    .max(100)
    .default([])
    .meta({ description: 'systemd units that the action restart_unit may restart.' }),
  restart_containers: z
    .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,200}$/, 'a container name'))
    .max(100)
    .default([])
    .meta({ description: 'Containers that the action restart_container may restart.' }),
  container_socket: z.string().startsWith('/').optional().meta({
    description: 'Socket of Docker or Podman. Absent: the usual places.',
  }),
  rotate_logs: z
    .array(RotatedLogConfig)
    .max(100)
    .default([])
    .meta({ description: 'Log files that rotate_log may move aside, besides those of services.' }),
  files: z.array(z.string().startsWith('/')).max(100).default([]).meta({
    description:
      'Files that delete_provider_caps and cleanup_stale may move aside or rewrite, besides the usual caches of agents.',
  }),
};
