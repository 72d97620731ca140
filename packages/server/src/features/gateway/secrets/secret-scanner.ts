import { Worker } from 'node:worker_threads';
import type { SecretAnswer, SecretFinding, SecretQuestion } from './secret-worker.ts';

/** Looks for secrets in prompts. */
export interface SecretScanner {
  /**
   * Names and counts of what was found in the strings of a JSON body; never the secrets themselves. Rejects when the
   * thread fails, takes too long, or too many wait.
   */
  scan(body: Uint8Array): Promise<SecretFinding[]>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(found: SecretFinding[]): void;
  reject(thrown: Error): void;
  /** Null until the thread can begin with it. */
  timer: NodeJS.Timeout | null;
}

export interface SecretScannerOptions {
  /** The thread ends after so long without a prompt. Default a minute. */
  idleMs?: number;
  /** A prompt that takes longer is one that some pattern chokes on: its thread is ended. Default 10 s. */
  longestMs?: number;
  /** So long the thread may take to load its patterns. Default a minute. */
  startMs?: number;
  /** Its program. */
  entry?: URL;
}

/** Prompts that may wait, each with a copy of its body. */
const MAX_WAITING = 64;

/**
 * Scans in a thread of its own, which starts with the first prompt and ends after `idleMs` without one: the patterns of
 * secretlint take a while on a long prompt, and no other turn may wait for that.
 */
export function createSecretScanner({
  idleMs = 60_000,
  longestMs = 10_000,
  startMs = 60_000,
  entry = new URL('./secret-worker.ts', import.meta.url),
}: SecretScannerOptions = {}): SecretScanner {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  /** Until the thread says that it is ready. */
  let starting: NodeJS.Timeout | null = null;
  let leaving: NodeJS.Timeout | null = null;
  let asked = 0;

  async function end(why: string): Promise<void> {
    const ended = worker;
    worker = null;
    if (starting) clearTimeout(starting);
    starting = null;
    for (const { reject, timer } of waiting.values()) {
      if (timer) clearTimeout(timer);
      reject(new Error(why));
    }
    waiting.clear();
    await ended?.terminate();
  }

  const clock = (): NodeJS.Timeout =>
    setTimeout(() => void end('a prompt took too long to scan'), longestMs).unref();

  function heard(said: SecretAnswer): void {
    if (said.id === 'ready') {
      if (starting) clearTimeout(starting);
      starting = null;
      for (const question of waiting.values()) question.timer ??= clock();
      return;
    }
    const question = waiting.get(said.id);
    if (!question) return;
    waiting.delete(said.id);
    if (question.timer) clearTimeout(question.timer);
    if (said.found) question.resolve(said.found);
    else question.reject(new Error(said.problem));
    if (waiting.size === 0) leaving = setTimeout(() => void end('idle'), idleMs).unref();
  }

  function open(): Worker {
    const opened = new Worker(entry, {
      name: 'secrets',
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    const gone = (why: string): void => {
      if (worker === opened) void end(why);
    };
    starting = setTimeout(
      () => void end('the thread that looks for secrets does not start'),
      startMs,
    ).unref();
    opened.on('message', (said: SecretAnswer) => {
      if (worker === opened) heard(said);
    });
    opened.on('error', () => gone('the thread that looks for secrets failed'));
    opened.on('exit', (code) => gone(`the thread that looks for secrets ended with code ${code}`));
    // It must not keep a process alive that has nothing else to do.
    opened.unref();
    return opened;
  }

  return {
    scan(body) {
      if (waiting.size >= MAX_WAITING)
        return Promise.reject(new Error('too many prompts wait to be scanned'));
      if (leaving) clearTimeout(leaving);
      const to = (worker ??= open());
      asked += 1;
      const question: SecretQuestion = { id: asked, body };
      return new Promise((resolve, reject) => {
        waiting.set(question.id, { resolve, reject, timer: starting ? null : clock() });
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        to.postMessage(question);
      });
    },
    async close() {
      if (leaving) clearTimeout(leaving);
      await end('the gateway is leaving');
    },
  };
}
