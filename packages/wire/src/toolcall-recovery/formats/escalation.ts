import type { TextFormat } from './text-format.ts';

const OPENS = ['<require_escalation', '<request_escalation_permission'];

/** A model that asks for more rights: told to the watchdog, never granted, never a call. */
export const escalation: TextFormat = {
  name: 'escalation',
  evidence: 'tag',
  opens: OPENS,
  *read(cursor, { signal }) {
    const opener = yield* cursor.oneOf(OPENS);
    const mark = yield* cursor.peek();
    if (mark === '>' || mark === '/' || mark === ' ')
      signal({ fault: 'C2', detail: `${opener.slice(1)} asked for` });
    return undefined;
  },
};
