import type { ServiceLogLines } from '@vigiles/contract';

/** More is scrolled past; the file has the rest. */
const KEPT = 1_000;
/** So many of the last lines come first. */
export const LOG_TAIL = 200;

/** A line with a number of its own: those that stay are not drawn again. */
export interface LogLine {
  id: number;
  text: string;
}

/** Terminal colours say nothing here; they are taken out. */
// oxlint-disable-next-line no-control-regex -- ESC is the character that is looked for
const ansi = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** The end of a log after some more of it; after a `reset` it begins anew. */
export function takeLines(before: readonly LogLine[], { lines, reset }: ServiceLogLines): readonly LogLine[] {
  let id = before.at(-1)?.id ?? 0;
  const news = lines.slice(-KEPT).map((text) => ({ id: (id += 1), text: text.replace(ansi, '') }));
  return reset ? news : [...before, ...news].slice(-KEPT);
}
