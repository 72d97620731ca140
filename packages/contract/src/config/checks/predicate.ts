import { z } from 'zod';

/** How a value that was found is compared with the one that is wanted. */
export const JsonComparison = z.enum([
  'equals',
  'not_equals',
  'above',
  'at_least',
  'below',
  'at_most',
  'one_of',
  'contains',
  'lacks',
  'matches',
  'exists',
  'absent',
  'past',
  'future',
]);

/** What has to hold for one place of a JSON document. */
export const JsonPredicate = z.strictObject({
  path: z.string().min(1).max(300).meta({
    description:
      'Where: `status`, `queues[0].depth`, `jobs[*].state` (all of them), `["odd.name"].x`, `..name` at any depth, `$` for the whole.',
  }),
  is: JsonComparison.default('equals').meta({
    description:
      'How it is compared. `one_of` takes a list, `matches` a regular expression (RE2), `past` and `future` are for moments.',
  }),
  value: z
    .json()
    .optional()
    .meta({ description: 'What it is compared with; none for `exists`, `absent`, `past`, `future`.' }),
});
export type JsonPredicate = z.output<typeof JsonPredicate>;

export const predicates = z.array(JsonPredicate).max(20).default([]);

/** A text that is looked for as it stands. */
export const Literal = z.string().min(1).max(2000);

/** A regular expression in RE2 syntax: no text can make it run long. */
export const Pattern = z.string().min(1).max(1000);
