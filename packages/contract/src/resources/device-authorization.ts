import { z } from 'zod';
import { Scope } from '../identity.ts';

/** A program that asked to be let in (RFC 8628) and waits until a person has typed its code. */
export const DeviceAuthorization = z.object({
  request_id: z.string(),
  /** What the program calls itself; it may call itself anything. */
  client_name: z.string(),
  /** Address it asked from: whoever approves compares it. */
  asked_from: z.string(),
  /** What it asked for; the approver decides. */
  scopes: z.array(Scope),
  state: z.enum(['pending', 'approved', 'denied']),
  created_at: z.number(),
  expires_at: z.number(),
});
export type DeviceAuthorization = z.infer<typeof DeviceAuthorization>;

/** What the QR code of a pairing holds, as JSON: the earlier server's clients read it. `wizard` is the address of this server. */
export const PairingQr = z.object({
  type: z.literal('wizard_pairing'),
  request_id: z.string(),
  code: z.string(),
  wizard: z.string(),
  /** ISO 8601, UTC. */
  expires: z.string(),
});
export type PairingQr = z.infer<typeof PairingQr>;

/** The text of a pairing's QR code. @param origin `http://host:port` as the person reaches it */
export const pairingQrText = (
  pairing: { request_id: string; code: string; expires_at: number },
  origin: string,
): string =>
  JSON.stringify({
    type: 'wizard_pairing',
    request_id: pairing.request_id,
    code: pairing.code,
    wizard: origin,
    expires: new Date(pairing.expires_at).toISOString(),
  } satisfies PairingQr);
