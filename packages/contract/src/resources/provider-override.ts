import { z } from 'zod';

/** Something that holds for a provider for a while and then ends by itself; never written to `vigiles.yaml`. */
export const ProviderOverride = z.object({
  id: z.string(),
  provider: z.string(),
  /** No turn is sent there while another place may take it. */
  hold: z.boolean(),
  /** `provider/model` or `provider` that takes its turns meanwhile. */
  detour_to: z.string().nullable(),
  /** Longest silence and longest wait for a connection, in seconds. */
  idle_timeout_s: z.number().nullable(),
  connect_timeout_s: z.number().nullable(),
  /** UTC milliseconds. */
  until: z.number(),
  reason: z.string(),
  actor: z.string(),
  created_at: z.number(),
});
export type ProviderOverride = z.infer<typeof ProviderOverride>;
