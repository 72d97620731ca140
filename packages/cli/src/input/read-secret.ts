import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError, exitCode } from '../exit-codes.ts';

/** Swallows what readline would echo. */
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

async function fromTerminal(question: string): Promise<string> {
  process.stderr.write(question);
  const reader = createInterface({ input: process.stdin, output: nowhere(), terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once('line', resolve);
      reader.once('SIGINT', () => reject(new CliError('Cancelled.')));
      reader.once('close', () => reject(new CliError('Cancelled.')));
    });
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}

async function fromPipe(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

/** A value that is not shown while it is typed; from a pipe all of it but the last line break. */
export async function readSecretValue(question: string): Promise<string> {
  const value = await (process.stdin.isTTY ? fromTerminal(question) : fromPipe());
  if (value === '') throw new CliError('The value is empty; nothing was changed.', exitCode.usage);
  return value;
}
