import { wrap } from './wrap.ts';

/** Writes a line for people; on a terminal a long one is broken between words. */
export const say = (text = ''): void => {
  process.stdout.write(`${wrap(text, process.stdout.isTTY ? process.stdout.columns : 0)}\n`);
};

/** Writes what another program reads, as it is. */
export const sayPlain = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Writes exactly what the API answered. */
export const sayJson = (value: unknown): void => sayPlain(JSON.stringify(value, null, 2));

/** Writes a note that must not end up in a pipe. */
export const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
