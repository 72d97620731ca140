import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyChild } from './identity.ts';
import { killTree } from './kill-tree.ts';

export interface ProgramOptions {
  /** Program and arguments; no shell. Never put a secret here: everybody on the machine can read it. */
  command: readonly string[];
  cwd?: string;
  /** The whole environment of the program. */
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Of standard output and error together, the beginning is kept; 64 KB unless said otherwise. */
  maxOutputBytes?: number;
}

export interface ProgramEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** It was ended by us, with everything it had started. */
  stopped: 'timeout' | 'aborted' | null;
  /** Why it could not be started. */
  error: string | null;
  output: string;
  cut: boolean;
}

/** How long the output of a program that has ended is waited for, ms. */
const drainMs = 100;

/**
 * Runs a program to its end, in a group of its own. When its time is over or it is aborted, the whole tree is ended,
 * also children that ignore SIGTERM or moved to another group. Never rejects.
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramEnd> {
  const { command, env, timeoutMs, signal, maxOutputBytes = 65_536 } = options;
  const [program = '', ...args] = command;
  const chunks: Buffer[] = [];
  let bytes = 0;
  const keep = (chunk: Buffer) => {
    if (bytes < maxOutputBytes) chunks.push(chunk.subarray(0, maxOutputBytes - bytes));
    bytes += chunk.length;
  };
  const { promise: ended, resolve } = Promise.withResolvers<Pick<ProgramEnd, 'code' | 'signal' | 'error'>>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  let stopped: ProgramEnd['stopped'] = null;
  let killing: Promise<unknown> = Promise.resolve();
  let stop: (why: 'timeout' | 'aborted') => void = () => undefined;
  try {
    const child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const identity = child.pid === undefined ? null : identifyChild(child.pid);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (thrown) => resolve({ code: null, signal: null, error: thrown.message }));
    child.once('exit', (code, by) => resolve({ code, signal: by, error: null }));
    child.once('close', close);
    stop = (why) => {
      if (stopped !== null) return;
      stopped = why;
      if (identity) killing = killTree(identity, { termTimeoutMs: 500 });
    };
  } catch (thrown) {
    resolve({ code: null, signal: null, error: thrown instanceof Error ? thrown.message : String(thrown) });
    close();
  }
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  const abort = () => stop('aborted');
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const end = await ended;
  clearTimeout(timer);
  signal?.removeEventListener('abort', abort);
  await killing;
  // What was written before the end may still be in the pipe; a grandchild that keeps that open must not hold us. The
  // pipe is looked at once more when the time is over: the event loop may have been blocked for all of it.
  const time = new AbortController();
  await Promise.race([closed, delay(drainMs, undefined, { signal: time.signal }).catch(() => undefined)]);
  time.abort();
  await new Promise((settled) => setImmediate(settled));
  const output = Buffer.concat(chunks).toString('utf8');
  return { ...end, stopped, output, cut: bytes > maxOutputBytes };
}
