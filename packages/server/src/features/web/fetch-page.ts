import { fault, failed, ok, type Result } from '../../kernel/fault.ts';
import type { Egress } from '../../platform/egress/index.ts';
import { lifetimeMs, mayKeep, validators } from './core/freshness.ts';
import type { KeptPage, PageCache } from './core/page-cache.ts';

export interface PageWish {
  tenant: string;
  url: string;
  userAgent: string;
  follow: boolean;
  /** Milliseconds. */
  timeoutMs: number;
  maxBytes: number;
  /** False: the site is asked for the whole page. */
  useCache: boolean;
  /** It may be at least so old, whatever the site says. Milliseconds. */
  staleMs?: number;
  /** Told how many bytes come, unpacked, as they do. What it raises ends the page. */
  spent(bytes: number): void;
  signal: AbortSignal;
}

export interface FetchedPage {
  page: KeptPage;
  cached: boolean;
  /** Where it lies in the cache. */
  key: string;
}

const accept = 'text/html,application/xhtml+xml,application/json;q=0.9,text/*;q=0.8,*/*;q=0.5';

/** Fetches pages through the guarded way out, and asks a site again only when what is kept may be old. */
export function createPageFetcher({
  egress,
  cache,
  now,
}: {
  egress: Pick<Egress, 'fetch'>;
  cache: PageCache;
  now(): number;
}): (wish: PageWish) => Promise<Result<FetchedPage>> {
  function ask(wish: PageWish, more: Record<string, string>) {
    return egress.fetch({
      url: wish.url,
      reach: 'asked',
      headers: { accept, 'user-agent': wish.userAgent, ...more },
      timeoutMs: wish.timeoutMs,
      maxBytes: wish.maxBytes,
      received: wish.spent,
      ...(wish.follow ? {} : { manual: true as const }),
      signal: wish.signal,
    });
  }

  return async (wish) => {
    const { href } = new URL(wish.url);
    const key = JSON.stringify([wish.tenant, href.split('#', 1)[0], wish.userAgent, wish.follow]);
    const kept = wish.useCache ? cache.get(key) : null;
    const fits = (page: KeptPage): Result<FetchedPage> =>
      page.body.length > wish.maxBytes
        ? failed(fault('upstream', 'egress_too_large', `The answer is longer than ${wish.maxBytes} bytes.`))
        : ok({ page, cached: true, key });
    if (kept && now() - kept.at < Math.max(lifetimeMs(kept.headers, kept.at), wish.staleMs ?? 0))
      return fits(kept);
    const questions = kept ? validators(kept.headers) : {};
    let answer = await ask(wish, questions);
    if (!answer.ok) return answer;
    if (answer.value.status === 304 && kept) {
      if (answer.value.url === kept.url) {
        // What it says now holds for what is kept. RFC 9111, 4.3.4.
        const { 'content-length': _, 'content-encoding': __, ...fresh } = answer.value.headers;
        const page = { ...kept, headers: { ...kept.headers, ...fresh }, at: now() };
        cache.put(key, page);
        return fits(page);
      }
      // It has moved to where nothing is kept from.
      answer = await ask(wish, {});
      if (!answer.ok) return answer;
    }
    const { status, headers, body, url } = answer.value;
    const page: KeptPage = { status, headers, body, url, at: now(), readings: new Map() };
    if (mayKeep(status, headers, page.at) || (wish.staleMs !== undefined && status < 500))
      cache.put(key, page);
    else cache.drop(key);
    return ok({ page, cached: false, key });
  };
}
