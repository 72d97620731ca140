import { z } from 'zod';
import type { NewSessionEvent } from '@vigiles/contract';

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
