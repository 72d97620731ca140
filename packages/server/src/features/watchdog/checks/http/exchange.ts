import { request } from '../../../../platform/dial/index.ts';
import type { Dispatcher } from 'undici';
import type { HttpClient } from './http-client.ts';
import type { Outgoing } from './request.ts';

/** An answer with as much of its text as was asked for. */
export interface Answer {
  /** Where it came from in the end. */
  url: URL;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** There was more of it. */
  cut: boolean;
}

/** How much of an answer that nobody reads is taken in to keep its connection usable. */
const dumpBytes = 256 * 1024;
const redirecting = new Set([301, 302, 303, 307, 308]);

/** Sends a request and takes in the answer, following redirects. Throws what undici throws. */
export async function exchange(outgoing: Outgoing, http: HttpClient, signal: AbortSignal): Promise<Answer> {
  const dispatcher = http.dispatcher(outgoing.trust);
  let { url, method, body, headers } = outgoing;
  for (let left = outgoing.redirects; ; left -= 1) {
    const answer = await request(url, {
      dispatcher,
      signal,
      method,
      headers,
      body,
    });
    const to = redirecting.has(answer.statusCode) ? answer.headers['location'] : undefined;
    if (left <= 0 || typeof to !== 'string' || !URL.canParse(to, url.href)) {
      return {
        url,
        status: answer.statusCode,
        headers: answer.headers,
        ...(await taken(answer.body, outgoing, signal)),
      };
    }
    await answer.body.dump({ limit: dumpBytes, signal });
    const next = new URL(to, url);
    if (!['http:', 'https:'].includes(next.protocol)) throw new Error(`it redirects to ${next.protocol}`);
    // Keys and cookies are for the one they were meant for.
    if (next.origin !== url.origin) {
      headers = { accept: headers['accept'] ?? '*/*', 'user-agent': headers['user-agent'] ?? '' };
    }
    const keeps = answer.statusCode === 307 || answer.statusCode === 308;
    if (!keeps && method !== 'HEAD') [method, body] = ['GET', null];
    url = next;
  }
}

async function taken(
  body: Dispatcher.ResponseData['body'],
  { readBytes, method }: Outgoing,
  signal: AbortSignal,
): Promise<{ text: string; cut: boolean }> {
  if (readBytes === 0 || method === 'HEAD') {
    await body.dump({ limit: dumpBytes, signal });
    return { text: '', cut: false };
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    // Leaving the loop destroys the stream and with it the connection: rare, and better than reading on.
    if (bytes > readBytes) break;
  }
  return { text: Buffer.concat(pieces).subarray(0, readBytes).toString('utf8'), cut: bytes > readBytes };
}
