import { createInterface } from 'node:readline';
import { callbackify } from 'node:util';
import type { Api } from '../client/api.ts';
import { followEvents } from '../client/events.ts';
import { clean } from '../output/clean.ts';
import { dim } from '../output/style.ts';
import { historySize, loadHistory, saveHistory } from './history-file.ts';
import { createNoticeBoard } from './notice-board.ts';
import { noticeOf } from './notices.ts';
import { createPromptLine } from './prompt-line.ts';
import { createQuietOutput } from './quiet-output.ts';
import { createConsoleLines, leaving } from './run-line.ts';
import { isWorthKeeping } from './worth-keeping.ts';

export interface ConsoleOptions {
  api: Api;
  home: string;
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  /** Events up to here are history, not news. */
  afterSeq: number;
  /** Ends it from outside, for instance on SIGTERM. */
  signal: AbortSignal;
}

/** A second Ctrl-C within this time leaves. */
const twiceMs = 3000;
const promptText = 'vigiles> ';

/** Runs the prompt until the person leaves (`exit`, Ctrl-D, Ctrl-C twice) or `signal` ends it. */
export async function runConsole({
  api,
  home,
  input,
  output,
  afterSeq,
  signal,
}: ConsoleOptions): Promise<void> {
  const lines = createConsoleLines(api, home);
  const quiet = createQuietOutput(output);
  const reader = createInterface({
    input,
    output: quiet.stream,
    prompt: promptText,
    completer: callbackify((text: string) => lines.complete(text)),
    history: loadHistory(home),
    historySize,
    removeHistoryDuplicates: true,
  });
  reader.on('history', (history: string[]) => {
    // The newest is the first; what is taken out here is in no history at all.
    if (history[0] !== undefined && !isWorthKeeping(history[0])) history.shift();
    saveHistory(home, history);
  });
  // A terminal that is gone can neither be read nor be left as it was.
  const gone = new AbortController();
  reader.on('error', () => gone.abort());
  const prompt = createPromptLine(reader, output);
  const board = createNoticeBoard((text) => prompt.above(text));
  const events = new AbortController();

  const tell = async () => {
    for await (const event of followEvents(api, events.signal, afterSeq)) {
      const notice = noticeOf(event);
      if (notice !== null) board.add(notice);
    }
  };
  void tell();

  let work: Promise<void> = Promise.resolve();
  /** Ends the command that runs. */
  let running: AbortController | null = null;
  let interruptedAt = -Infinity;
  /** Lines that were entered and are not done. */
  let entered = 0;
  await new Promise<void>((leave) => {
    const run = async (text: string) => {
      if (signal.aborted) return;
      running = new AbortController();
      prompt.busy(true);
      quiet.mute(true);
      await lines.run(clean(text), running.signal);
      running = null;
      quiet.mute(false);
      prompt.busy(false);
      entered -= 1;
      // What was typed ahead stands in the new line; a line that was entered meanwhile is next and shows itself.
      if (!signal.aborted && entered === 0) reader.prompt(true);
    };
    reader.on('line', (text) => {
      if (leaving.includes(text.trim())) {
        running?.abort();
        return leave();
      }
      // One after the other, so that pasted lines answer in order, each below its own command.
      const waits = entered > 0;
      entered += 1;
      work = work.then(() => {
        if (waits && !signal.aborted) output.write(`${promptText}${clean(text)}\n`);
        return run(text);
      });
    });
    reader.on('SIGINT', () => {
      if (running) return running.abort();
      const now = performance.now();
      if (reader.line === '' && now - interruptedAt < twiceMs) return leave();
      interruptedAt = now;
      reader.write(null, { ctrl: true, name: 'e' });
      reader.write(null, { ctrl: true, name: 'u' });
      prompt.above(dim("Type 'exit' or press Ctrl-C again to stop Vigiles."));
      return undefined;
    });
    reader.once('close', () => leave());
    const ended = AbortSignal.any([signal, gone.signal]);
    const end = () => {
      running?.abort();
      leave();
    };
    ended.addEventListener('abort', end, { once: true });
    if (ended.aborted) leave();
    else reader.prompt();
  });
  events.abort();
  board.flush();
  (running as AbortController | null)?.abort();
  await work.catch(() => undefined);
  reader.close();
  output.write('\n');
}
