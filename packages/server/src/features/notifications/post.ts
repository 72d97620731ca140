import type { EgressAnswer, EgressRequest } from '../../platform/egress/index.ts';
import { hostOf, later, refused, sent, type ChannelContext, type Sent } from './define-channel.ts';
import { plain } from './core/render.ts';

export interface Posting {
  url: string;
  method?: EgressRequest['method'];
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: string | Buffer;
  /** How the service says that it did not take it after all, or when it wants to be asked again. Null: as the status says. */
  judge?: (answer: EgressAnswer) => Sent | null;
}

/** Seconds or a date, RFC 9110 10.2.3; ms from now, or undefined. */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Parsed JSON of an answer, as loose data; an empty object where it is none. */
export function looseJson(answer: EgressAnswer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(answer.body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/** Posts to a service through the guarded way out, and says in one form what came of it. */
export async function post(posting: Posting, { egress, signal, now }: ChannelContext): Promise<Sent> {
  const { url, method = 'POST', headers = {}, json, body, judge } = posting;
  const answered = await egress.fetch({
    url,
    reach: 'configured',
    method,
    headers: json === undefined ? headers : { 'content-type': 'application/json; charset=utf-8', ...headers },
    ...(json === undefined ? (body === undefined ? {} : { body }) : { body: JSON.stringify(json) }),
    redirects: 0,
    maxBytes: 65_536,
    signal,
  });
  if (!answered.ok) {
    const { code, message } = answered.fault;
    return code === 'egress_bad_address' || code === 'egress_redirect' ? refused(message) : later(message);
  }
  const answer = answered.value;
  const said = plain(answer.body.toString('utf8'), 300);
  const judged = judge?.(answer);
  if (judged) return { ...judged, answer: judged.answer || said };
  const { status } = answer;
  const text = `HTTP ${status}${said ? `: ${said}` : ''}`;
  if (status >= 200 && status < 300) return sent(text);
  const waitMs = retryAfterMs(answer.headers['retry-after'], now);
  if (status === 429) return later(`${hostOf(url)} asks to be left alone for a while`, text, waitMs);
  if (status >= 500 || status === 408 || status === 425)
    return later(`${hostOf(url)} answered ${status}`, text, waitMs);
  return refused(`${hostOf(url)} refused it with ${status}`, text);
}
