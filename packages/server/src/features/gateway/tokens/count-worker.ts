import { parentPort } from 'node:worker_threads';
import { countTokens as countText } from 'gpt-tokenizer/encoding/o200k_base';
import type { Countable } from './countable.ts';
import { countTokens } from './count-tokens.ts';

/** A question to the thread that counts, and its answer. */
export type CountQuestion = { id: number } & Countable;
export type CountAnswer = { id: number; tokens: number };

parentPort?.on('message', ({ id, ...what }: CountQuestion) => {
  const tokens = countTokens(what, (text) => countText(text, { allowedSpecial: 'all' }));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage({ id, tokens } satisfies CountAnswer);
});
