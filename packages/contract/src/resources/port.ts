import { z } from 'zod';
import { ActionRun } from './action.ts';

export const PortEnvironment = z.enum(['production', 'development', 'experimental']);
export type PortEnvironment = z.infer<typeof PortEnvironment>;

/** Names are words of a shell variable: `web-api` is `WEB_API_PORT`. */
export const PortName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case letters, digits, dashes');
export const PortNumber = z.int().min(1).max(65_535);

/** Which process is meant: a pid alone is reused. `start_time` is opaque. */
export const PinnedProcess = z.strictObject({
  pid: z.int().min(1).max(4_194_304),
  start_time: z.string().min(1).max(100),
});
export type PinnedProcess = z.infer<typeof PinnedProcess>;

/** A process that listens on a port; never one that is only connected to it. Its texts were written by others. */
export const PortProcess = PinnedProcess.extend({
  name: z.string(),
  command: z.string(),
  /** The running instance of this service of Vigiles; null: of none. */
  service: z.string().nullable(),
  /** Why Vigiles will not end it; null: it may be ended. */
  protected: z.string().nullable(),
});
export type PortProcess = z.infer<typeof PortProcess>;

/** A port on which something listens. */
export const PortListener = z.object({
  port: PortNumber,
  /** Local addresses, IPv4 and IPv6. */
  addresses: z.array(z.string()),
  processes: z.array(PortProcess),
  /** A process of another user listens too; which one cannot be seen. */
  hidden: z.boolean(),
});
export type PortListener = z.infer<typeof PortListener>;

/** unknown: whether it runs, or whose process it is, cannot be told. */
export const PortStatus = z.enum(['running', 'stopped', 'port_conflict', 'unknown']);
export type PortStatus = z.infer<typeof PortStatus>;

/** A name with its port: from the registry, or a service of the configuration. */
export const PortService = z.object({
  name: z.string(),
  port: PortNumber.nullable(),
  environment: PortEnvironment,
  source: z.enum(['registry', 'service']),
  /** The service of Vigiles that belongs on it. */
  service: z.string().nullable(),
  /** Folder of the worktree that belongs on it: a process that works in it is the right one. */
  folder: z.string().nullable(),
  /** For whom it is reserved. */
  owner: z.string().nullable(),
  /** When the reservation ends, UTC ms; null: never. */
  expires_at: z.number().nullable(),
  status: PortStatus,
  pid: z.number().nullable(),
});
export type PortService = z.infer<typeof PortService>;

/** Somebody else listens where a named service belongs. */
export const PortConflict = z.object({
  service_name: z.string(),
  service_port: PortNumber,
  occupying_process: z.string(),
  occupying_pid: z.number().nullable(),
  suggested_action: z.string(),
});
export type PortConflict = z.infer<typeof PortConflict>;

export const PortsReport = z.object({
  /** UTC ms. */
  timestamp: z.number(),
  services: z.array(PortService),
  conflicts: z.array(PortConflict),
  /** Services in the order in which they can start: what they depend on first. */
  startup_order: z.array(z.string()),
  shutdown_order: z.array(z.string()),
});
export type PortsReport = z.infer<typeof PortsReport>;

/** What a launcher asks before it starts something. */
export const PortCheck = z.object({
  port: PortNumber,
  free: z.boolean(),
  /** Why it is not free. */
  reason: z.string().nullable(),
  /** The name that has it in the registry. */
  reserved_as: z.string().nullable(),
  processes: z.array(PortProcess),
});
export type PortCheck = z.infer<typeof PortCheck>;

const place = {
  environment: PortEnvironment.default('development'),
  folder: z.string().startsWith('/').max(1000).nullable().default(null),
};

export const PortRegistration = z.strictObject({
  name: PortName,
  port: PortNumber.nullable().default(null),
  ...place,
  service: z.string().max(64).nullable().default(null),
});
export type PortRegistration = z.output<typeof PortRegistration>;

/** Asks for a free port; the same name again gets the same port for longer. */
export const PortReservation = z.strictObject({
  name: PortName,
  owner: z.string().trim().min(1).max(200),
  from: PortNumber.default(9000),
  ...place,
  /** Seconds. */
  ttl_s: z
    .int()
    .min(10)
    .max(30 * 86_400)
    .default(8 * 3600),
});
export type PortReservation = z.output<typeof PortReservation>;

/** Variables of every named port, and a script that exports them. */
export const PortEnv = z.object({ script: z.string(), variables: z.record(z.string(), z.string()) });
export type PortEnv = z.infer<typeof PortEnv>;

/** What healing did, and what it left because it is not Vigiles'. */
export const PortHealing = z.object({ runs: z.array(ActionRun), conflicts: z.array(PortConflict) });
export type PortHealing = z.infer<typeof PortHealing>;

export const portEvents = {
  'port.changed': z.object({
    name: z.string(),
    port: z.number().nullable(),
    change: z.enum(['registered', 'reserved', 'reassigned', 'released', 'expired']),
  }),
} as const;
