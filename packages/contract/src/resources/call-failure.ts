import { z } from 'zod';

/** Why a call to a provider failed, as the fault catalogue tells them apart. */
export const CallFailureCause = z.enum([
  'rate-limited',
  /** No credit left. */
  'quota',
  'server',
  /** 503, 529: no capacity. */
  'overloaded',
  'timeout',
  'auth',
  /** It wants a newer client. */
  'upgrade-required',
  /** Bot protection: Cloudflare 1010 and the like. */
  'blocked',
  'dns',
  'tls',
  /** Nothing listens there. */
  'refused',
  /** The connection broke. */
  'reset',
  /** The client left before its answer was over. */
  'client-gone',
  /** 400: it does not take what was sent. */
  'bad-request',
  'context-length',
  'not-found',
  /** Every place a turn might have gone to has failed or is left alone. */
  'no-route',
]);
export type CallFailureCause = z.infer<typeof CallFailureCause>;

/** Failures of one cause at one model of one provider since the last report, taken together. */
export const CallFailure = z.object({
  /** Empty for `no-route`. */
  provider: z.string(),
  model: z.string(),
  cause: CallFailureCause,
  status: z.number().nullable(),
  /** The provider’s code, or the system’s (`ECONNRESET`). */
  code: z.string().nullable(),
  /** Of the last one, without secrets. Hostile. */
  message: z.string(),
  count: z.number(),
  /** Failures of this cause since the last success there. */
  in_a_row: z.number(),
  /** The wait the provider asked for. */
  retry_after_ms: z.number().nullable(),
  last_at: z.number(),
});
export type CallFailure = z.infer<typeof CallFailure>;

/** What went wrong at providers since the last report. Only sent when something did. */
export const CallFailures = z.object({
  failures: z.array(CallFailure),
  /** Models that failed before and work again. */
  recovered: z.array(z.object({ provider: z.string(), model: z.string() })),
  /** Failures that did not fit in. */
  dropped: z.number(),
});
export type CallFailures = z.infer<typeof CallFailures>;
