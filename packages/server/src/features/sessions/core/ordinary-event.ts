import { SessionEventType } from '@vigiles/contract';

/** What of an event its producer said, under the names of the API. */
export interface SaidEvent {
  type: string;
  data: Record<string, unknown>;
  local_id?: string | null | undefined;
  timestamp?: number | string | null | undefined;
  command_id?: string | null | undefined;
}

/** An object as JSON makes it, which a schema would copy as it is. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  !Object.hasOwn(value, '__proto__');

export const isTextUpTo = (value: unknown, max: number): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= max;

const isMoment = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isFinite(value) : isTextUpTo(value, 40);

/** Types that were found to be well formed, few of which are ever said. */
const known = new Set<string>();
const mostKnown = 500;

function isType(type: unknown): type is string {
  if (typeof type !== 'string') return false;
  if (known.has(type)) return true;
  if (!SessionEventType.safeParse(type).success) return false;
  if (known.size < mostKnown) known.add(type);
  return true;
}

/**
 * Whether an event is one that the schema takes as it is: nearly all are, and a schema costs as much as all the rest of reading one.
 * False says nothing: the schema is asked then.
 */
export const isOrdinary = ({
  type,
  data,
  local_id,
  timestamp,
  command_id,
}: Partial<Record<keyof SaidEvent, unknown>>): boolean =>
  isType(type) &&
  isRecord(data) &&
  (local_id === undefined || isTextUpTo(local_id, 200)) &&
  (timestamp === undefined || isMoment(timestamp)) &&
  (command_id === undefined || isTextUpTo(command_id, 128));
