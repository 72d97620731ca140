import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import type { Session, SessionEvent } from '@vigiles/contract';
import type { ReadRange } from '../log/read-events.ts';
import { exportSession } from './export-session.ts';

/** A log of this length that is made as it is read. */
function longLog(length: number) {
  let reads = 0;
  return {
    reads: () => reads,
    async read(sessionId: string, { afterSeq, limit }: ReadRange) {
      reads += 1;
      const count = Math.min(limit, length - afterSeq);
      const events = Array.from({ length: count }, (_, i): SessionEvent => ({
        session_id: sessionId,
        seq: afterSeq + i + 1,
        event_id: `e${afterSeq + i + 1}`,
        ts: afterSeq + i,
        type: 'skill:progress',
        actor: 'a',
        command_id: null,
        data: { n: afterSeq + i },
      }));
      return { events, nextSeq: afterSeq + count, more: count === limit };
    },
  };
}
const session = (headSeq: number) => ({ session_id: 's', head_seq: headSeq }) as Session;

describe('the export of a long log', () => {
  it('reads no further than it is read: who reads slowly does not fill the memory', async () => {
    const log = longLog(100_000);
    const body = Readable.from(exportSession(log, session(100_000), 'jsonl'));
    await new Promise<void>((resolve) => {
      body.once('readable', () => {
        body.read();
        resolve();
      });
    });
    // Whatever could run ahead has had its turn.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(log.reads() <= 4, `${log.reads()} pages of 200 were read`);
    body.destroy();
  });

  it('is whole: every one of 100,000 events, each once and in order, up to where the log stood', async () => {
    for (const format of ['jsonl', 'ag-ui'] as const) {
      const log = longLog(100_300);
      let lines = 0;
      let largest = 0;
      let seq = 0;
      for await (const text of exportSession(log, session(100_000), format)) {
        largest = Math.max(largest, text.length);
        for (const line of text.split('\n')) {
          if (line === '') continue;
          lines += 1;
          const event = JSON.parse(line) as { seq?: number; value?: { seq?: number } };
          const at = event.seq ?? event.value?.seq;
          if (at === undefined) continue;
          assert.equal(at, seq + 1);
          seq = at;
        }
      }
      assert.equal(seq, 100_000);
      assert.equal(lines, format === 'jsonl' ? 100_000 : 100_002, 'the run around them');
      assert.ok(largest < 200_000, 'a page at a time');
    }
  });
});
