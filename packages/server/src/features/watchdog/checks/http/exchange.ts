import type { Answer as AnswerOfOne, HttpClient } from './http-client.ts';
import type { Outgoing } from './request.ts';

/** An answer, and where it came from in the end. */
export interface Answer extends AnswerOfOne {
  url: URL;
}

const redirecting = new Set([301, 302, 303, 307, 308]);

/** Sends a request and takes in the answer, following redirects. Throws what the connection fails with. */
export async function exchange(
  asked: Outgoing,
  http: Pick<HttpClient, 'ask'>,
  signal: AbortSignal,
): Promise<Answer> {
  let outgoing = asked;
  for (let left = asked.redirects; ; left -= 1) {
    const { url } = outgoing;
    const answer = await http.ask(outgoing, signal);
    const to = redirecting.has(answer.status) ? answer.location : null;
    if (left <= 0 || to === null || !URL.canParse(to, url.href)) return { url, ...answer };
    const next = new URL(to, url);
    if (!['http:', 'https:'].includes(next.protocol)) throw new Error(`it redirects to ${next.protocol}`);
    outgoing = redirected(outgoing, answer.status, next);
  }
}

function redirected(outgoing: Outgoing, status: number, to: URL): Outgoing {
  const { url, headers, method } = outgoing;
  const keeps = status === 307 || status === 308 || method === 'HEAD';
  return {
    ...outgoing,
    url: to,
    ...(keeps ? {} : { method: 'GET', body: null }),
    // Keys and cookies are for the one they were meant for.
    ...(to.origin === url.origin
      ? {}
      : { headers: { accept: headers['accept'] ?? '*/*', 'user-agent': headers['user-agent'] ?? '' } }),
  };
}
