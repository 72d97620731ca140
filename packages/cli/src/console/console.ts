import { createInterface } from 'node:readline';
import type { Api } from '../client/api.ts';
import { followEvents } from '../client/events.ts';
import { clean } from '../output/clean.ts';
import { dim } from '../output/style.ts';
import { complete, leaving, runCommand } from './commands.ts';
import { historySize, loadHistory, saveHistory } from './history-file.ts';
import { noticeOf } from './notices.ts';
import { createPromptLine } from './prompt-line.ts';

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

/** Runs the prompt until the person leaves (`exit`, Ctrl-D, Ctrl-C twice) or `signal` ends it. */
export async function runConsole({
  api,
  home,
  input,
  output,
  afterSeq,
  signal,
}: ConsoleOptions): Promise<void> {
  const reader = createInterface({
    input,
    output,
    prompt: 'vigiles> ',
    completer: complete,
    history: loadHistory(home),
    historySize,
    removeHistoryDuplicates: true,
  });
  reader.on('history', (history: string[]) => saveHistory(home, history));
  const line = createPromptLine(reader, output);
  const events = new AbortController();

  const tell = async () => {
    for await (const event of followEvents(api, events.signal, afterSeq)) {
      const notice = noticeOf(event);
      if (notice !== null) line.above(notice);
    }
  };
  void tell();

  let work: Promise<void> = Promise.resolve();
  let interruptedAt = -Infinity;
  await new Promise<void>((leave) => {
    const run = async (text: string) => {
      line.busy(true);
      const said = await runCommand(api, clean(text));
      if (said !== '') output.write(`${said}\n`);
      line.busy(false);
      if (!signal.aborted) reader.prompt();
    };
    reader.on('line', (text) => {
      if (leaving.includes(text.trim())) return leave();
      // One after the other, so that pasted lines answer in order.
      work = work.then(() => run(text));
    });
    reader.on('SIGINT', () => {
      const now = performance.now();
      if (reader.line === '' && now - interruptedAt < twiceMs) return leave();
      interruptedAt = now;
      reader.write(null, { ctrl: true, name: 'e' });
      reader.write(null, { ctrl: true, name: 'u' });
      line.above(dim("Type 'exit' or press Ctrl-C again to stop Vigiles."));
    });
    reader.once('close', () => leave());
    signal.addEventListener('abort', () => leave(), { once: true });
    if (signal.aborted) leave();
    else reader.prompt();
  });
  events.abort();
  await work.catch(() => undefined);
  reader.close();
  output.write('\n');
}
