import { NewVolatileEvent, reservedTopics } from '@vigiles/contract';
import type { z } from 'zod';
import { failed, fault, ok, type Result } from '../../../kernel/fault.ts';

/** What is sent live and never stored. */
export type Sample = z.output<typeof NewVolatileEvent>;

/** Larger samples are events: nobody reads so much twenty times a second. Characters of JSON. */
const maxSample = 64 * 1024;

/** Checks what a producer wants to send live. */
export function stageSample(given: unknown): Result<Sample> {
  const parsed = NewVolatileEvent.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.join('.') ?? '';
    return failed(fault('invalid', 'invalid_request', `${at}: ${issue?.message ?? 'not valid'}`));
  }
  const { type, data } = parsed.data;
  const topic = type.slice(0, type.indexOf(':'));
  if (reservedTopics.some((reserved) => reserved === topic))
    return failed(fault('invalid', 'reserved_type', `Only the server sends events of the topic "${topic}".`));
  if (JSON.stringify(data).length > maxSample)
    return failed(fault('invalid', 'event_too_large', `A live sample has at most ${maxSample} characters.`));
  return ok(parsed.data);
}
