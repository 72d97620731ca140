import { z } from 'zod';
import { SignalField, TargetClass } from './fault-detector.ts';
import { FaultEntry } from './fault-entry.ts';

/** A fault as it is shown: the entry, where it comes from, and what was seen of it since the start. */
export const FaultView = FaultEntry.extend({
  source: z.enum(['built-in', 'user']),
  /** The file it stands in; null for what is built in. */
  file: z.string().nullable(),
  enabled: z.boolean(),
  /** It replaces a built-in entry of the same id. */
  overrides: z.boolean(),
  seen: z.object({
    /** Episodes since the start of Vigiles. */
    episodes: z.number(),
    /** Times `when` was met by a new signal. */
    occurrences: z.number(),
    /** Targets that have it now. */
    active: z.array(z.string()),
    last_at: z.number().nullable(),
  }),
});
export type FaultView = z.infer<typeof FaultView>;

export const CatalogueProblem = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  message: z.string(),
});
export type CatalogueProblem = z.infer<typeof CatalogueProblem>;

/** Pasted text (each line a log line, or one JSON signal), or one signal. */
export const FaultTestRequest = z
  .strictObject({
    text: z.string().max(100_000).optional(),
    event: z
      .strictObject({ name: z.string(), fields: z.record(z.string(), SignalField).default({}) })
      .optional(),
    /** Where the lines come from; any that fits unless given. */
    source: z.string().optional(),
    /** An entry that is not in the catalogue yet, as YAML: only this one is tested. */
    draft: z.string().max(100_000).optional(),
  })
  .refine(({ text, event }) => (text === undefined) !== (event === undefined), 'give text or event');
export type FaultTestRequest = z.infer<typeof FaultTestRequest>;

/** Why an entry has to do with what was tested. */
export const FaultMatch = z.object({
  id: z.string(),
  title: z.string(),
  class: TargetClass,
  /** It would be sighted. */
  fires: z.boolean(),
  when: z.string(),
  signals: z.array(
    z.object({
      signal: z.string(),
      /** What it looks for, in words. */
      looks_for: z.string(),
      seen: z.number(),
      needed: z.number(),
      met: z.boolean(),
      /** First line that it saw; null when it saw none. */
      line: z.number().nullable(),
    }),
  ),
  /** What is still missing, in sentences. */
  missing: z.array(z.string()),
});
export type FaultMatch = z.infer<typeof FaultMatch>;

export const FaultTestResult = z.object({
  matches: z.array(FaultMatch),
  /** What is wrong with the draft. */
  problems: z.array(CatalogueProblem),
  lines: z.number(),
});
export type FaultTestResult = z.infer<typeof FaultTestResult>;
