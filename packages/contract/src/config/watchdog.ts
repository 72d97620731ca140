import { z } from 'zod';
import { FaultEntry, FaultId } from '../resources/fault-entry.ts';
import { CheckConfig } from './checks.ts';
import { FleetMaintenanceConfig, MaintenanceConfig } from './maintenance.ts';
import { recoverySettings } from './actions.ts';
import { AgentWatchConfig } from './agent-watch.ts';
import { LogSourceConfig } from './log-sources.ts';
import { WatchdogAiConfig } from './ai.ts';

/** Something Vigiles watches. With `command` it is started and restarted by Vigiles itself. */
export const ServiceConfig = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes'),
  title: z.string().optional(),
  tags: z
    .array(z.string().min(1).max(64))
    .max(50)
    .default([])
    .meta({ description: 'For filters, for instance of notification channels.' }),
  command: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .meta({ description: 'Program and arguments; no shell.' }),
  cwd: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
  pid_file: z
    .string()
    .optional()
    .meta({ description: 'A process started by others: watched, never started.' }),
  port: z
    .int()
    .min(1)
    .max(65535)
    .optional()
    .meta({ description: 'Port it serves on, for people and for recovery.' }),
  checks: z.array(CheckConfig).default([]),
  failures_to_down: z.int().min(1).max(100).default(3),
  successes_to_up: z.int().min(1).max(100).default(2),
  depends_on: z.array(z.string()).default([]),
  maintenance: z.array(MaintenanceConfig).default([]),
  auto_recover: z.boolean().default(true),
  stop_timeout_s: z.number().min(0.1).max(300).default(10),
});
export type ServiceConfig = z.output<typeof ServiceConfig>;

export const WatchdogConfig = z
  .strictObject({
    enabled: z.boolean().default(true),
    ai: WatchdogAiConfig,
    services: z.array(ServiceConfig).default([]),
    maintenance: z.array(FleetMaintenanceConfig).default([]),
    log_sources: z.array(LogSourceConfig).default([]),
    faults: z.array(FaultEntry).default([]).meta({
      description:
        'Rules of your own. They decide before the built-in ones; one with the id of a built-in fault replaces it.',
    }),
    disabled_faults: z.array(FaultId).default([]).meta({
      description: 'Ids of faults that are not looked for.',
    }),
    agents: AgentWatchConfig,
    veto_s: z
      .number()
      .min(0)
      .max(60)
      .default(3)
      .meta({ description: 'Time to cancel a disruptive action before it starts.' }),
    cooldown_s: z.array(z.number().min(0)).min(1).default([30, 60, 300]),
    max_restarts: z.int().min(1).default(5),
    restart_window_s: z.number().min(1).default(600),
    half_open_after_s: z.number().min(1).default(600),
    storm_limit: z
      .int()
      .min(1)
      .default(20)
      .meta({ description: 'Actions on all services together in one restart window.' }),
    ...recoverySettings,
  })
  .prefault({});
export type WatchdogConfig = z.output<typeof WatchdogConfig>;
