import { z } from 'zod';
import { SignalField, TargetClass } from './fault-detector.ts';
import { FaultEntry, FaultId } from './fault-entry.ts';

/** A fault as it is shown: the entry, where it comes from, and what was seen of it since the start. */
export const FaultView = FaultEntry.extend({
  source: z.enum(['built-in', 'user']),
  /** The file it stands in, `vigiles.yaml` or one of `catalogue/`; null for what is built in. */
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
  /** What it is about: `['faults', 0, 'detectors', 1, 'regex']`, in `vigiles.yaml` below `watchdog`. Absent: the file as such. */
  path: z.array(z.union([z.string(), z.number()])).optional(),
});
export type CatalogueProblem = z.infer<typeof CatalogueProblem>;

/** One change of one’s own rules, in `vigiles.yaml` or where they stand. Exactly one of `yaml`, `remove`, `disable`, `enable`. */
export const FaultChange = z
  .strictObject({
    yaml: z
      .string()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: 'An entry to write, as YAML or JSON; one of this id is replaced.' }),
    /** The id the entry had before, where it gets another. */
    replaces: FaultId.optional(),
    remove: FaultId.optional().meta({
      description: 'Takes an own entry out; a built-in one it stood for is back.',
    }),
    disable: FaultId.optional(),
    enable: FaultId.optional(),
    revision: z
      .string()
      .max(64)
      .optional()
      .meta({ description: 'Of the plan that was looked at: a file changed since is not overwritten.' }),
  })
  .refine(
    ({ yaml, remove, disable, enable }) =>
      [yaml, remove, disable, enable].filter((one) => one !== undefined).length === 1,
    'give one of yaml, remove, disable, enable',
  );
export type FaultChange = z.infer<typeof FaultChange>;

/** What a change makes of a file of faults. */
export const PlannedFault = z.object({
  file: z.string(),
  /** Where the entry stands in `faults`; null: it is not there afterwards. */
  index: z.number().nullable(),
  /** Of the file as it is now. */
  revision: z.string(),
  before: z.string(),
  after: z.string(),
  problems: z.array(CatalogueProblem),
});
export type PlannedFault = z.infer<typeof PlannedFault>;

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
