import { z } from 'zod';
import { TargetClass } from './fault-detector.ts';

/** One action of a remedy. */
export const RemedyStep = z.object({
  action: z.string(),
  params: z.record(z.string(), z.unknown()),
  /** Another target than the one of the incident; null: that one. */
  target: z.string().nullable(),
});
export type RemedyStep = z.infer<typeof RemedyStep>;

/** Something that was tried against a pattern, and how often it was seen to help. */
export const Remedy = z.object({
  id: z.string(),
  steps: z.array(RemedyStep),
  /** Verified successes and failures; older ones weigh less (half after 30 days), so these are no whole numbers. */
  fixed: z.number(),
  not_fixed: z.number(),
  /** fixed ÷ all; null while nothing was verified. */
  rate: z.number().nullable(),
  /** Wilson's interval at z = 1.28: the lower bound decides. */
  lower: z.number(),
  upper: z.number(),
  /** Who first had the idea: 1 rules, 2 learned, 3 AI; null: a person. */
  tier: z.number().nullable(),
  /** A person said that it may always be applied. */
  promoted: z.boolean(),
  /** It would be applied by itself now. */
  auto: z.boolean(),
  /** Why, or why not, in a sentence. */
  why: z.string(),
  last_at: z.number(),
});
export type Remedy = z.infer<typeof Remedy>;

/** What is known of one pattern: a fault on a class of target, with a line whose changing parts are masked. */
export const KnownPattern = z.object({
  fingerprint: z.string(),
  fault: z.string(),
  target_class: TargetClass,
  version: z.string().nullable(),
  template: z.string(),
  occurrences: z.number(),
  first_at: z.number(),
  last_at: z.number(),
  pinned: z.boolean(),
  /** How often it was over by itself, of the times when nothing was done. */
  self: z.object({ recovered: z.number(), observed: z.number(), rate: z.number().nullable() }),
  remedies: z.array(Remedy),
});
export type KnownPattern = z.infer<typeof KnownPattern>;
