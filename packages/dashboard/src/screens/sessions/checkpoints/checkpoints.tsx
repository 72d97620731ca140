import { useQuery } from '@tanstack/react-query';
import type { Checkpoint, Session } from '@vigiles/contract';
import { Flag, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { checkpointsQuery } from '../../../data/session-queries.ts';
import { formatAbsolute } from '../../../format/duration.ts';
import { formatBytes } from '../../../format/number.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { Ago } from '../../../ui/time.tsx';
import { reasonAgainst } from '../controls/verbs.ts';
import { RollbackDialog } from './rollback-dialog.tsx';

const kinds = { auto: 'by itself', manual: 'asked for', safety: 'before a rollback' } as const;
const restored = ({ restores }: Checkpoint): string =>
  restores.files && restores.conversation
    ? 'files and conversation'
    : restores.files
      ? 'files'
      : restores.conversation
        ? 'conversation'
        : 'what the orchestrator makes of it';

/** The way back: a slider over everything the session can be taken back to, and what each is. */
export function Checkpoints({ session }: { session: Session }) {
  const query = useQuery(checkpointsQuery(session.session_id));
  const [at, setAt] = useState<number | null>(null);
  const [asking, setAsking] = useState(false);
  const all = (query.data ?? []).toSorted((a, b) => a.seq - b.seq);
  if (query.isError && !query.data)
    return <ErrorState error={query.error} what="Checkpoints" retry={() => void query.refetch()} />;
  if (!query.data) return <SkeletonRows rows={4} height={40} />;
  if (all.length === 0)
    return (
      <EmptyState icon={Flag} title="No checkpoint so far">
        A checkpoint is a point the session can be taken back to. One is taken before each turn of an agent
        that works in a repository.
      </EmptyState>
    );
  const place = Math.min(at ?? all.length - 1, all.length - 1);
  const chosen = all[place];
  const reason = reasonAgainst(session, 'ROLLBACK');
  // What of it this agent cannot do: its conversation stays where it is, say.
  const note = reason ?? session.agent?.capabilities.reasons['rollback'];
  if (!chosen) return null;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-(--gutter) py-5">
      <div className="mx-auto flex max-w-[720px] flex-col gap-5">
        <div>
          <label htmlFor="checkpoint" className="text-sm text-text-2">
            Checkpoint{' '}
            <span className="num">
              {place + 1} of {all.length}
            </span>
          </label>
          <input
            id="checkpoint"
            type="range"
            min={0}
            max={all.length - 1}
            step={1}
            value={place}
            aria-valuetext={`${chosen.label || chosen.checkpoint_id}, ${formatAbsolute(chosen.created_at)}`}
            onChange={(event) => setAt(Number(event.target.value))}
            className="mt-2 h-6 w-full accent-(--accent-solid)"
          />
          <div className="flex justify-between text-xs text-text-3">
            <Ago ts={all[0]?.created_at ?? null} />
            <Ago ts={all.at(-1)?.created_at ?? null} />
          </div>
        </div>
        <section aria-label="The checkpoint" className="rounded-lg bg-surface p-4 shadow-raised">
          <div className="mb-3 flex flex-wrap items-center gap-2">
            {chosen.kind === 'safety' ? (
              <ShieldCheck aria-hidden size={15} className="text-text-3" />
            ) : (
              <Flag aria-hidden size={15} className="text-text-3" />
            )}
            <h3 className="min-w-0 font-medium break-words">{chosen.label || chosen.checkpoint_id}</h3>
            <Badge>{kinds[chosen.kind]}</Badge>
          </div>
          <Facts
            rows={[
              ['Taken', <Ago key="t" ts={chosen.created_at} />],
              ['At event', chosen.seq],
              ['Restores', restored(chosen)],
              ...(chosen.restores.files
                ? ([
                    ['Files', chosen.files],
                    ['Size', formatBytes(chosen.bytes)],
                  ] as [string, number | string][])
                : []),
              ...(chosen.skill_name ? ([['During', chosen.skill_name]] as [string, string][]) : []),
            ]}
          />
          <div className="mt-4 flex flex-wrap items-center gap-3">
            <Button size="md" disabled={reason !== null} onClick={() => setAsking(true)}>
              See what going back would change…
            </Button>
            {note && <span className="text-sm text-pretty text-text-3">{note}</span>}
          </div>
        </section>
      </div>
      {asking && (
        <RollbackDialog
          session={session}
          checkpoint={chosen}
          steps={all.length - place}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
