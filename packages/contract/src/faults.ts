import { z } from 'zod';
import { faultKinds } from './fault-kinds.ts';

export const FaultKind = z.enum(faultKinds);
export type FaultKind = z.infer<typeof FaultKind>;

/** The one error envelope of the API. `timestamp` is ISO 8601 in UTC. */
export const ErrorEnvelope = z.object({
  success: z.literal(false),
  error: z.string(),
  code: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
  timestamp: z.string(),
});
export type ErrorEnvelope = z.infer<typeof ErrorEnvelope>;
