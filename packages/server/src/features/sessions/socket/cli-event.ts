import { z } from 'zod';
import type { NewSessionEvent } from '@vigiles/contract';
import { isOrdinary, isTextUpTo } from '../core/ordinary-event.ts';

/** What a producer sends over Socket.IO: the seed's `cli_event`, and `local_id` so that it may send it again. */
export const CliEvent = z.object({
  session_id: z.string().min(1).max(128).nullish(),
  event_type: z.string().max(80),
  timestamp: z.union([z.number(), z.string().max(40)]).nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
  local_id: z.string().min(1).max(200).nullish(),
  command_id: z.string().max(128).nullish(),
  /** Sent on live and never stored: words while they are written, a bar that moves. */
  volatile: z.boolean().nullish(),
  /** Of what is volatile: samples of the same key within 50 ms are put together. */
  key: z.string().max(200).nullish(),
});
export type CliEvent = z.output<typeof CliEvent>;

/** What a message says, where it says it as nearly all do; null: ask the schema. */
export function ordinaryCliEvent(payload: unknown): CliEvent | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const given = payload as Record<string, unknown>;
  const { session_id, event_type: type, data, local_id, timestamp, command_id } = given;
  const ordinary =
    given['volatile'] === undefined &&
    (session_id === undefined || isTextUpTo(session_id, 128)) &&
    isOrdinary({ type, data, local_id, timestamp, command_id });
  return ordinary ? (given as CliEvent) : null;
}

export const newEventOf = ({
  event_type,
  timestamp,
  data,
  local_id,
  command_id,
}: CliEvent): NewSessionEvent => ({
  type: event_type,
  data: data ?? {},
  ...(timestamp === null || timestamp === undefined ? {} : { timestamp }),
  ...(local_id ? { local_id } : {}),
  ...(command_id ? { command_id } : {}),
});
