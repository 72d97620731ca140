import { z } from 'zod';

/** A sort of provider that can be configured. */
export const ProviderTypeInfo = z.object({
  type: z.string(),
  name: z.string(),
  /** Null: the configuration must name one. */
  base_url: z.string().nullable(),
  /** How the key is sent; `none`: it takes none. */
  auth: z.string(),
  protocols: z.array(z.string()),
  /** Fields it needs beside a key, as `region` or `aws`. */
  needs: z.array(z.string()),
});
export type ProviderTypeInfo = z.infer<typeof ProviderTypeInfo>;

/** What a provider answered to one short prompt, sent as an ordinary turn. */
export const ProviderTest = z.object({
  worked: z.boolean(),
  model: z.string(),
  /** HTTP status; null: it was sent nowhere. */
  status: z.number().nullable(),
  latency_ms: z.number().nullable(),
  /** The start of its answer, or what went wrong. */
  message: z.string(),
  turn_id: z.string().nullable(),
});
export type ProviderTest = z.infer<typeof ProviderTest>;
