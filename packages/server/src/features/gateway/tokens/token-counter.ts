import { Worker } from 'node:worker_threads';
import type { TurnRequest } from '@vigiles/wire';
import type { CountAnswer, CountQuestion } from './count-worker.ts';
import { countable } from './countable.ts';

/** Counts input tokens where a provider does not count itself. */
export interface TokenCounter {
  /** Input tokens of a request, tools and tool blocks included. Rejects when the thread that counts fails. */
  count(request: TurnRequest): Promise<number>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(tokens: number): void;
  reject(thrown: unknown): void;
}

/**
 * Counts in a thread of its own, which starts with the first question and ends after `idleMs` without one: the
 * tokenizer's tables hold 70 MB and take half a second to load, and most gateways never need them.
 */
export function createTokenCounter(idleMs = 60_000): TokenCounter {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let leaving: NodeJS.Timeout | null = null;
  let asked = 0;

  async function end(): Promise<void> {
    const ended = worker;
    worker = null;
    await ended?.terminate();
  }

  function open(): Worker {
    const opened = new Worker(new URL('./count-worker.ts', import.meta.url), { name: 'tokens' });
    const gone = (thrown: unknown): void => {
      if (worker !== opened) return;
      worker = null;
      for (const { reject } of waiting.values()) reject(thrown);
      waiting.clear();
    };
    opened.on('message', ({ id, tokens }: CountAnswer) => {
      waiting.get(id)?.resolve(tokens);
      waiting.delete(id);
      if (waiting.size === 0) leaving = setTimeout(() => void end(), idleMs).unref();
    });
    opened.on('error', gone);
    opened.on('exit', (code) => gone(new Error(`the thread that counts tokens ended with code ${code}`)));
    // It must not keep a process alive that has nothing else to do.
    opened.unref();
    return opened;
  }

  return {
    count(request) {
      if (leaving) clearTimeout(leaving);
      const to = (worker ??= open());
      asked += 1;
      const question: CountQuestion = { id: asked, ...countable(request) };
      return new Promise((resolve, reject) => {
        waiting.set(question.id, { resolve, reject });
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        to.postMessage(question);
      });
    },
    async close() {
      if (leaving) clearTimeout(leaving);
      for (const { reject } of waiting.values()) reject(new Error('the gateway is leaving'));
      waiting.clear();
      await end();
    },
  };
}
