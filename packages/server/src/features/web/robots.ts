import { fault, failed, ok, type Result } from '../../kernel/fault.ts';
import { decodeText } from './core/decode.ts';
import { robotsAllow, robotsBytes } from './core/robots.ts';
import type { FetchedPage, PageWish } from './fetch-page.ts';

/** RFC 9309, 2.4: at most a day. */
const keptMs = 3_600_000;

/** The name a site knows a client by: the first word of its `User-Agent`. */
const productOf = (userAgent: string): string => /^[A-Za-z_-]+/.exec(userAgent)?.[0] ?? 'vigiles';

/**
 * Refuses what a site's robots.txt forbids. No robots.txt: all is allowed. A site that cannot say (5xx, away): nothing is.
 * RFC 9309, 2.3.1.
 */
export async function askRobots(
  wish: PageWish,
  fetchPage: (wish: PageWish) => Promise<Result<FetchedPage>>,
): Promise<Result<true>> {
  const url = new URL(wish.url);
  const robots = await fetchPage({
    ...wish,
    url: new URL('/robots.txt', url).href,
    follow: true,
    maxBytes: robotsBytes,
    useCache: true,
    staleMs: keptMs,
  });
  const refuse = (why: string) => failed(fault('forbidden', 'web_robots', `${url.host}: ${why}.`));
  if (!robots.ok) {
    const { kind } = robots.fault;
    // Its own device has no more, or has gone away: nothing of it is the site's.
    if (kind === 'forbidden' || kind === 'cancelled' || kind === 'rate-limited') return robots;
    return refuse('its robots.txt could not be read');
  }
  const { status, body, headers } = robots.value.page;
  if (status >= 500) return refuse('its robots.txt could not be read');
  if (status >= 300) return ok(true);
  const text = decodeText(body, headers['content-type'] ?? null);
  return robotsAllow(text, productOf(wish.userAgent), url.pathname + url.search)
    ? ok(true)
    : refuse('its robots.txt does not want this page fetched');
}
