import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Hall } from './hall.ts';
import type { SessionsPort } from './port.ts';

/** What every way into a session over a socket works with. */
export interface SocketDeps {
  sessions: SessionsPort;
  hall: Hall;
  clock: Clock;
  newId: NewId;
  log: Log;
}

/** Answers carry it as ISO 8601 in UTC, as the seed shows it. */
export const timestamp = ({ clock }: Pick<SocketDeps, 'clock'>): string =>
  new Date(clock.now()).toISOString();

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field that is text and not empty; null for everything else. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
