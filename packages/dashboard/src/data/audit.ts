import {
  infiniteQueryOptions,
  queryOptions,
  type InfiniteData,
  type QueryClient,
} from '@tanstack/react-query';
import type { AuditRecord } from '@vigiles/contract';
import { api, withQuery } from './api.ts';

export interface AuditPage {
  records: AuditRecord[];
  next: number | null;
}
export interface AuditFilter {
  actor?: string | undefined;
  verb?: string | undefined;
  target?: string | undefined;
  since?: number | undefined;
}
export interface ChainVerdict {
  ok: boolean;
  records: number;
  total: number;
  broken_at: number | null;
  reason: string | null;
}

const PAGE = 100;
const path = '/api/v1/audit';
const fromTheEnd = (): string | number => 'end';

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<AuditPage>(path, { ...filter, before: pageParam, limit: PAGE }, signal),
    initialPageParam: fromTheEnd(),
    getNextPageParam: ({ next }) => next,
  });

export const auditRecordQuery = (seq: number) =>
  queryOptions({
    queryKey: ['audit-record', seq],
    queryFn: async ({ signal }) => {
      const { records } = await api.get<AuditPage>(path, { after_seq: seq - 1, limit: 1 }, signal);
      return records.find((record) => record.seq === seq) ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The whole chain of a filter as a file. */
export const auditExport = (format: 'jsonl' | 'csv', filter: AuditFilter): string =>
  withQuery(`${path}/export.${format}`, { ...filter });

/** So many records are looked at with one call. */
const AT_ONCE = 5_000;

/** Looks at the whole chain on the server, part by part, and tells how far it is. */
export async function verifyAudit(
  told: (verdict: ChainVerdict) => void,
  signal: AbortSignal,
): Promise<ChainVerdict> {
  let after = 0;
  for (;;) {
    const verdict = await api.get<ChainVerdict>(
      `${path}/verify`,
      { after_seq: after, most: AT_ONCE },
      signal,
    );
    told(verdict);
    if (!verdict.ok || verdict.records >= verdict.total || verdict.records === after) return verdict;
    after = verdict.records;
  }
}

const GROW_MS = 400;
let growing: ReturnType<typeof setTimeout> | undefined;

/** Reads what came after the newest record of every list that is shown, and puts it on top. */
export function growAudit(client: QueryClient): void {
  growing ??= setTimeout(() => {
    growing = undefined;
    for (const query of client.getQueryCache().findAll({ queryKey: ['audit'], type: 'active' })) {
      const data = query.state.data as InfiniteData<AuditPage> | undefined;
      if (data) void grow(client, query.queryKey as readonly [string, AuditFilter], data);
    }
  }, GROW_MS);
}

async function grow(
  client: QueryClient,
  key: readonly [string, AuditFilter],
  { pages }: InfiniteData<AuditPage>,
): Promise<void> {
  const newest = pages[0]?.records[0]?.seq ?? 0;
  const fresh = await api
    .get<AuditPage>(path, { ...key[1], after_seq: newest, limit: 500 })
    .catch((): AuditPage => ({ records: [], next: null }));
  if (fresh.records.length === 0) return;
  client.setQueryData<InfiniteData<AuditPage>>(key, (now) => {
    const [first, ...rest] = now?.pages ?? [];
    if (!now || !first) return now;
    const known = new Set(first.records.map(({ seq }) => seq));
    const added = fresh.records.filter(({ seq }) => !known.has(seq)).toReversed();
    return { ...now, pages: [{ ...first, records: [...added, ...first.records] }, ...rest] };
  });
}
