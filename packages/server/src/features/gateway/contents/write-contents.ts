import type { StoreWriter } from '../../../platform/store/writer.ts';
import { contentRedactor } from './redact-content.ts';
import type { TurnContent } from './turn-content.ts';

/** What one turn said, on its way to be kept. */
export interface StoreContents {
  id: string;
  ts: number;
  mode: 'redacted' | 'full';
  content: TurnContent;
  /** Known secrets: they are never kept, whatever the mode. */
  secrets: readonly string[];
  maxTotalBytes: number;
  /** What is older goes, UTC ms. */
  keepFrom: number;
}

/** Redacts and keeps it, and forgets what is too old or too much. Runs in the ledger's thread. */
export async function writeContents(writer: StoreWriter, of: StoreContents): Promise<void> {
  const redact = contentRedactor(of.secrets, of.mode === 'redacted');
  const { content } = of;
  const text = JSON.stringify({
    ...content,
    request: redact(content.request),
    sent: content.sent === null ? null : redact(content.sent),
    received: content.received && { ...content.received, body: redact(content.received.body) },
    answered: redact(content.answered),
  } satisfies TurnContent);
  const mark = (at: number): string => (writer.dialect === 'postgres' ? `$${at}` : '?');
  await writer.transaction(async (run) => {
    await run(
      `insert into turn_content (id, ts, bytes, mode, content) values (${[1, 2, 3, 4, 5].map(mark).join(',')}) on conflict (id) do nothing`,
      [of.id, of.ts, Buffer.byteLength(text), of.mode, text],
    );
    await run(`delete from turn_content where ts < ${mark(1)}`, [of.keepFrom]);
    // The oldest go until the rest fits.
    await run(
      `delete from turn_content where id in (select id from (select id, sum(bytes) over (order by ts desc, id desc) as upto from turn_content) as kept where upto > ${mark(1)})`,
      [of.maxTotalBytes],
    );
  });
}
