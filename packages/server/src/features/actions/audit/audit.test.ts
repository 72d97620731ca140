import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import type { AuditRecord } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import type { Store } from '../../../platform/store/index.ts';
import { forEachStore } from '../../../testing/stores.ts';
import { migrations } from '../migrations.ts';
import type { ActionTables } from '../tables.ts';
import { createAudit, type Audit } from './audit.ts';
import { exportAudit } from './export-audit.ts';

let store: Store;
let audit: Audit;
let now = 1_000;
const told: number[] = [];
const seqs = (records: readonly AuditRecord[]): number[] => records.map(({ seq }) => seq);
const text = async (format: 'jsonl' | 'csv'): Promise<string> => {
  let all = '';
  for await (const part of exportAudit(audit.pages({}), format)) all += part;
  return all;
};

forEachStore('the audit chain', (openStore) => {
  before(async () => {
    store = await openStore({ migrations });
    now = 1_000;
    told.length = 0;
    audit = createAudit({ store, clock: { ...systemClock, now: () => now }, told: (seq) => told.push(seq) });
    const entries: [string, string, string][] = [
      ['device:a', 'port.kill', '9000'],
      ['device:b', 'config.change', 'server.port'],
      ['watchdog', 'port.kill', '100%'],
      ['device:a', 'portal.open', '=cmd()'],
      ['device:a', 'port', 'x'],
    ];
    for (const [actor, verb, target] of entries) {
      now += 1_000;
      await audit.record({ actor, verb, target, data: {} });
    }
  });

  it('is read newest first, page by page, and each record is told of', async () => {
    const first = await audit.newest(null, 2, {});
    assert.deepEqual(seqs(first), [5, 4]);
    assert.deepEqual(seqs(await audit.newest(4, 10, {})), [3, 2, 1]);
    assert.deepEqual(told, [1, 2, 3, 4, 5]);
  });

  it('is filtered by who, what, about what and when; signs of a pattern are only signs', async () => {
    assert.deepEqual(seqs(await audit.newest(null, 9, { actor: 'device:a' })), [5, 4, 1]);
    assert.deepEqual(seqs(await audit.newest(null, 9, { verb: 'port' })), [5, 3, 1]);
    assert.deepEqual(seqs(await audit.newest(null, 9, { target: '%' })), [3]);
    assert.deepEqual(seqs(await audit.newest(null, 9, { target: 'SERVER' })), [2]);
    assert.deepEqual(seqs(await audit.newest(null, 9, { since: 3_000, until: 4_000 })), [3, 2]);
  });

  it('is exported whole, and no cell of the CSV is a formula', async () => {
    assert.equal((await text('jsonl')).trimEnd().split('\n').length, 5);
    const csv = await text('csv');
    assert.match(csv, /^seq,time,actor,verb,target,data,previous_hash,hash\r\n/);
    assert.match(csv, /portal\.open,"'=cmd\(\)"/);
  });

  it('is verified part by part, each from where the one before it ended', async () => {
    const part = await audit.verifyChain(0, 2);
    assert.deepEqual([part.ok, part.records, part.total], [true, 2, 5]);
    assert.deepEqual(await audit.verifyChain(2, 10), {
      ok: true,
      records: 5,
      total: 5,
      broken_at: null,
      reason: null,
    });
    await store
      .db<ActionTables>()
      .updateTable('audit')
      .set({ target: '9001' })
      .where('seq', '=', 4)
      .execute();
    const broken = await audit.verifyChain(2, 10);
    assert.deepEqual([broken.ok, broken.broken_at], [false, 4]);
  });
});
