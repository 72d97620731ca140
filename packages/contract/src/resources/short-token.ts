import { z } from 'zod';
import { Scope } from '../identity.ts';

/** A short token as people may see it: for whom it speaks, where it holds and until when. Never the token. */
export const ShortToken = z.object({
  id: z.string(),
  /** The device it speaks for, RFC 8693's subject. */
  device_id: z.string(),
  /** The device that uses it where that is another one, RFC 8693's actor. */
  actor_id: z.string().nullable(),
  /** `vigiles`, or `oauth:<provider>`: that provider's pass-through and nothing else. */
  audience: z.string(),
  scopes: z.array(Scope),
  created_at: z.number(),
  expires_at: z.number(),
});
export type ShortToken = z.infer<typeof ShortToken>;

export const tokenEvents = {
  /** A device exchanged its token for a short one. */
  'token.exchanged': z.object({ token: ShortToken }),
  /** A short token was ended before its time. */
  'token.ended': z.object({ id: z.string() }),
} as const;
