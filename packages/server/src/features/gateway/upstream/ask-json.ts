import { requestOver, type Pool } from './pool.ts';

/** How a provider is asked for something other than a turn. */
export interface AskOptions {
  /** Names and values in turn, the key included. */
  headers: readonly string[];
  timeoutMs: number;
  /** Sent as JSON with POST; absent: GET. */
  body?: object;
}

/** It answered, with another status than 200. */
export class OtherStatus extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`it answered ${status}`);
    this.status = status;
  }
}

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** @param path below the origin. Throws with a short reason for every answer that is not JSON with status 200, `OtherStatus` for another status. */
export async function askJson(pool: Pool, path: string, options: AskOptions): Promise<unknown> {
  const { body } = options;
  const headers = [...options.headers, 'accept', 'application/json'];
  if (body) headers.push('content-type', 'application/json');
  const answer = await requestOver(pool, {
    path,
    method: body ? 'POST' : 'GET',
    headers,
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(options.timeoutMs),
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  if (answer.statusCode !== 200) throw new OtherStatus(answer.statusCode);
  return JSON.parse(Buffer.concat(chunks).toString());
}
