import { createThreadDesk, ThreadFailure, type ThreadFailureReason } from '../../../platform/thread/index.ts';
import { lookAtJob, type JobLook, type JobQuestion } from './look-at-job.ts';

export interface JobJudge {
  /** Says why a job failed; with `unread` where its log took too much to be judged, as if there were none. */
  look(question: JobQuestion, signal: AbortSignal): Promise<JobLook & { unread: string | null }>;
  close(): Promise<void>;
}

export interface JobJudgeOptions {
  /** Logs up to here are judged at once: they take less than a thread does. UTF-16 units. */
  smallLength?: number;
  /** Longest time for one log. Milliseconds. */
  logMs?: number;
  idleMs?: number;
  heapMb?: number;
}

const why: Record<ThreadFailureReason, string> = {
  too_long: 'it took too long',
  too_much_memory: 'it took too much memory',
  failed: 'its reader failed',
  busy: 'too many logs wait',
  cancelled: 'Vigiles was stopped',
  stopped: 'Vigiles was stopped',
};

/** Judges logs; large ones in a thread of their own, so that nobody waits for them. */
export function createJobJudge({
  smallLength = 32_768,
  logMs = 30_000,
  idleMs = 30_000,
  heapMb = 256,
}: JobJudgeOptions = {}): JobJudge {
  const desk = createThreadDesk<JobQuestion, JobLook>({
    url: new URL('./judge-worker.ts', import.meta.url),
    name: 'ci-logs',
    questionMs: logMs,
    idleMs,
    heapMb,
    mostWaiting: 64,
  });
  return {
    async look(question, signal) {
      if (question.job.log.length <= smallLength) return { ...lookAtJob(question), unread: null };
      try {
        return { ...(await desk.ask(question, signal)), unread: null };
      } catch (thrown) {
        if (!(thrown instanceof ThreadFailure) || signal.aborted) throw thrown;
        const blind = lookAtJob({ ...question, job: { ...question.job, log: '' } });
        return { ...blind, unread: `not judged: ${why[thrown.reason]}` };
      }
    },
    close: () => desk.close(),
  };
}
