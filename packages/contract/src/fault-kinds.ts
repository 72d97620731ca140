/** The twelve kinds every failure falls into. Without zod: every thread knows them, and most need no schema besides. */
export const faultKinds = [
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
] as const;

/** HTTP status of each kind. */
export const faultStatus: Record<(typeof faultKinds)[number], number> = {
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
