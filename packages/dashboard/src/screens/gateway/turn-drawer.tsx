import { useQuery } from '@tanstack/react-query';
import type { Turn } from '@vigiles/contract';
import { SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError } from '../../data/api.ts';
import { turnQuery } from '../../data/queries.ts';
import { formatMs } from '../../format/duration.ts';
import { formatCount, UNKNOWN } from '../../format/number.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Money } from '../../ui/money.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Stat } from '../../ui/stat.tsx';
import { StateBadge } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { turnFace } from './turn-face.ts';

const mono = (text: string | null) =>
  text === null ? UNKNOWN : <code className="font-mono text-xs break-all">{text}</code>;

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line px-4 py-4">
      <h3 className="mb-2.5 text-sm font-medium text-text-3">{title}</h3>
      {children}
    </section>
  );
}

function Body({ turn }: { turn: Turn }) {
  return (
    <>
      <div className="flex items-center gap-3 px-4 py-3">
        <StateBadge face={turnFace[turn.outcome]} />
        <span className="text-text-3">
          <Ago ts={turn.ts} /> · status {turn.status}
        </span>
      </div>
      {turn.error_kind && (
        <div className="mx-4 mb-4 rounded-md bg-bad-soft px-3 py-2 text-bad">
          <p className="font-medium">{turn.error_kind}</p>
          {turn.error_message && <p className="break-words">{turn.error_message}</p>}
        </div>
      )}
      <dl className="grid grid-cols-4 gap-3 px-4 pb-4">
        <Stat label="Cost">
          <Money micros={turn.cost_micros} />
        </Stat>
        <Stat label="Took">{formatMs(turn.latency_ms)}</Stat>
        <Stat label="First token">{formatMs(turn.ttft_ms)}</Stat>
        <Stat label="Attempts">{turn.attempts}</Stat>
      </dl>
      <Section title="Tokens">
        <Facts
          rows={[
            ['Input', formatCount(turn.input_tokens)],
            ['  of it cached', formatCount(turn.cached_input_tokens)],
            ['Cache written', formatCount(turn.cache_write_tokens)],
            ['Output', formatCount(turn.output_tokens)],
            ['  of it reasoning', formatCount(turn.reasoning_tokens)],
          ]}
        />
      </Section>
      <Section title="Route">
        <Facts
          rows={[
            ['Asked for', mono(turn.model_requested)],
            ['Sent as', mono(turn.model)],
            ['Provider', turn.provider],
            ['Protocols', `${turn.client_protocol} → ${turn.provider_protocol}`],
            ['Streamed', turn.stream ? 'yes' : 'no'],
            ['Device', mono(turn.device_id)],
            ['Session', mono(turn.session_id)],
            ['Id', mono(turn.id)],
          ]}
        />
      </Section>
      <Section title="Lost in translation">
        {turn.losses.length === 0 ? (
          <p className="text-text-3">Nothing: everything the agent sent could be said to this provider.</p>
        ) : (
          <ul className="flex flex-col gap-2">
            {turn.losses.map((loss) => (
              <li key={`${loss.path}:${loss.what}`}>
                <code className="font-mono text-xs text-text-2">{loss.path}</code>
                <p>
                  {loss.what} <span className="text-text-3">— {loss.why}</span>
                </p>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

/** One turn in full. */
export function TurnDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(turnQuery(id));
  const title = query.data?.model ?? 'Turn';
  return (
    <Drawer title={title} label={`Turn: ${title}`} onClose={onClose}>
      {query.data ? (
        <Body turn={query.data} />
      ) : query.error instanceof ApiError && query.error.status === 404 ? (
        <EmptyState icon={SearchX} title="There is no such turn">
          It may have been removed with old history.
        </EmptyState>
      ) : query.isError ? (
        <ErrorState error={query.error} what="The turn" retry={() => void query.refetch()} />
      ) : (
        <SkeletonRows rows={8} height={32} />
      )}
    </Drawer>
  );
}
