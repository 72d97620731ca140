import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { FaultCategory, FaultView } from '@vigiles/contract';
import { BookOpen, Plus } from 'lucide-react';
import { useState } from 'react';
import { faultsQuery } from '../../data/faults.ts';
import { titled, words } from '../../live/describe-event.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { severityFace, StateLabel } from '../../ui/state.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { FaultDrawer } from './fault-drawer.tsx';
import { RuleForm } from './rule-form/rule-form.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { Toolbar } from '../../ui/toolbar.tsx';

// Written out: the contract’s schemas would bring all of zod along.
const kinds: readonly FaultCategory[] = [
  'service',
  'provider',
  'model',
  'agent',
  'state',
  'session',
  'prediction',
  'custom',
];
const categories = [
  { id: '', label: 'All' },
  ...kinds.map((id) => ({ id, label: `${id.charAt(0).toUpperCase()}${id.slice(1)}` })),
];

function Title({ fault }: { fault: FaultView }) {
  return (
    <Link
      to="/incidents/faults"
      search={(before) => ({ ...before, fault: fault.id })}
      data-row-link
      className={`${rowLink} font-medium`}
    >
      {fault.title}
    </Link>
  );
}

const answerOf = ({ tier1, escalate }: FaultView): string =>
  tier1[0] ? titled(tier1[0].action) : escalate.to === 'ai' ? 'Ask the AI' : 'Call a person';
const seenOf = ({ seen, enabled }: FaultView): string =>
  enabled ? (seen.active.length > 0 ? `${seen.episodes}, now` : String(seen.episodes)) : 'off';

const columns: Column<FaultView>[] = [
  {
    id: 'id',
    header: 'Id',
    width: '72px',
    cell: (row) => <span className="font-mono text-sm">{row.id}</span>,
  },
  {
    id: 'severity',
    header: 'Severity',
    width: '92px',
    from: 'md',
    cell: (row) => <StateLabel face={severityFace[row.severity]} quiet />,
  },
  { id: 'title', header: 'Fault', width: 'minmax(0,1fr)', cell: (row) => <Title fault={row} /> },
  {
    id: 'detectors',
    header: 'Seen by',
    width: '160px',
    from: 'lg',
    cell: (row) => (
      <span className="truncate text-text-2">
        {[...new Set(row.detectors.map(({ type }) => words(type)))].join(', ')}
      </span>
    ),
  },
  {
    id: 'answer',
    header: 'First answer',
    width: '180px',
    from: 'md',
    cell: (row) => <span className="truncate text-text-2">{answerOf(row)}</span>,
  },
  {
    id: 'seen',
    header: 'Seen',
    width: '72px',
    align: 'end',
    cell: (row) => <span className="text-text-2">{seenOf(row)}</span>,
  },
];

/** The fault catalogue: what Vigiles looks for, what it does, and rules of one’s own. */
export function Faults() {
  usePageTitle('Faults');
  const search = useSearch({ from: '/shell/incidents-frame/incidents/faults' });
  const navigate = useNavigate({ from: '/incidents/faults' });
  const query = useQuery(faultsQuery);
  /** `new`, or the id of the entry whose form is open. */
  const [form, setForm] = useState<string | null>(null);
  const category = search.category ?? '';
  const all = query.data?.faults ?? [];
  const rows = all.filter((row) => category === '' || row.category === category);
  const shown = all.find(({ id }) => id === search.fault);
  const kept = category === '' ? {} : { category };

  return (
    <>
      <Toolbar>
        <Segmented
          label="Category"
          items={categories}
          value={category}
          onChange={(id) => void navigate({ search: id ? { category: id } : {}, replace: true })}
        />
        <Button className="ml-auto" onClick={() => setForm('new')}>
          <Plus aria-hidden size={14} /> Add rule
        </Button>
      </Toolbar>
      {query.data && query.data.problems.length > 0 && (
        <div role="alert" className="border-b border-line px-(--gutter) py-2 text-sm">
          <p className="font-medium text-bad">
            Rules of your own are refused; the last good ones stay in force.
          </p>
          {query.data.problems.slice(0, 10).map(({ file, line, column, message }) => (
            <p key={`${file}:${line}:${column}:${message}`} className="text-text-2">
              <span className="font-mono text-xs">
                {file}:{line}:{column}
              </span>{' '}
              {message}
            </p>
          ))}
        </div>
      )}
      {query.isError && all.length === 0 ? (
        <ErrorState error={query.error} what="The catalogue" retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows rows={12} />
      ) : rows.length === 0 ? (
        <EmptyState icon={BookOpen} title="No fault of this kind">
          Rules of your own appear here.
        </EmptyState>
      ) : (
        <div className="flex min-h-0 flex-1">
          <VirtualTable
            className="min-w-0 flex-1 bg-surface [--row-pad:var(--gutter)]"
            label="Faults"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            {...(shown ? { selected: shown.id } : {})}
            compact={(row) => (
              <>
                <div className="flex">
                  <Title fault={row} />
                </div>
                <div className="flex items-center gap-2 text-sm text-text-3">
                  <span className="font-mono">{row.id}</span>
                  <StateLabel face={severityFace[row.severity]} quiet />
                  <span className="ml-auto">{answerOf(row)}</span>
                </div>
              </>
            )}
          />
          {shown && (
            <FaultDrawer
              key={shown.id}
              fault={shown}
              onEdit={() => setForm(shown.id)}
              onClose={() => void navigate({ search: kept, replace: true })}
            />
          )}
        </div>
      )}
      {form !== null && (
        <RuleForm
          entry={all.find(({ id }) => id === form) ?? null}
          onClose={() => setForm(null)}
          onSaved={(id) => void navigate({ search: { ...kept, fault: id }, replace: true })}
        />
      )}
    </>
  );
}
