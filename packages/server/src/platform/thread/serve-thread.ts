import { parentPort } from 'node:worker_threads';

export interface ThreadQuestion<Question> {
  id: number;
  question: Question;
}

export type ThreadAnswer<Answer> = { id: number; answer: Answer } | { id: number; failure: string };

/** In a thread: answers what its desk asks, at once or later. What is thrown is told as its message. */
export function serveThread(handle: (question: never) => unknown): void {
  const say = (message: ThreadAnswer<unknown>): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage(message);
  };
  parentPort?.on('message', ({ id, question }: ThreadQuestion<never>) => {
    void answer(handle, question).then(
      (answered) => say({ id, answer: answered }),
      (thrown: unknown) => say({ id, failure: thrown instanceof Error ? thrown.message : 'unknown' }),
    );
  });
}

const answer = async (handle: (question: never) => unknown, question: never): Promise<unknown> =>
  handle(question);
