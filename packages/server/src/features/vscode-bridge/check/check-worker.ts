import { parentPort, workerData } from 'node:worker_threads';
import type { ScriptLanguage } from '@vigiles/contract';
import { parseScript } from './parse-script.ts';

const { code, language } = workerData as { code: string; language: ScriptLanguage };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(parseScript(code, language));
