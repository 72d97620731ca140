import { z } from 'zod';

const id = z.int().min(0);

/** What a plugin's process may say. Everything it says is checked; what fits none of these ends it. */
export const ChildMessage = z.union([
  z.strictObject({ jsonrpc: z.literal('2.0'), id, result: z.unknown() }),
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    id,
    error: z.strictObject({ code: z.number(), message: z.string().max(2000) }),
  }),
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    id,
    method: z.literal('fetch'),
    params: z.strictObject({
      call: id,
      url: z.string().max(2048),
      method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
      headers: z.record(
        z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/),
        z
          .string()
          .max(8192)
          .regex(/^[^\r\n\0]*$/),
      ),
      body: z.string().optional(),
      timeout_ms: z.number().min(1).max(30_000).optional(),
    }),
  }),
  z.strictObject({
    jsonrpc: z.literal('2.0'),
    method: z.literal('note'),
    params: z.strictObject({ call: id, text: z.string().max(1000) }),
  }),
]);
export type ChildMessage = z.output<typeof ChildMessage>;

const facts = z
  .record(z.string().max(64), z.union([z.string().max(500), z.number(), z.boolean(), z.null()]))
  .refine((all) => Object.keys(all).length <= 32, 'more than 32 facts')
  .default({});
const reason = z.string().min(1).max(500);

/** What a check's `look` gives. */
export const LookAnswer = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('ok'), facts }),
  z.strictObject({ state: z.literal('failing'), reason, facts }),
  z.strictObject({ state: z.literal('unknown'), reason, facts }),
]);

/** What a channel's `send` gives. */
export const SentAnswer = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), answer: z.string().max(2000).default('') }),
  z.strictObject({
    ok: z.literal(false),
    again: z.boolean(),
    reason,
    waitMs: z.number().min(0).max(3_600_000).optional(),
  }),
]);

/** What each step of an action gives. */
export const stepAnswers = {
  plan: z.array(z.string().max(300)).max(20),
  precheck: z.string().max(300).nullable(),
  perform: z.unknown(),
  verify: z.enum(['fixed', 'not_fixed', 'unknown']),
  steady: z.boolean(),
  snapshot: z.unknown(),
  rollback: z.unknown(),
  restored: z.boolean(),
} as const;
