import { Buffer } from 'node:buffer';
import type { Egress } from '../../../platform/egress/index.ts';
import { mayReach } from './core/host-rule.ts';
import type { ChildMessage } from './messages.ts';

type Asked = Extract<ChildMessage, { method: 'fetch' }>['params'];
type Answer = { result: unknown } | { error: { code: number; message: string } };

const longestMs = 30_000;
const maxBodyBytes = 1 << 20;
const maxAnswerBytes = 2 << 20;
/** What the connection needs is set by us. */
const ours = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'upgrade',
  'te',
]);

const no = (message: string): Answer => ({ error: { code: -32_001, message } });

/**
 * Goes out for a plugin: to the hosts that it was granted, through the one guarded way. Redirects are not followed: where they
 * lead is for the plugin to ask for, and is checked like any other address.
 */
export function createFetcher(deps: {
  egress: Pick<Egress, 'fetch'>;
  hosts: readonly string[];
  atOnce: number;
  signalOf(call: number): AbortSignal | null;
}) {
  let running = 0;

  async function go(asked: Asked): Promise<Answer> {
    const signal = deps.signalOf(asked.call);
    if (!signal) return no('that call is over');
    if (!mayReach(asked.url, deps.hosts)) {
      const where = URL.canParse(asked.url) ? new URL(asked.url).host : 'that';
      return no(`${where} is none of the hosts this plugin was granted`);
    }
    const body = asked.body === undefined ? undefined : Buffer.from(asked.body, 'base64');
    if (body && body.length > maxBodyBytes) return no('a body may have 1 MB');
    const answer = await deps.egress.fetch({
      url: asked.url,
      // Granted by a person; a private address must stand in egress.allow_private besides.
      reach: 'configured',
      method: asked.method,
      headers: Object.fromEntries(
        Object.entries(asked.headers).filter(([name]) => !ours.has(name.toLowerCase())),
      ),
      ...(body ? { body } : {}),
      manual: true,
      timeoutMs: Math.min(asked.timeout_ms ?? longestMs, longestMs),
      maxBytes: maxAnswerBytes,
      signal,
    });
    if (!answer.ok) return no(answer.fault.message);
    const { status, headers, body: got } = answer.value;
    return { result: { status, headers, body: got.toString('base64') } };
  }

  return {
    async fetch(asked: Asked): Promise<Answer> {
      if (running >= deps.atOnce) return no(`${running} requests are under way already`);
      running += 1;
      try {
        return await go(asked);
      } catch {
        return no('the request failed');
      } finally {
        running -= 1;
      }
    },
  };
}
