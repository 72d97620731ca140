import type { CheckKit, ConfigOf } from '../define-check.ts';
import type { Trust } from './http-client.ts';

/** One request as it is sent. */
export interface Outgoing {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | null;
  trust: Trust;
  redirects: number;
  /** Bytes of the answer that are looked at; 0 when nobody asks what is in it. */
  readBytes: number;
}

const mostReadBytes = 1 << 20;
const hasReference = (text: string) => text.includes('${');

/**
 * What is sent, made once. Only what holds references is filled in anew for each look, so that a new secret is used
 * at once.
 */
export function prepareRequest(config: ConfigOf<'http'>, kit: Pick<CheckKit, 'resolve'>): () => Outgoing {
  const reads = config.json.length > 0 || [config.contains, config.lacks, config.matches].some(Boolean);
  const make = (): Outgoing => ({
    url: new URL(kit.resolve(config.url)),
    method: config.method,
    headers: {
      accept: '*/*',
      'user-agent': 'vigiles-watchdog',
      ...(config.body?.trimStart().startsWith('{') ? { 'content-type': 'application/json' } : {}),
      ...Object.fromEntries(
        Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), kit.resolve(value)]),
      ),
    },
    body: config.body === undefined ? null : kit.resolve(config.body),
    trust: { verify: config.verify_certificate, caFile: config.ca_file ?? null },
    redirects: config.redirects,
    readBytes: reads ? mostReadBytes : 0,
  });
  const texts = [config.url, config.body ?? '', ...Object.values(config.headers)];
  if (texts.some(hasReference)) return make;
  let made: Outgoing | null = null;
  return () => (made ??= make());
}
