import { useQuery } from '@tanstack/react-query';
import type { AuditRecord } from '@vigiles/contract';
import { SearchX } from 'lucide-react';
import { auditRecordQuery } from '../../data/audit.ts';
import { formatAbsolute } from '../../format/duration.ts';
import { actorName } from '../../live/actor-names.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

interface Change {
  path: string;
  before: unknown;
  after: unknown;
}

/** Changes that a record tells of, whoever wrote it: anything else is none. */
function changesOf({ data }: AuditRecord): Change[] {
  const { changes } = data;
  if (!Array.isArray(changes)) return [];
  return changes.filter(
    (one): one is Change =>
      typeof one === 'object' && one !== null && typeof (one as Change).path === 'string',
  );
}

const shown = (value: unknown): string =>
  value === null || value === undefined
    ? 'nothing'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value, null, 1);

const code = (text: string) => <code className="font-mono text-xs break-all">{text}</code>;

function Shown({ record }: { record: AuditRecord }) {
  const changes = changesOf(record);
  const others = Object.entries(record.data).filter(([key]) => key !== 'changes' || changes.length === 0);
  return (
    <div className="flex flex-col gap-5 p-4">
      <Facts
        rows={[
          ['When', formatAbsolute(record.ts)],
          ['Who', actorName(record.actor)],
          ['Actor', code(record.actor)],
          ['What', code(record.verb)],
          ['About', record.target ? code(record.target) : '—'],
        ]}
      />
      {changes.length > 0 && (
        <section aria-label="What changed" className="flex flex-col gap-2">
          <h3 className="text-sm text-text-3">What changed</h3>
          {changes.map(({ path, before, after }) => (
            <div key={path} className="overflow-hidden rounded-md border border-line font-mono text-xs">
              <p className="border-b border-line bg-sunken px-2 py-1 break-all">{path}</p>
              <p className="bg-bad-soft px-2 py-1 break-all whitespace-pre-wrap text-bad">
                <span aria-hidden>− </span>
                <span className="sr-only">before: </span>
                {shown(before)}
              </p>
              <p className="bg-ok-soft px-2 py-1 break-all whitespace-pre-wrap text-ok">
                <span aria-hidden>+ </span>
                <span className="sr-only">after: </span>
                {shown(after)}
              </p>
            </div>
          ))}
        </section>
      )}
      {others.length > 0 && (
        <section aria-label="Details" className="flex flex-col gap-2">
          <h3 className="text-sm text-text-3">Details</h3>
          <Facts rows={others.map(([key, value]) => [key, code(shown(value))])} />
        </section>
      )}
      <section aria-label="Its place in the chain" className="flex flex-col gap-2">
        <h3 className="text-sm text-text-3">Its place in the chain</h3>
        <Facts
          rows={[
            ['After', code(record.previous_hash)],
            ['Hash', code(record.hash)],
          ]}
        />
      </section>
    </div>
  );
}

/** One record with what was before and after, and its hashes. */
export function RecordDrawer({ seq, onClose }: { seq: number; onClose: () => void }) {
  const query = useQuery(auditRecordQuery(seq));
  return (
    <Drawer title={`Record ${seq}`} label={`Record ${seq} of the audit`} onClose={onClose}>
      {query.isPending ? (
        <SkeletonRows rows={6} height={28} />
      ) : query.isError ? (
        <ErrorState error={query.error} what="The record" retry={() => void query.refetch()} />
      ) : query.data ? (
        <Shown record={query.data} />
      ) : (
        <EmptyState icon={SearchX} title="There is no such record">
          Where the chain has a later one, it was removed: verify the chain.
        </EmptyState>
      )}
    </Drawer>
  );
}
