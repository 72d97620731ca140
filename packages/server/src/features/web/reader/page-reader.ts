import { fault, FaultError } from '../../../kernel/fault.ts';
import { createThreadDesk, ThreadFailure, type ThreadFailureReason } from '../../../platform/thread/index.ts';
import type { Reading } from '../core/page-cache.ts';
import type { ReadQuestion } from './messages.ts';

export interface PageReader {
  /** Throws `web_page_unreadable` for a page that takes too long or too much memory, `web_busy` when too many wait. */
  read(page: ReadQuestion, signal: AbortSignal): Promise<Reading>;
  close(): Promise<void>;
}

export interface PageReaderOptions {
  /** Longest time for one page. Milliseconds. */
  pageMs?: number;
  /** The thread ends when nobody asked for so long. Milliseconds. */
  idleMs?: number;
  heapMb?: number;
}

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

/** Reads pages in a thread of their own: a hostile page can cost its time and memory, nothing else. */
export function createPageReader({
  pageMs = 10_000,
  idleMs = 30_000,
  heapMb = 256,
}: PageReaderOptions = {}): PageReader {
  const desk = createThreadDesk<ReadQuestion, Reading>({
    url: new URL('./read-worker.ts', import.meta.url),
    name: 'web-pages',
    questionMs: pageMs,
    idleMs,
    heapMb,
    mostWaiting: 32,
  });
  const told: Record<ThreadFailureReason, (message: string) => FaultError> = {
    too_long: () => unreadable(`it takes longer than ${pageMs / 1000} s`),
    too_much_memory: () => unreadable('it takes too much memory'),
    failed: (message) => unreadable(message === 'failed' ? 'its reader failed' : message),
    busy: () =>
      new FaultError(
        fault('unavailable', 'web_busy', 'Too many pages are being read.', { retryAfterMs: 1000 }),
      ),
    cancelled: () => new FaultError(fault('cancelled', 'egress_cancelled', 'The request was cancelled.')),
    stopped: () => new FaultError(fault('unavailable', 'web_busy', 'Vigiles is stopping.')),
  };
  return {
    read: (page, signal) =>
      desk.ask(page, signal).catch((thrown: unknown) => {
        throw thrown instanceof ThreadFailure ? told[thrown.reason](thrown.message) : thrown;
      }),
    close: () => desk.close(),
  };
}
