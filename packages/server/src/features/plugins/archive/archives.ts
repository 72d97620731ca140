import type { PluginReadme } from '@vigiles/contract';
import { fault, FaultError, raise } from '../../../kernel/fault.ts';
import { createThreadDesk, ThreadFailure } from '../../../platform/thread/index.ts';
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

const broken = (why: string) =>
  new FaultError(fault('internal', 'plugin_work_failed', `The package could not be worked on: ${why}.`));

const longestMs = 180_000;

/** What went wrong with the thread, for whoever asked for the work. */
function faultOf(thrown: unknown): unknown {
  if (!(thrown instanceof ThreadFailure)) return thrown;
  switch (thrown.reason) {
    case 'busy':
      return new FaultError(fault('unavailable', 'plugins_busy', 'Too many packages are being worked on.'));
    case 'stopped':
    case 'cancelled':
      return new FaultError(fault('unavailable', 'plugins_busy', 'Vigiles is stopping.'));
    case 'too_long':
      return broken(`it takes longer than ${longestMs / 1000} s`);
    case 'too_much_memory':
      return broken('it takes more memory than a package may');
    case 'failed':
      return broken('its thread ended');
  }
}

/** Started with the first package, gone when there are none: hostile archives can cost its time and memory, nothing else. */
export function createArchives(): Archives {
  const desk = createThreadDesk<ArchiveQuestion, ArchiveAnswer>({
    url: new URL('./archive-worker.ts', import.meta.url),
    name: 'plugin-archives',
    questionMs: longestMs,
    idleMs: 10_000,
    heapMb: 256,
    mostWaiting: 200,
  });

  async function ask(question: ArchiveQuestion): Promise<ArchiveAnswer> {
    // Nobody calls it off: what is half unpacked would have to be cleared away by somebody.
    const answer = await desk.ask(question, new AbortController().signal).catch((thrown: unknown) => {
      throw faultOf(thrown);
    });
    if (answer.fault) raise(fault(answer.fault.kind, answer.fault.code, answer.fault.message, answer.fault));
    if (answer.failure !== undefined)
      throw new FaultError(
        fault(
          'internal',
          'plugin_work_failed',
          'The package could not be worked on; the log has the cause.',
          { cause: new Error(answer.failure) },
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
    close: () => desk.close(),
  };
}
