import { z } from 'zod';

/** Coding agents that run on this machine, whoever started them. */
export const AgentWatchConfig = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: 'Look for Codex processes of this user and read their session files.' }),
    codex_home: z.array(z.string().min(1)).default([]).meta({
      description: 'Further CODEX_HOME folders. `~/.codex`, and those of running Codex, are known.',
    }),
    memory_limit_mb: z
      .number()
      .min(64)
      .default(4096)
      .meta({ description: 'Above this an agent has run out of bounds (fault D2).' }),
    interval_s: z.number().min(1).max(3600).default(5).meta({ description: 'Seconds between two looks.' }),
  })
  .prefault({});
export type AgentWatchConfig = z.output<typeof AgentWatchConfig>;
