import { z } from 'zod';

/** An agent of the Agent Client Protocol that `vigiles run` can start by this name. */
export const AgentEntry = z.strictObject({
  command: z
    .array(z.string().min(1).max(4096))
    .min(1)
    .max(100)
    .meta({ description: 'Program and arguments; no shell.' }),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(8192))
    .default({})
    .meta({ description: 'Its environment besides PATH, HOME and the like; wins over what Vigiles sets.' }),
});
export type AgentEntry = z.output<typeof AgentEntry>;

/** Agents that Vigiles starts, and what it keeps so that their work can be taken back. */
export const AgentsConfig = z
  .strictObject({
    acp: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/), AgentEntry)
      .default({})
      .meta({ description: 'Agents of the Agent Client Protocol by name, for vigiles run <name>.' }),
    max_running: z.int().min(1).max(1000).default(20).meta({ description: 'Agents that may run at once.' }),
    stall_minutes: z.number().min(0.02).max(1440).default(10).meta({
      description:
        'Minutes without a word of an agent and its model, in the middle of a turn with no tool under way, after which it is taken for stalled: the watchdog ends its turn and begins it again.',
    }),
    idle_minutes: z.int().min(0).max(43_200).default(240).meta({
      description:
        'Minutes after which the process of an agent that nobody needs is ended; the next command starts it again with its conversation. 0: never. One that works, asks, or left something running is never ended.',
    }),
    checkpoints: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .meta({ description: 'Keep the files of the folder before each turn.' }),
        max_file_mb: z.int().min(1).max(1024).default(20).meta({ description: 'Larger files are not kept.' }),
        max_total_mb: z
          .int()
          .min(1)
          .max(100_000)
          .default(500)
          .meta({ description: 'A folder with more than this is not kept at all.' }),
        max_files: z
          .int()
          .min(1)
          .max(1_000_000)
          .default(50_000)
          .meta({ description: 'The same by number of files.' }),
        keep: z.int().min(1).max(500).default(50).meta({ description: 'Checkpoints kept of one session.' }),
      })
      .prefault({}),
  })
  .prefault({})
  .meta({ description: 'Agents that Vigiles starts and watches.' });
export type AgentsConfig = z.output<typeof AgentsConfig>;
