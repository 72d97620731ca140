import { z } from 'zod';

/** What a client sends to follow a session. Unknown fields are left for older and newer clients. */
export const SubscribeSession = z.object({
  session_id: z.string().min(1).max(128),
  /** The last `seq` it has: what came after it follows first. Absent: only what comes. */
  last_seq: z.int().min(0).nullish(),
  /** Exact types, or `topic:*`. Empty or absent: all. */
  event_types: z.array(z.string().min(1).max(80)).max(100).nullish(),
  /** Our other name for them, as in the subscription of the event log. */
  types: z.array(z.string().min(1).max(80)).max(100).nullish(),
  /** Every event since `last_seq`, however many: no snapshot in between. */
  full: z.boolean().nullish(),
  /** Also what is sent live and never stored (tokens of a message while it is written). */
  volatile: z.boolean().nullish(),
  /** `batch`: events that come together as one `session:events {session_id, events}`, each as the API gives it. */
  frames: z.enum(['single', 'batch']).nullish(),
});
export type SubscribeSession = z.output<typeof SubscribeSession>;

/** How a client follows a session. */
export interface Wish {
  sessionId: string;
  /** Null: only what comes. */
  lastSeq: number | null;
  /** Undefined: all. */
  types: readonly string[] | undefined;
  full: boolean;
  volatile: boolean;
  /** Events that come together in one message. */
  together: boolean;
}

export const wishOf = (message: SubscribeSession): Wish => {
  const types = message.event_types ?? message.types;
  return {
    sessionId: message.session_id,
    lastSeq: message.last_seq ?? null,
    types: types && types.length > 0 ? types : undefined,
    full: message.full ?? false,
    volatile: message.volatile ?? true,
    together: message.frames === 'batch',
  };
};
