import type { Found } from '../formats/text-format.ts';
import type { RawCall } from '../types.ts';
import type { Cursor, Reading } from './cursor.ts';
import { attributes, namedParameters, type ParameterTags } from './parameters.ts';

export interface InvokeTags extends ParameterTags {
  invoke: readonly string[];
  /** What closes the wrapper around the calls. */
  wrapper: readonly string[];
}

/**
 * `<invoke name="f">…</invoke>` one after another, up to and with the end of the wrapper. One that cannot be read is
 * passed over to the end of its own tag.
 */
export function* invokes(cursor: Cursor, tags: InvokeTags): Reading<Found | undefined> {
  const calls: RawCall[] = [];
  let malformed = 0;
  for (;;) {
    yield* cursor.spaces();
    if (yield* cursor.oneOf(tags.wrapper)) return calls.length > 0 ? { calls, malformed } : undefined;
    if (!(yield* cursor.more()) && !cursor.overflowed && calls.length > 0) return { calls, malformed };
    if (!(yield* cursor.oneOf(tags.invoke))) return undefined;
    const bodyStart = cursor.at;
    const call = yield* oneInvoke(cursor, tags);
    if (call) {
      calls.push(call);
      continue;
    }
    malformed++;
    cursor.back(bodyStart);
    if (!(yield* cursor.until(tags.end))) return undefined;
  }
}

/** The rest of one call, its `<invoke` being taken. */
export function* oneInvoke(cursor: Cursor, tags: ParameterTags): Reading<RawCall | undefined> {
  const tag = yield* attributes(cursor);
  if (!tag?.name) return undefined;
  const parameters = yield* namedParameters(cursor, tags);
  return parameters && { name: tag.name, args: { form: 'values', ...parameters } };
}

export const PLAIN_INVOKE: ParameterTags = {
  open: ['<parameter '],
  close: ['</parameter>'],
  end: ['</invoke>'],
};
