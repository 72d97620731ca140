import type { Identity, VigilesConfig, WebCache, WebFetchRequest, WebPage } from '@vigiles/contract';
import { mainTenant } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { fault, raise } from '../../kernel/fault.ts';
import type { Egress } from '../../platform/egress/index.ts';
import type { Quotas } from '../quotas/index.ts';
import { decodeText } from './core/decode.ts';
import { placeOf } from './core/place-of.ts';
import { mediumOf } from './core/media-type.ts';
import { createPageCache, type Reading } from './core/page-cache.ts';
import { createPageFetcher, type FetchedPage, type PageWish } from './fetch-page.ts';
import { createPageReader, type PageReaderOptions } from './reader/page-reader.ts';
import { askRobots } from './robots.ts';

export interface WebDeps {
  egress: Pick<Egress, 'fetch'>;
  clock: Clock;
  config(): VigilesConfig['web'];
  version: string;
  /** What a device may use of pages and bytes. */
  quotas: Pick<Quotas, 'take' | 'meter'>;
  reader?: PageReaderOptions;
}

export interface Web {
  /** Fetches a page for a device. Throws `web_disabled`, `web_busy`, `web_robots`, `web_not_text`, `web_not_json`, `web_page_unreadable`, `quota_exhausted` and the faults of the egress. */
  fetch(request: WebFetchRequest, identity: Identity, signal: AbortSignal): Promise<WebPage>;
  /** What is kept, by bytes; addresses without their queries, which may hold keys. */
  cache(): WebCache;
  clearCache(): void;
  close(): Promise<void>;
}

const errorOf = (status: number, location: string | undefined): string | null => {
  if (status < 300) return null;
  if (status < 400 && location !== undefined) return `The site answered ${status}: it is at ${location}`;
  return `The site answered ${status}.`;
};

/** So many kept pages are told at most. */
const mostShown = 100;

export function createWeb({ egress, clock, config, version, quotas, reader: readerOptions }: WebDeps): Web {
  const cache = createPageCache(() => config().cache_mb * 1_048_576);
  const fetchPage = createPageFetcher({ egress, cache, now: () => clock.now() });
  const reader = createPageReader(readerOptions);
  let running = 0;

  async function readingOf(
    { page, key }: FetchedPage,
    { format, include_links: links, include_images: images }: WebFetchRequest['options'],
    signal: AbortSignal,
  ): Promise<Reading> {
    const contentType = page.headers['content-type'] ?? null;
    const medium = mediumOf(contentType, page.body);
    if (medium === 'binary' && page.body.length > 0)
      raise(
        fault('upstream', 'web_not_text', `That is no text but ${contentType ?? 'of an unknown type'}.`, {
          retryable: false,
        }),
      );
    const plain = (): Reading => ({
      content: decodeText(page.body, contentType),
      title: null,
      links: [],
      images: [],
    });
    if (format === 'json') {
      const reading = plain();
      try {
        JSON.parse(reading.content);
      } catch {
        raise(fault('upstream', 'web_not_json', 'What the site answered is not JSON.', { retryable: false }));
      }
      return reading;
    }
    if (medium !== 'html') return plain();
    const name = `${format} ${links} ${images}`;
    const known = page.readings.get(name);
    if (known) return known;
    const reading = await reader.read(
      { bytes: page.body, contentType, url: page.url, format, links, images },
      signal,
    );
    page.readings.set(name, reading);
    cache.grown(key);
    return reading;
  }

  async function perform(
    request: WebFetchRequest,
    identity: Identity,
    signal: AbortSignal,
  ): Promise<WebPage> {
    if (!URL.canParse(request.url))
      raise(fault('invalid', 'egress_bad_address', 'That is no valid address.'));
    const traffic = await quotas.meter(identity, 'bandwidth_mb');
    try {
      await quotas.take(identity, 'web_requests', 1);
      return await read(request, identity, signal, traffic.spend);
    } finally {
      await traffic.settle();
    }
  }

  async function read(
    { url, options }: WebFetchRequest,
    identity: Identity,
    signal: AbortSignal,
    spent: PageWish['spent'],
  ): Promise<WebPage> {
    const from = clock.monotonic();
    const left = (): number => Math.max(1, options.timeout * 1000 - (clock.monotonic() - from));
    const wish: PageWish = {
      tenant: identity.tenant ?? mainTenant,
      url,
      userAgent: options.user_agent ?? `vigiles/${version}`,
      follow: options.follow_redirects,
      timeoutMs: left(),
      maxBytes: options.max_size,
      useCache: options.cache,
      spent,
      signal,
    };
    if (options.respect_robots || config().respect_robots) {
      const allowed = await askRobots(wish, fetchPage);
      if (!allowed.ok) raise(allowed.fault);
    }
    const fetched = await fetchPage({ ...wish, timeoutMs: left() });
    if (!fetched.ok) raise(fetched.fault);
    const { page, cached } = fetched.value;
    const reading = await readingOf(fetched.value, options, signal);
    return {
      success: page.status < 300,
      url: page.url,
      status_code: page.status,
      content_type: page.headers['content-type'] ?? null,
      ...reading,
      error: errorOf(page.status, page.headers['location']),
      cached,
      fetch_time_ms: Math.round(clock.monotonic() - from),
    };
  }

  return {
    async fetch(request, identity, signal) {
      const { enabled, max_concurrent: most } = config();
      if (!enabled)
        raise(
          fault('unavailable', 'web_disabled', 'Fetching pages is switched off (web.enabled).', {
            retryable: false,
          }),
        );
      if (running >= most)
        raise(fault('unavailable', 'web_busy', 'Too many pages are being fetched.', { retryAfterMs: 1000 }));
      running += 1;
      try {
        return await perform(request, identity, signal);
      } finally {
        running -= 1;
      }
    },
    cache: () => ({
      count: cache.count(),
      bytes: cache.bytes(),
      limit_bytes: config().cache_mb * 1_048_576,
      pages: cache.list(mostShown).map(({ page, bytes }) => ({
        url: placeOf(page.url),
        status_code: page.status,
        bytes,
        kept_at: page.at,
      })),
    }),
    clearCache: () => cache.clear(),
    close: () => reader.close(),
  };
}
