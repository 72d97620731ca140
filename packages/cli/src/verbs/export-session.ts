import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ApiError, connect } from '../client/api.ts';
import { CliError } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { note } from '../output/print.ts';
import { findSession, sessionPath } from './find-session.ts';

/** Longest silence of the server in between; the whole may take as long as it takes. Milliseconds. */
const SILENCE_MS = 60_000;

/** `vigiles session export <session>`: its log, one event a line, as it comes: never the whole of it in memory. */
export async function exportSessionVerb(
  id: string,
  { home, out, format }: { home?: string; out?: string; format: string },
): Promise<void> {
  const api = connect(homeOf(home));
  const { session_id: sessionId } = await findSession(api, id);
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENCE_MS);
  const path = `${sessionPath(sessionId)}/export?format=${format}`;
  const response = await api.open(path, {}, silent.signal);
  if (!response.ok || !response.body) {
    clearTimeout(timer);
    throw new ApiError(response.status, await response.json().catch(() => null));
  }
  async function* alive(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENCE_MS);
      yield chunk;
    }
  }
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  try {
    if (out === undefined) {
      for await (const chunk of alive(body))
        if (!process.stdout.write(chunk) && process.stdout.writableNeedDrain)
          await new Promise((resolve) => process.stdout.once('drain', resolve));
      return;
    }
    // A half-written file never has the name that was asked for.
    const half = `${out}.part`;
    try {
      await pipeline(body, alive, createWriteStream(half, { mode: 0o600 }));
      await rename(half, out);
    } catch (thrown) {
      await rm(half, { force: true });
      throw thrown;
    }
    note(`Written to ${out}.`);
  } catch (thrown) {
    if (silent.signal.aborted)
      throw new CliError('The server said nothing for a minute; the export broke off.');
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}
