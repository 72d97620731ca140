import { Worker } from 'node:worker_threads';
import type { ThreadAnswer, ThreadQuestion } from './serve-thread.ts';
import { bareEnvironment } from './bare-environment.ts';

/** Why a thread gave no answer. */
export type ThreadFailureReason =
  | 'too_long'
  | 'too_much_memory'
  /** It ended, or threw: the message is its own. */
  | 'failed'
  | 'busy'
  | 'cancelled'
  | 'stopped';

export class ThreadFailure extends Error {
  readonly reason: ThreadFailureReason;

  constructor(reason: ThreadFailureReason, message: string = reason) {
    super(message);
    this.name = 'ThreadFailure';
    this.reason = reason;
  }
}

export interface ThreadDeskOptions {
  /** `new URL('./<name>.ts', import.meta.url)` of a file that calls `serveThread`; entered in tools/bundle.mjs. */
  url: URL;
  name: string;
  /** Longest time for one question. Milliseconds. */
  questionMs: number;
  /** The thread ends when nobody asked for so long. Milliseconds. */
  idleMs: number;
  heapMb: number;
  /** Questions that may wait; more are refused. */
  mostWaiting: number;
}

export interface ThreadDesk<Question, Answer> {
  /** Throws a `ThreadFailure`. */
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

interface Job<Question, Answer> {
  question: Question;
  resolve(answer: Answer): void;
  reject(failure: ThreadFailure): void;
}

/**
 * Has questions answered one after the other in a thread that may be ended at any moment: what it reads can cost its time and
 * memory, nothing else. Started with the first question, gone when there are none for a while.
 */
export function createThreadDesk<Question, Answer>(options: ThreadDeskOptions): ThreadDesk<Question, Answer> {
  const { questionMs, idleMs, heapMb, mostWaiting } = options;
  const waiting: Job<Question, Answer>[] = [];
  let worker: Worker | null = null;
  let current: { id: number; job: Job<Question, Answer>; timer: NodeJS.Timeout } | null = null;
  let leaving: NodeJS.Timeout | null = null;
  let lastId = 0;
  let closed = false;

  async function end(): Promise<void> {
    const ended = worker;
    worker = null;
    await ended?.terminate();
  }

  function open(): Worker {
    const opened = new Worker(options.url, {
      name: options.name,
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 },
      // What it has to say is nobody's business, and it must not see the secrets of the environment.
      env: bareEnvironment(),
      stdout: true,
      stderr: true,
    });
    const gone = (thrown: unknown): void => {
      if (worker !== opened) return;
      worker = null;
      const { code } = (thrown ?? {}) as { code?: string };
      const reason = code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'too_much_memory' : 'failed';
      settle((job) => job.reject(new ThreadFailure(reason)));
    };
    opened.on('message', (answer: ThreadAnswer<Answer>) => {
      if (worker !== opened || answer.id !== current?.id) return;
      settle((job) =>
        'answer' in answer
          ? job.resolve(answer.answer)
          : job.reject(new ThreadFailure('failed', answer.failure)),
      );
    });
    opened.on('error', gone);
    opened.on('exit', () => gone(null));
    opened.unref();
    return opened;
  }

  function settle(how: (job: Job<Question, Answer>) => void): void {
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
      settle(({ reject }) => reject(new ThreadFailure('too_long')));
    }, questionMs);
    current = { id: lastId, job, timer };
    const question: ThreadQuestion<Question> = { id: lastId, question: job.question };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    to.postMessage(question);
  }

  return {
    ask(question, signal) {
      if (closed || waiting.length >= mostWaiting) return Promise.reject(new ThreadFailure('busy'));
      return new Promise((resolve, reject) => {
        const leave = () => {
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          reject(new ThreadFailure('cancelled'));
        };
        const done = () => signal.removeEventListener('abort', leave);
        const job: Job<Question, Answer> = {
          question,
          resolve(answer) {
            done();
            resolve(answer);
          },
          reject(failure) {
            done();
            reject(failure);
          },
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
      for (const { reject } of left) reject(new ThreadFailure('stopped'));
      await end();
    },
  };
}
