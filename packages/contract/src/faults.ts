import { z } from 'zod';

/** The twelve kinds every failure falls into. */
export const FaultKind = z.enum([
  'invalid',
  'unauthorized',
  'forbidden',
  'not-found',
  'conflict',
  'rate-limited',
  'over-budget',
  'upstream',
  'timeout',
  'cancelled',
  'unavailable',
  'internal',
]);
export type FaultKind = z.infer<typeof FaultKind>;

/** HTTP status of each kind. */
export const faultStatus: Record<FaultKind, number> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'rate-limited': 429,
  'over-budget': 402,
  upstream: 502,
  timeout: 504,
  cancelled: 499,
  unavailable: 503,
  internal: 500,
};

/** The one error envelope of the API. `timestamp` is ISO 8601 in UTC. */
export const ErrorEnvelope = z.object({
  success: z.literal(false),
  error: z.string(),
  code: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
  timestamp: z.string(),
});
export type ErrorEnvelope = z.infer<typeof ErrorEnvelope>;
