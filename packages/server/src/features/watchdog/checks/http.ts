import { request } from 'undici';
import { defineCheck, failedLook, isLoopback, type Look } from './define-check.ts';

/** How much of an answer is read to keep its connection usable. */
const readLimitBytes = 256 * 1024;

/** A connection that the other side had closed while it was idle: not a failure of the service. */
const isStaleConnection = (thrown: unknown) =>
  ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes((thrown as { code?: string }).code ?? '');

export const check = defineCheck({
  type: 'http',
  title: 'HTTP',
  target: (config) => {
    const url = new URL(config.url);
    return `${url.protocol}//${url.host}${url.pathname}`;
  },
  remoteHost: (config) => {
    const { hostname } = new URL(config.url);
    return isLoopback(hostname) ? null : hostname;
  },
  localPort: (config) => {
    const url = new URL(config.url);
    if (!isLoopback(url.hostname)) return null;
    return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  },
  async look(config, { clock, http, signal }) {
    const begun = clock.monotonic();
    const once = async (): Promise<Look> => {
      const { statusCode, body } = await request(config.url, {
        dispatcher: http,
        signal,
        headers: { accept: '*/*', 'user-agent': 'vigiles-watchdog' },
      });
      await body.dump({ limit: readLimitBytes, signal });
      const wanted =
        config.status.length > 0 ? config.status.includes(statusCode) : statusCode >= 200 && statusCode < 300;
      if (wanted) return { ok: true, latencyMs: clock.monotonic() - begun };
      return { ok: false, reason: `HTTP ${statusCode}`, timedOut: false, ours: false, dead: false };
    };
    try {
      return await once();
    } catch (thrown) {
      if (!signal.aborted && isStaleConnection(thrown))
        return once().catch((again) => failedLook(again, signal));
      return failedLook(thrown, signal);
    }
  },
});
