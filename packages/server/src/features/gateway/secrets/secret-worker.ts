import { parentPort } from 'node:worker_threads';
import { findSecrets } from './find-secrets.ts';

/** What was found: the pattern's name and how often. */
export interface SecretFinding {
  pattern: string;
  count: number;
}

/** A question to the thread that looks for secrets, and its answer. */
export interface SecretQuestion {
  id: number;
  body: Uint8Array;
}
export type SecretAnswer =
  | { id: 'ready' }
  | { id: number; found: SecretFinding[]; problem?: undefined }
  | { id: number; found?: undefined; problem: string };

const answer = (message: SecretAnswer): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message);
};

// Loading the patterns takes a while; nobody's prompt is to blame for that.
answer({ id: 'ready' });
parentPort?.on('message', ({ id, body }: SecretQuestion) => {
  findSecrets(body).then(
    (found) => answer({ id, found }),
    // The message of a failed pattern could quote the prompt.
    () => answer({ id, problem: 'the prompt could not be scanned' }),
  );
});
