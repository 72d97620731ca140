import type { IncidentEntry } from '@vigiles/contract';
import {
  CircleAlert,
  Flag,
  Gavel,
  MessageSquare,
  ShieldCheck,
  Wrench,
  Zap,
  type LucideIcon,
} from 'lucide-react';
import { formatClock, formatMs } from '../../format/duration.ts';
import { formatAbsolute } from '../../format/duration.ts';
import { useNames } from '../../data/use-names.ts';
import { actorName, withNames } from '../../live/actor-names.ts';
import { titled } from '../../live/describe-event.ts';
import { foldEntries } from './fold-entries.ts';
import { Badge } from '../../ui/badge.tsx';

const kinds: Record<IncidentEntry['kind'], { icon: LucideIcon; label: string }> = {
  cause: { icon: CircleAlert, label: 'Cause' },
  decision: { icon: Gavel, label: 'Decision' },
  guard: { icon: ShieldCheck, label: 'Guard' },
  action: { icon: Zap, label: 'Action' },
  verification: { icon: Wrench, label: 'Verification' },
  outcome: { icon: Flag, label: 'Outcome' },
  note: { icon: MessageSquare, label: 'Note' },
};
const tiers: Record<number, string> = { 1: 'Tier 1 · rules', 2: 'Tier 2 · learned', 3: 'Tier 3 · AI' };

/** A value of the evidence as text: never as markup, whatever a log line holds. */
const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 1));

function Evidence({ evidence }: { evidence: Record<string, unknown> }) {
  const entries = Object.entries(evidence);
  if (entries.length === 0) return null;
  return (
    <details className="mt-1.5">
      <summary className="press inline-block min-h-6 rounded-sm text-sm text-text-3 hover:text-text">
        Evidence <span className="num">({entries.length})</span>
      </summary>
      <dl className="mt-1 grid grid-cols-[minmax(72px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 rounded-md bg-sunken px-3 py-2 font-mono text-xs">
        {entries.map(([key, value]) => (
          <div key={key} className="contents">
            <dt className="text-text-3">{key}</dt>
            <dd className="max-h-60 overflow-auto break-words whitespace-pre-wrap text-text-2" tabIndex={-1}>
              {show(value)}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** The story: cause → decision → action → verification → outcome, each with the time since the cause. */
export function Timeline({ entries: told }: { entries: readonly IncidentEntry[] }) {
  useNames();
  const entries = foldEntries(told);
  const start = entries[0]?.ts ?? 0;
  return (
    <ol className="relative">
      {entries.map((entry, i) => {
        const { icon: Icon, label } = kinds[entry.kind];
        return (
          <li
            key={`${entry.ts}-${i}`}
            className="relative grid grid-cols-[28px_minmax(0,1fr)] gap-x-3 pb-6 last:pb-0"
          >
            {i < entries.length - 1 && (
              <span aria-hidden className="absolute top-8 bottom-1 left-[13.5px] w-px bg-line-strong" />
            )}
            <span
              aria-hidden
              className="grid size-7 place-items-center rounded-full bg-idle-soft text-text-2"
            >
              <Icon size={14} strokeWidth={2} />
            </span>
            <div className="min-w-0">
              <div className="flex min-h-7 flex-wrap items-center gap-x-2 text-sm text-text-3">
                <span className="font-medium text-text-2">{label}</span>
                {entry.tier !== null && <Badge>{tiers[entry.tier] ?? `Tier ${entry.tier}`}</Badge>}
                <span>by {actorName(entry.actor)}</span>
                <time
                  dateTime={new Date(entry.ts).toISOString()}
                  data-tip={formatAbsolute(entry.ts)}
                  className="num ml-auto"
                >
                  {formatClock(entry.ts)}
                  {i > 0 && (
                    <span className="inline-block min-w-14 pl-2 text-right">
                      +{formatMs(entry.ts - start)}
                    </span>
                  )}
                </time>
              </div>
              <p className="font-medium text-pretty break-words">{titled(entry.title)}</p>
              {entry.detail && (
                <p className="text-pretty break-words text-text-2">{withNames(entry.detail)}</p>
              )}
              <Evidence evidence={entry.evidence} />
            </div>
          </li>
        );
      })}
    </ol>
  );
}
