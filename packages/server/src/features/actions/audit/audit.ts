import { createHash } from 'node:crypto';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { AuditRecord } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { fromJson, toJson, type Store } from '../../../platform/store/index.ts';
import { redactData } from '../core/redact.ts';
import type { ActionTables } from '../tables.ts';
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
  records: number;
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
  read(afterSeq: number, limit: number): Promise<AuditRecord[]>;
  verifyChain(): Promise<ChainVerdict>;
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

export function createAudit({ store, clock }: { store: Store; clock: Clock }): Audit {
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
    return record;
  };

  const read: Audit['read'] = async (afterSeq, limit) => {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', afterSeq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    return rows.map(fromRow);
  };

  return {
    record: (entry) =>
      store.transaction<ActionTables, AuditRecord>((trx) => recordIn(trx, entry), { durable: true }),
    recordIn,
    read,
    async verifyChain() {
      let previous = genesis;
      let seq = 0;
      for (;;) {
        const page = await read(seq, 500);
        for (const { hash, ...record } of page) {
          const broken = (reason: string) => ({ ok: false, records: seq, broken_at: record.seq, reason });
          if (record.seq !== seq + 1) return broken(`record ${seq + 1} is missing`);
          if (record.previous_hash !== previous) return broken('it does not follow the record before it');
          if (hashOf(record) !== hash) return broken('its content was changed');
          previous = hash;
          seq = record.seq;
        }
        if (page.length < 500) return { ok: true, records: seq, broken_at: null, reason: null };
      }
    },
  };
}
