import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../exit-codes.ts';

/** Ends what goes on until it is told to stop; set while a console runs a verb. */
let byConsole: AbortSignal | null = null;

/** Runs a console's verb: what goes on until it is interrupted ends with `signal`. */
export async function interruptedBy<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  byConsole = signal;
  try {
    return await work();
  } finally {
    byConsole = null;
  }
}

/** Waits between two looks. Raises where the person does not want to wait any longer. */
export async function pause(ms: number): Promise<void> {
  const signal = byConsole;
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => {
    throw new CliError('It goes on without you.');
  });
}

/**
 * Work that goes on until a person ends it: with Ctrl-C in the console, which then shows its prompt again, or with the
 * process.
 */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = byConsole ?? new AbortController().signal;
  try {
    await work(signal);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}
