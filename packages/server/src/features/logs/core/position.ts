import { z } from 'zod';
import { readLogName } from './log-name.ts';

/** Where each log stands: its name to a file and a byte in it. */
export type Position = Readonly<Record<string, { file: string; at: number }>>;

const Written = z.record(z.string().max(64), z.tuple([z.string().max(80), z.int().min(0)]));

/** As it goes to clients. */
export const writePosition = (position: Position): string =>
  Buffer.from(
    JSON.stringify(
      Object.fromEntries(Object.entries(position).map(([log, { file, at }]) => [log, [file, at]])),
    ),
  ).toString('base64url');

/** What a client sent back, or null where it is none of ours. The names in it may be anything. */
export function readPosition(text: string): Position | null {
  try {
    const given = Written.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    const logs = Object.entries(given).map(([log, [file, at]]) => {
      if (readLogName(file)?.log !== log) throw new Error('not one of ours');
      return [log, { file, at }] as const;
    });
    return Object.fromEntries(logs);
  } catch {
    return null;
  }
}
