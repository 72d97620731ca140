import { z } from 'zod';
import { PluginManifest } from './plugin-manifest.ts';

/** Subresource-integrity form of a SHA-512. */
export const Sha512 = z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/, 'sha512- and the digest in base64');

/** One published version. Never changes once it is published. */
export const PluginIndexEntry = z.object({
  manifest: PluginManifest,
  sha512: Sha512,
  /** Lower-case hex, for clients of the earlier server. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Bytes of the package. */
  size: z.int().min(1),
  /** UTC ms. */
  published_at: z.int().min(0),
});
export type PluginIndexEntry = z.infer<typeof PluginIndexEntry>;

/** One page of the index, at most 100 entries in the order of publication: only the last one ever changes. */
export const PluginIndexPage = z.object({ entries: z.array(PluginIndexEntry).max(100) });
export type PluginIndexPage = z.infer<typeof PluginIndexPage>;

/**
 * What is signed: which pages the index has. From The Update Framework it takes the rising version (no rollback), the expiry
 * (no freeze), and the digest and length of all that is named (nothing is mixed, swapped or endless).
 */
export const PluginIndexHead = z.object({
  type: z.literal('vigiles-plugin-index'),
  version: z.int().min(1),
  /** UTC ms. */
  issued_at: z.int().min(0),
  expires_at: z.int().min(0),
  count: z.int().min(0),
  pages: z
    .array(
      z.object({
        sha512: Sha512,
        bytes: z
          .int()
          .min(1)
          .max(4 * 1_048_576),
        entries: z.int().min(1).max(100),
      }),
    )
    .max(1000),
});
export type PluginIndexHead = z.infer<typeof PluginIndexHead>;

/** A signed head, as a DSSE envelope: `payload` is the JSON of `PluginIndexHead` in base64. */
export const SignedPluginIndex = z.object({
  payload_type: z.literal('application/vnd.vigiles.plugin-index+json'),
  payload: z.string().max(512 * 1024),
  signatures: z
    .array(z.object({ keyid: z.string().max(100), sig: z.string().max(200) }))
    .min(1)
    .max(8),
});
export type SignedPluginIndex = z.infer<typeof SignedPluginIndex>;
