import { Worker } from 'node:worker_threads';
import type { ScriptCheck, ScriptLanguage } from '@vigiles/contract';
import { fault, FaultError } from '../../../kernel/fault.ts';
import { bareEnvironment } from '../../../platform/thread/index.ts';

const longestMs = 10_000;
const mostAtATime = 4;
let running = 0;

const failed = (code: string, message: string) => new FaultError(fault('unavailable', code, message));

/**
 * Parses a script in a thread of its own, which is ended when it takes too long: a parser that is fed nonsense can cost its time
 * and memory, nothing else. Raises `script_check_busy` or `script_not_checked`.
 */
export async function checkScript(code: string, language: ScriptLanguage): Promise<ScriptCheck> {
  if (running >= mostAtATime) throw failed('script_check_busy', 'Too many scripts are being checked.');
  running += 1;
  const { promise, resolve, reject } = Promise.withResolvers<ScriptCheck>();
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), {
    name: 'script-check',
    workerData: { code, language },
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 },
    env: bareEnvironment(),
    stdout: true,
    stderr: true,
  });
  const timer = setTimeout(
    () =>
      reject(failed('script_not_checked', `The script takes longer than ${longestMs / 1000} s to parse.`)),
    longestMs,
  );
  const gone = () => reject(failed('script_not_checked', 'The parser failed on this script.'));
  worker.once('message', resolve).once('error', gone).once('exit', gone);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    running -= 1;
    await worker.terminate();
  }
}
