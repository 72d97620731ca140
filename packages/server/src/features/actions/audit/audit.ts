import { createHash } from 'node:crypto';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { AuditRecord } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { fromJson, toJson, type Store } from '../../../platform/store/index.ts';
import { redactData } from '../core/redact.ts';
import type { ActionTables } from '../tables.ts';
import { auditRows, type AuditFilter } from './audit-filter.ts';
import { canonicalJson } from './canonical-json.ts';

export interface AuditEntry {
  actor: string;
  verb: string;
  target: string;
  /** Redacted before it is stored. */
  data: Record<string, unknown>;
}

export interface ChainVerdict {
  ok: boolean;
  /** The last record that was looked at and fits. */
  records: number;
  /** How many there are. */
  total: number;
  /** The first record that does not fit; null when all do. */
  broken_at: number | null;
  reason: string | null;
}

/** The hash-chained record of who did what. Whoever changes or removes a line breaks the chain after it. */
export interface Audit {
  /** On disk when the promise resolves. */
  record(entry: AuditEntry): Promise<AuditRecord>;
  /** The same within a transaction of the caller, together with the state change it tells of. */
  recordIn(db: Transaction<ActionTables>, entry: AuditEntry): Promise<AuditRecord>;
  /** Oldest first. */
  read(afterSeq: number, limit: number, filter?: AuditFilter): Promise<AuditRecord[]>;
  /** Newest first, before a record; null: from the end. */
  newest(before: number | null, limit: number, filter: AuditFilter): Promise<AuditRecord[]>;
  /** All of a filter, oldest first, as they are now. */
  pages(filter: AuditFilter): AsyncGenerator<AuditRecord[]>;
  /** @param afterSeq begins after this record, which was found to fit; `most` records at once, else all */
  verifyChain(afterSeq?: number, most?: number): Promise<ChainVerdict>;
}

/** Hash before the first record. */
const genesis = '0'.repeat(64);
const auditLockKey = 7_166_221_002;

const hashOf = (record: Omit<AuditRecord, 'hash'>): string =>
  createHash('sha256').update(canonicalJson(record)).digest('hex');

const fromRow = (row: ActionTables['audit']): AuditRecord => ({
  ...row,
  data: fromJson<Record<string, unknown>>(row.data),
});

const pageSize = 500;

/** `told`: a record was written, or is about to be. */
export function createAudit({
  store,
  clock,
  told = () => {},
}: {
  store: Store;
  clock: Clock;
  told?: (seq: number) => void;
}): Audit {
  const db: Kysely<ActionTables> = store.db<ActionTables>();

  const recordIn: Audit['recordIn'] = async (trx, entry) => {
    // Two controls on one PostgreSQL must not both follow the same record.
    if (store.dialect === 'postgres')
      await sql`select pg_advisory_xact_lock(${sql.lit(auditLockKey)})`.execute(trx);
    const last = await trx
      .selectFrom('audit')
      .select(['seq', 'hash'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    const unsigned = {
      seq: (last?.seq ?? 0) + 1,
      ts: clock.now(),
      actor: entry.actor,
      verb: entry.verb,
      target: entry.target,
      // Through JSON, so that what is hashed is exactly what is read back.
      data: fromJson<Record<string, unknown>>(toJson(redactData(entry.data))),
      previous_hash: last?.hash ?? genesis,
    };
    const record = { ...unsigned, hash: hashOf(unsigned) };
    await trx
      .insertInto('audit')
      .values({ ...record, data: toJson(record.data) })
      .execute();
    told(record.seq);
    return record;
  };

  const read: Audit['read'] = async (afterSeq, limit, filter = {}) =>
    (await auditRows(db, filter).where('seq', '>', afterSeq).orderBy('seq').limit(limit).execute()).map(
      fromRow,
    );

  const end = async (): Promise<number> =>
    (await db.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst())?.seq ?? 0;

  return {
    record: (entry) =>
      store.transaction<ActionTables, AuditRecord>((trx) => recordIn(trx, entry), { durable: true }),
    recordIn,
    read,
    async newest(before, limit, filter) {
      let rows = auditRows(db, filter);
      if (before !== null) rows = rows.where('seq', '<', before);
      return (await rows.orderBy('seq', 'desc').limit(limit).execute()).map(fromRow);
    },
    async *pages(filter) {
      let seq = 0;
      for (;;) {
        const page = await read(seq, pageSize, filter);
        if (page.length > 0) yield page;
        if (page.length < pageSize) return;
        seq = page.at(-1)?.seq ?? seq;
      }
    },
    async verifyChain(afterSeq = 0, most = Number.POSITIVE_INFINITY) {
      const total = await end();
      const [start] = afterSeq === 0 ? [] : await read(afterSeq - 1, 1);
      let previous = start?.hash ?? genesis;
      let seq = afterSeq;
      let left = most;
      const broken = (at: number, reason: string): ChainVerdict => ({
        ok: false,
        records: seq,
        total,
        broken_at: at,
        reason,
      });
      if (afterSeq !== 0 && start?.seq !== afterSeq) return broken(afterSeq, `record ${afterSeq} is missing`);
      for (;;) {
        const page = await read(seq, Math.min(pageSize, left));
        for (const { hash, ...record } of page) {
          if (record.seq !== seq + 1) return broken(record.seq, `record ${seq + 1} is missing`);
          if (record.previous_hash !== previous)
            return broken(record.seq, 'it does not follow the record before it');
          if (hashOf(record) !== hash) return broken(record.seq, 'its content was changed');
          previous = hash;
          seq = record.seq;
        }
        left -= page.length;
        if (page.length < pageSize || left <= 0)
          return { ok: true, records: seq, total: Math.max(total, seq), broken_at: null, reason: null };
      }
    },
  };
}
