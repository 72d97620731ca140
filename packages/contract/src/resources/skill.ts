import { z } from 'zod';

/** Something an agent knows how to do. Text of others: shown as text, never run. */
export const Skill = z.object({
  name: z.string(),
  description: z.string(),
  /** `orchestrator`: registered over the API; `folder`: a SKILL.md on this machine. */
  source: z.enum(['orchestrator', 'folder']),
  /** Whose folder it is in, or who registered it. */
  owner: z.string(),
  /** The folder; null where it was registered. */
  path: z.string().nullable(),
  category: z.string().nullable(),
  version: z.string().nullable(),
  /** The license and the like: what else its front matter says. */
  metadata: z.record(z.string(), z.unknown()),
  parameters: z.record(z.string(), z.unknown()),
  /** UTC ms: registered, or last changed on disk. */
  updated_at: z.number(),
  /** What is wrong with it, for people; it is listed all the same. */
  problems: z.array(z.string()),
});
export type Skill = z.infer<typeof Skill>;

export const NewSkill = z.object({
  name: z.string().trim().min(1).max(200),
  description: z.string().max(10_000).default(''),
  category: z.string().max(200).nullable().default(null),
  version: z.string().max(100).nullable().default(null),
  metadata: z.record(z.string(), z.unknown()).default({}),
  parameters: z.record(z.string(), z.unknown()).default({}),
});
export type NewSkill = z.output<typeof NewSkill>;
