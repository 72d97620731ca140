import { z } from 'zod';

/** `crashed`: it is started again by itself, unless its reason says that it was given up. */
export const PluginProcessState = z.enum(['starting', 'running', 'crashed', 'stopped', 'refused']);
export type PluginProcessState = z.output<typeof PluginProcessState>;

/** A plugin's process, and what it has brought. */
export const PluginProcess = z.object({
  id: z.string(),
  version: z.string(),
  state: PluginProcessState,
  /** Why it is in this state; empty while it runs. */
  reason: z.string(),
  /** null: it has none, because it crashed, is stopped, or brings data only. */
  pid: z.number().nullable(),
  /** UTC ms of the state. */
  since: z.number(),
  /** When it is started again, UTC ms; null: nobody will by himself. */
  next_start_at: z.number().nullable(),
  starts: z.number(),
  crashes: z.number(),
  /** What keeps it off the network: the kernel (a network namespace of its own), or only what Node lets it load. */
  network_fence: z.enum(['kernel', 'node']).nullable(),
  /** Resident memory at the last look, and the most it may have. */
  memory_bytes: z.number().nullable(),
  memory_limit_bytes: z.number(),
  calls: z.number(),
  failed_calls: z.number(),
  provides: z.array(
    z.object({
      kind: z.enum(['check', 'action', 'channel', 'provider', 'tool_call_format']),
      name: z.string(),
      title: z.string(),
      /** JSON Schema of its options; null: it has none. */
      options: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
});
export type PluginProcess = z.output<typeof PluginProcess>;

export const pluginProcessEvents = {
  'plugin.process_changed': z.object({ process: PluginProcess }),
  /** What the gateway takes from plugins, sorts of providers and formats of calls, is another now. */
  'plugin.gateway_data_changed': z.object({ plugin: z.string() }),
};
