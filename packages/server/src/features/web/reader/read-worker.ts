import { parentPort } from 'node:worker_threads';
import type { ReadAnswer, ReadQuestion } from './messages.ts';
import { readPage } from './read-page.ts';

const answer = (message: ReadAnswer): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message);
};

parentPort?.on('message', (question: ReadQuestion) => {
  try {
    answer({ id: question.id, reading: readPage(question) });
  } catch (thrown) {
    answer({ id: question.id, failure: thrown instanceof Error ? thrown.message : 'unknown' });
  }
});
