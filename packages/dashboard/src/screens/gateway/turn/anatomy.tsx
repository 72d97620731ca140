import { useQuery } from '@tanstack/react-query';
import type { TurnDetail } from '@vigiles/contract';
import { SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError } from '../../../data/api.ts';
import { explainQuery } from '../../../data/gateway-queries.ts';
import { formatMs } from '../../../format/duration.ts';
import { formatCompact, formatCount, UNKNOWN } from '../../../format/number.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Money } from '../../../ui/money.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { Stat } from '../../../ui/stat.tsx';
import { StateBadge } from '../../../ui/state.tsx';
import { Ago } from '../../../ui/time.tsx';
import { turnFace } from '../turn-face.ts';
import { Changes } from './changes.tsx';
import { Cost } from './cost.tsx';
import { Course } from './course.tsx';
import { Candidates, Story } from './decision.tsx';
import { Said } from './said.tsx';

const mono = (text: string | null) =>
  text === null ? UNKNOWN : <code className="font-mono text-xs [overflow-wrap:anywhere]">{text}</code>;

/** One thing becoming another; the same on both sides is said once. */
const became = (from: string, to: string) =>
  from === to ? (
    mono(from)
  ) : (
    <>
      {mono(from)} <span className="text-text-3">→</span> {mono(to)}
    </>
  );

/** Output tokens a second, between the first content and the end. */
function speedOf({ output_tokens: out, ttft_ms: first, latency_ms: whole, stream }: TurnDetail): string {
  if (!stream || out === null || first === null || whole - first < 50) return UNKNOWN;
  return `${formatCompact(Math.round(out / ((whole - first) / 1000)))}/s`;
}

/** The head of a turn: how it ended, and its numbers. */
export function TurnHead({ turn }: { turn: TurnDetail }) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <StateBadge face={turnFace[turn.outcome]} />
        <span className="text-text-3">
          <Ago ts={turn.ts} /> · status {turn.status}
        </span>
      </div>
      {turn.error_kind && (
        <div className="mt-3 rounded-md bg-bad-soft px-3 py-2 text-bad">
          <p className="font-medium">{turn.error_kind}</p>
          {turn.error_message && <p className="break-words">{turn.error_message}</p>}
        </div>
      )}
      <dl className="mt-4 grid grid-cols-3 gap-3 @3xl:grid-cols-6">
        <Stat label="Cost">
          <Money micros={turn.cost_micros} />
        </Stat>
        <Stat label="Took">{formatMs(turn.latency_ms)}</Stat>
        <Stat label="First content">{formatMs(turn.ttft_ms)}</Stat>
        <Stat label="Tokens in">{formatCompact(turn.input_tokens)}</Stat>
        <Stat label="Out">{formatCompact(turn.output_tokens)}</Stat>
        <Stat label="Speed">{speedOf(turn)}</Stat>
      </dl>
    </>
  );
}

function Request({ turn }: { turn: TurnDetail }) {
  return (
    <Facts
      rows={[
        ['Model', became(turn.model_requested, turn.model)],
        ['Provider', turn.provider || UNKNOWN],
        ['Protocol', became(turn.client_protocol, turn.provider_protocol || turn.client_protocol)],
        ['Streamed', turn.stream ? 'yes' : 'no'],
        ['Device', mono(turn.device_id)],
        ['Session', mono(turn.session_id)],
        ['Workspace', mono(turn.workspace)],
        ['Id', mono(turn.id)],
      ]}
    />
  );
}

function Tokens({ turn }: { turn: TurnDetail }) {
  return (
    <Facts
      rows={[
        ['Input', formatCount(turn.input_tokens)],
        ['of it cached', formatCount(turn.cached_input_tokens)],
        ['Cache written', formatCount(turn.cache_write_tokens)],
        ['Output', formatCount(turn.output_tokens)],
        ['of it reasoning', formatCount(turn.reasoning_tokens)],
      ]}
    />
  );
}

/** Why it went where it went. */
function Decision({ turn }: { turn: TurnDetail }) {
  const query = useQuery(explainQuery(turn.id));
  if (query.isError && !query.data) {
    return <ErrorState error={query.error} what="The decision" retry={() => void query.refetch()} />;
  }
  if (!query.data) return <SkeletonRows rows={3} height={28} />;
  const { data } = query;
  return (
    <div className="flex flex-col gap-4">
      <Story story={data.story} />
      {data.candidates.length > 0 && <Candidates decision={data} chosen={turn.provider ? turn : null} />}
    </div>
  );
}

function Attempts({ turn }: { turn: TurnDetail }) {
  const { data } = useQuery(explainQuery(turn.id));
  if (!data) return <SkeletonRows rows={1} height={28} />;
  return <Course turn={turn} attempts={data.attempts} />;
}

/** The parts of one turn, in the order it went through them. */
export function anatomyParts(turn: TurnDetail): { id: string; title: string; content: ReactNode }[] {
  return [
    { id: 'course', title: 'Course', content: <Attempts turn={turn} /> },
    { id: 'request', title: 'Request', content: <Request turn={turn} /> },
    { id: 'decision', title: 'Route decision', content: <Decision turn={turn} /> },
    { id: 'changes', title: 'Changed on the way', content: <Changes turn={turn} /> },
    { id: 'tokens', title: 'Tokens', content: <Tokens turn={turn} /> },
    { id: 'cost', title: 'Cost', content: <Cost turn={turn} /> },
    { id: 'said', title: 'What was said', content: <Said id={turn.id} /> },
  ];
}

/** A turn that is not there yet or any more, could not be read, or is on its way. */
export function NoTurn({ error, retry }: { error: unknown; retry: () => void }) {
  if (error instanceof ApiError && error.status === 404) {
    return (
      <EmptyState icon={SearchX} title="There is no such turn">
        It may still be under way, or have been removed with old history.
      </EmptyState>
    );
  }
  return error ? (
    <ErrorState error={error} what="The turn" retry={retry} />
  ) : (
    <SkeletonRows rows={8} height={32} />
  );
}
