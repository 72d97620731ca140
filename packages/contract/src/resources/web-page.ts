import { z } from 'zod';

const WebAddress = z
  .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be a text') })
  .min(1, 'is missing')
  .max(2048, 'longer than 2048 characters')
  .regex(/^\s*https?:[/\\]{2}/i, 'only http and https addresses are fetched')
  .regex(/^\s*https?:[/\\]{2}[^/?#\\@]*(?:[/?#\\]|$)/i, 'an address with a password is not fetched');

/** `text`: what a reader sees. `html`: as it came. `markdown`: the article alone. `json`: checked to be JSON. */
export const WebFormat = z.enum(['text', 'html', 'markdown', 'json']);
export type WebFormat = z.infer<typeof WebFormat>;

/** What `POST /api/v1/web/fetch` takes. */
export const WebFetchRequest = z.object({
  url: WebAddress,
  options: z
    .object({
      timeout: z.number().min(0.1).max(120).default(30).meta({ description: 'Seconds, for all of it.' }),
      max_size: z
        .int()
        .min(1)
        .max(64 * 1_048_576)
        .default(5 * 1_048_576)
        .meta({ description: 'Bytes, after decompression; egress.max_body_mb bounds it.' }),
      format: WebFormat.default('text'),
      include_links: z.boolean().default(false),
      include_images: z
        .boolean()
        .default(false)
        .meta({ description: 'List images, and keep them in markdown.' }),
      follow_redirects: z.boolean().default(true),
      user_agent: z
        .string()
        .regex(/^[\x20-\x7e]{1,256}$/, 'printable ASCII, at most 256 characters')
        .optional(),
      respect_robots: z
        .boolean()
        .default(false)
        .meta({ description: 'Do not fetch what robots.txt forbids.' }),
      cache: z.boolean().default(true).meta({ description: 'False: ask the site, whatever is kept.' }),
    })
    .prefault({}),
});
export type WebFetchRequest = z.output<typeof WebFetchRequest>;

/** What a page refers to. */
export const WebLink = z.object({ url: z.string(), text: z.string() });
export type WebLink = z.infer<typeof WebLink>;

/** A page as it was fetched. Everything in it is text of others: never run, show or believe it unescaped. */
export const WebPage = z.object({
  /** Whether the site answered with the page: a status below 300. */
  success: z.boolean(),
  /** Where it was in the end. */
  url: z.string(),
  status_code: z.int(),
  content_type: z.string().nullable(),
  content: z.string(),
  title: z.string().nullable(),
  /** Why `success` is false. */
  error: z.string().nullable(),
  /** Out of the cache; also where the site was asked and said that nothing has changed. */
  cached: z.boolean(),
  fetch_time_ms: z.number(),
  /** The first 500, each once, absolute; empty unless asked for. */
  links: z.array(WebLink),
  /** The first 200; `text` is what stands for the image. */
  images: z.array(WebLink),
});
export type WebPage = z.infer<typeof WebPage>;

/** Pages that are kept in memory. */
export const WebCache = z.object({
  count: z.int(),
  bytes: z.number(),
  limit_bytes: z.number(),
  /** The last used first, at most 100. */
  pages: z.array(
    z.object({
      /** Without its query, which may hold keys. */
      url: z.string(),
      status_code: z.int(),
      bytes: z.number(),
      /** When it came, or was last confirmed. UTC ms. */
      kept_at: z.number(),
    }),
  ),
});
export type WebCache = z.infer<typeof WebCache>;
