/** Writes a line for people. */
export const say = (text = ''): void => {
  process.stdout.write(`${text}\n`);
};

/** Writes exactly what the API answered. */
export const sayJson = (value: unknown): void => say(JSON.stringify(value, null, 2));

/** Writes a note that must not end up in a pipe. */
export const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
