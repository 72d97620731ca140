import type { Agent } from 'undici';
import { namesIn } from './model-names.ts';

const mostBytes = 4 << 20;

/** The names on a provider's list of models; null where it has none that can be had and is whole. Never rejects. */
export async function namesAt(
  url: string,
  headers: Readonly<Record<string, string>>,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<string[] | null> {
  const dial = await import('../../../../platform/dial/index.ts');
  try {
    const answer = await dial.request(url, { dispatcher, method: 'GET', signal, headers });
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > mostBytes) return null;
      pieces.push(piece);
    }
    return answer.statusCode === 200 ? namesIn(JSON.parse(Buffer.concat(pieces).toString('utf8'))) : null;
  } catch {
    // The model answered: how its provider's list does is another matter.
    return null;
  }
}
