import { parentPort } from 'node:worker_threads';

export interface ThreadQuestion<Question> {
  id: number;
  question: Question;
}

export type ThreadAnswer<Answer> = { id: number; answer: Answer } | { id: number; failure: string };

/** In a thread: answers what its desk asks. What is thrown is told as its message. */
export function serveThread(handle: (question: never) => unknown): void {
  const say = (message: ThreadAnswer<unknown>): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage(message);
  };
  parentPort?.on('message', ({ id, question }: ThreadQuestion<never>) => {
    try {
      say({ id, answer: handle(question) });
    } catch (thrown) {
      say({ id, failure: thrown instanceof Error ? thrown.message : 'unknown' });
    }
  });
}
