import type { LogEntry } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { cyan, dim, red, yellow } from '../output/style.ts';
import { clockTime } from '../output/units.ts';

const colours: Record<string, (text: string) => string> = {
  error: red,
  warn: yellow,
  info: cyan,
  debug: dim,
};

/** One line; whatever others wrote into it cannot move the cursor or change colours. */
export function logLine({ ts, level, category, message, data }: LogEntry): string {
  const rest = Object.entries(data).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const colour = colours[level] ?? dim;
  return `${dim(clockTime(ts))} ${colour(clean(level).padEnd(5))} ${dim(clean(category))} ${clean(message)} ${dim(clean(rest.join(' ')))}`.trimEnd();
}
