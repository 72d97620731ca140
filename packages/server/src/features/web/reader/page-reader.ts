import { Worker } from 'node:worker_threads';
import { fault, FaultError } from '../../../kernel/fault.ts';
import type { Reading } from '../core/page-cache.ts';
import type { ReadAnswer, ReadQuestion } from './messages.ts';

export interface PageReader {
  /** Throws `web_page_unreadable` for a page that takes too long or too much memory, `web_busy` when too many wait. */
  read(page: Omit<ReadQuestion, 'id'>, signal: AbortSignal): Promise<Reading>;
  close(): Promise<void>;
}

export interface PageReaderOptions {
  /** Longest time for one page. Milliseconds. */
  pageMs?: number;
  /** The thread ends when nobody asked for so long. Milliseconds. */
  idleMs?: number;
  heapMb?: number;
}

interface Job {
  page: Omit<ReadQuestion, 'id'>;
  resolve(reading: Reading): void;
  reject(thrown: unknown): void;
}

const maxWaiting = 32;

const unreadable = (why: string) =>
  new FaultError(
    fault(
      'upstream',
      'web_page_unreadable',
      `The page could not be read: ${why}. Ask for it as html without links.`,
      {
        retryable: false,
      },
    ),
  );

/**
 * Reads pages one after the other in a thread that may be ended at any moment: a hostile page can cost its time and memory,
 * nothing else. Started with the first page, gone when there are none.
 */
export function createPageReader({
  pageMs = 10_000,
  idleMs = 30_000,
  heapMb = 256,
}: PageReaderOptions = {}): PageReader {
  const waiting: Job[] = [];
  let worker: Worker | null = null;
  let current: { id: number; job: Job; timer: NodeJS.Timeout } | null = null;
  let leaving: NodeJS.Timeout | null = null;
  let lastId = 0;
  let closed = false;

  async function end(): Promise<void> {
    const ended = worker;
    worker = null;
    await ended?.terminate();
  }

  function open(): Worker {
    const opened = new Worker(new URL('./read-worker.ts', import.meta.url), {
      name: 'web-pages',
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 },
      // What a page's reader has to say is nobody's business, and it must not see the secrets of the environment.
      env: {},
      stdout: true,
      stderr: true,
    });
    const gone = (thrown: unknown): void => {
      if (worker !== opened) return;
      worker = null;
      const { code } = (thrown ?? {}) as { code?: string };
      settle((job) =>
        job.reject(
          unreadable(code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes too much memory' : 'its reader failed'),
        ),
      );
    };
    opened.on('message', (answer: ReadAnswer) => {
      if (worker !== opened || answer.id !== current?.id) return;
      settle((job) =>
        'reading' in answer ? job.resolve(answer.reading) : job.reject(unreadable(answer.failure)),
      );
    });
    opened.on('error', gone);
    opened.on('exit', () => gone(null));
    opened.unref();
    return opened;
  }

  function settle(how: (job: Job) => void): void {
    if (!current) return;
    const { job, timer } = current;
    clearTimeout(timer);
    current = null;
    how(job);
    next();
  }

  function next(): void {
    if (current || closed) return;
    const job = waiting.shift();
    if (!job) {
      leaving = setTimeout(() => void end(), idleMs).unref();
      return;
    }
    if (leaving) clearTimeout(leaving);
    leaving = null;
    const to = (worker ??= open());
    lastId += 1;
    const timer = setTimeout(() => {
      void end();
      settle(({ reject }) => reject(unreadable(`it takes longer than ${pageMs / 1000} s`)));
    }, pageMs);
    current = { id: lastId, job, timer };
    const question: ReadQuestion = { id: lastId, ...job.page };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    to.postMessage(question);
  }

  return {
    read(page, signal) {
      if (closed || waiting.length >= maxWaiting) {
        const busy = fault('unavailable', 'web_busy', 'Too many pages are being read.', {
          retryAfterMs: 1000,
        });
        return Promise.reject(new FaultError(busy));
      }
      return new Promise((resolve, reject) => {
        const job: Job = { page, resolve, reject };
        const leave = () => {
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          reject(new FaultError(fault('cancelled', 'egress_cancelled', 'The request was cancelled.')));
        };
        if (signal.aborted) return leave();
        signal.addEventListener('abort', leave, { once: true });
        waiting.push(job);
        return next();
      });
    },
    async close() {
      closed = true;
      if (leaving) clearTimeout(leaving);
      const left = waiting.splice(0);
      if (current) {
        clearTimeout(current.timer);
        left.push(current.job);
        current = null;
      }
      const stopping = new FaultError(fault('unavailable', 'web_busy', 'Vigiles is stopping.'));
      for (const { reject } of left) reject(stopping);
      await end();
    },
  };
}
