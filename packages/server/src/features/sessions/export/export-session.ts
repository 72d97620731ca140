import type { Session } from '@vigiles/contract';
import { createAgUiWriter } from '../core/ag-ui.ts';
import type { EventPage, ReadRange } from '../log/read-events.ts';

export const exportFormats = ['jsonl', 'ag-ui'] as const;

interface Reader {
  read(sessionId: string, range: ReadRange): Promise<EventPage>;
}

const lines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** A session's log as it is now, a page at a time: never the whole in memory. */
export async function* exportSession(
  sessions: Reader,
  { session_id: sessionId, head_seq: headSeq }: Session,
  format: (typeof exportFormats)[number],
): AsyncGenerator<string> {
  const agUi = createAgUiWriter(sessionId);
  let lastTs = 0;
  for (let afterSeq = 0, more = true; more;) {
    const page = await sessions.read(sessionId, { afterSeq, limit: 500 });
    const events = page.events.filter(({ seq }) => seq <= headSeq);
    lastTs = events.at(-1)?.ts ?? lastTs;
    yield lines(format === 'jsonl' ? events : events.flatMap((event) => agUi.write(event)));
    afterSeq = page.nextSeq;
    more = page.more && afterSeq < headSeq;
  }
  if (format === 'ag-ui') yield lines(agUi.finish(lastTs));
}
