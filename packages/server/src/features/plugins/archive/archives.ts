import { Worker } from 'node:worker_threads';
import type { PluginReadme } from '@vigiles/contract';
import { fault, FaultError, raise } from '../../../kernel/fault.ts';
import type { InspectedPackage } from './inspect-package.ts';
import type { ArchiveAnswer, ArchiveQuestion } from './messages.ts';

/** The work on packages, in a thread of its own, one after the other. */
export interface Archives {
  /** What changes or judges a package. Raises what the work raises, `plugin_work_failed` when the thread died or took too long. */
  work(question: Exclude<ArchiveQuestion, { kind: 'compare' | 'readme' }>): Promise<InspectedPackage>;
  /** What differs between a folder and its package; null: nothing. */
  compare(question: Omit<Extract<ArchiveQuestion, { kind: 'compare' }>, 'kind'>): Promise<string | null>;
  /** What a package says of itself; null: nothing. */
  readme(question: Omit<Extract<ArchiveQuestion, { kind: 'readme' }>, 'kind'>): Promise<PluginReadme | null>;
  close(): Promise<void>;
}

interface Job {
  question: ArchiveQuestion;
  resolve(answer: ArchiveAnswer): void;
  reject(thrown: unknown): void;
}

const longestMs = 180_000;
const idleMs = 10_000;
const mostWaiting = 200;

const broken = (why: string) =>
  new FaultError(fault('internal', 'plugin_work_failed', `The package could not be worked on: ${why}.`));

/** Started with the first package, gone when there are none: hostile archives can cost its time and memory, nothing else. */
export function createArchives(): Archives {
  const waiting: Job[] = [];
  let worker: Worker | null = null;
  let current: { job: Job; timer: NodeJS.Timeout } | null = null;
  let leaving: NodeJS.Timeout | null = null;
  let closed = false;

  async function end(): Promise<void> {
    const ended = worker;
    worker = null;
    await ended?.terminate();
  }

  function settle(how: (job: Job) => void): void {
    if (!current) return;
    const { job, timer } = current;
    clearTimeout(timer);
    current = null;
    how(job);
    next();
  }

  function open(): Worker {
    const opened = new Worker(new URL('./archive-worker.ts', import.meta.url), {
      name: 'plugin-archives',
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
      env: {},
    });
    const gone = (why: string): void => {
      if (worker !== opened) return;
      worker = null;
      settle(({ reject }) => reject(broken(why)));
    };
    opened.on('message', (answer: ArchiveAnswer) => {
      if (worker === opened) settle(({ resolve }) => resolve(answer));
    });
    opened.on('error', (thrown: Error) => gone(thrown.message));
    opened.on('exit', () => gone('its thread ended'));
    opened.unref();
    return opened;
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
    const timer = setTimeout(() => {
      void end();
      settle(({ reject }) => reject(broken(`it takes longer than ${longestMs / 1000} s`)));
    }, longestMs);
    current = { job, timer };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    to.postMessage(job.question);
  }

  async function ask(question: ArchiveQuestion): Promise<ArchiveAnswer> {
    if (closed || waiting.length >= mostWaiting)
      raise(fault('unavailable', 'plugins_busy', 'Too many packages are being worked on.'));
    const answer = await new Promise<ArchiveAnswer>((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      next();
    });
    if (answer.fault) raise(fault(answer.fault.kind, answer.fault.code, answer.fault.message, answer.fault));
    if (answer.failure !== undefined)
      throw new FaultError(
        fault(
          'internal',
          'plugin_work_failed',
          'The package could not be worked on; the log has the cause.',
          {
            cause: new Error(answer.failure),
          },
        ),
      );
    return answer;
  }

  return {
    async work(question) {
      const { inspected } = await ask(question);
      return inspected ?? raise(broken('it gave no answer').fault);
    },
    compare: async (question) => (await ask({ kind: 'compare', ...question })).difference ?? null,
    readme: async (question) => (await ask({ kind: 'readme', ...question })).readme ?? null,
    async close() {
      closed = true;
      if (leaving) clearTimeout(leaving);
      const left = waiting.splice(0);
      if (current) {
        clearTimeout(current.timer);
        left.push(current.job);
        current = null;
      }
      const stopping = new FaultError(fault('unavailable', 'plugins_busy', 'Vigiles is stopping.'));
      for (const { reject } of left) reject(stopping);
      await end();
    },
  };
}
