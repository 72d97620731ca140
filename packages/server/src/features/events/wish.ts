import { z } from 'zod';
import { readTopics, readTypes } from './core/filter.ts';
import type { Wish } from './subscription.ts';

const Names = z.array(z.string().max(80)).max(100);

/** What a client sends to subscribe, on Socket.IO and on `/ws`. Unknown fields are left for older and newer clients. */
export const SubscribeMessage = z.object({
  subject: z.string().max(128).nullish(),
  last_seq: z.int().min(0).nullish(),
  types: Names.nullish(),
  /** The seed's name for `types`. */
  event_types: Names.nullish(),
  topics: Names.nullish(),
  /** On `/ws`: all live topics. */
  volatile: z.boolean().nullish(),
});
export type SubscribeMessage = z.infer<typeof SubscribeMessage>;

export function wishOf(message: SubscribeMessage): Wish {
  const names = message.types ?? message.event_types;
  const { subject } = message;
  const topics = message.volatile ? ['fleet.beats', 'gateway.live'] : (message.topics ?? []);
  return {
    lastSeq: message.last_seq ?? null,
    filter: {
      // Types that do not exist here (yet) match nothing; an empty list means all, as with the seed.
      ...(names && names.length > 0 ? { types: new Set(readTypes(names).types) } : {}),
      ...(subject ? { subject } : {}),
    },
    topics: readTopics(topics),
  };
}
