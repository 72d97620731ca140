import { z } from 'zod';
import { mainTenant, Scope } from '../identity.ts';

export const Device = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(Scope),
  /** Whose agent sessions it sees. */
  tenant: z.string().default(mainTenant),
  created_at: z.number(),
  last_seen_at: z.number().nullable(),
  rotated_at: z.number().nullable(),
  revoked_at: z.number().nullable(),
});
export type Device = z.infer<typeof Device>;

/** A pairing that waits for its code to be typed in. */
export const Pairing = z.object({
  request_id: z.string(),
  /** Eight characters, shown as `XXXX XXXX`. */
  code: z.string(),
  name: z.string(),
  scopes: z.array(Scope),
  tenant: z.string().default(mainTenant),
  expires_at: z.number(),
});
export type Pairing = z.infer<typeof Pairing>;

/** The token is shown once, here, and never again. */
export const IssuedToken = z.object({ device: Device, token: z.string() });
export type IssuedToken = z.infer<typeof IssuedToken>;
