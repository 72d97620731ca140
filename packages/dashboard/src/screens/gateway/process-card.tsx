import type { GatewaySnapshot } from '@vigiles/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { gatewayQuery, servicesQuery, statusQuery } from '../../data/queries.ts';
import { formatCompact, formatCount, formatMegabytes, formatShare, UNKNOWN } from '../../format/number.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Stat } from '../../ui/stat.tsx';
import { serviceFace, StateBadge } from '../../ui/state.tsx';
import { Span } from '../../ui/time.tsx';

/** The watchdog knows best; without it, only whether the process answers is known. */
function useFace(answers: boolean) {
  const watched = useQuery(servicesQuery).data?.find((service) => service.name === 'gateway');
  return serviceFace[watched?.state ?? (answers ? 'UP' : 'UNKNOWN')];
}

const perSecond = (perMinute: number): string => {
  const rate = perMinute / 60;
  return rate >= 10 ? formatCount(rate) : rate.toFixed(1);
};

function Providers({ providers }: { providers: GatewaySnapshot['providers'] }) {
  const word = { ok: 'ok', failing: 'failing', unknown: 'not used yet' } as const;
  const dot = { ok: 'bg-ok-fill', failing: 'bg-bad-fill', unknown: 'border border-edge' } as const;
  return (
    <ul
      aria-label="Providers"
      className="flex flex-wrap gap-x-5 gap-y-1 border-t border-line px-4 py-2.5 text-sm"
    >
      {providers.map((each) => (
        <li
          key={each.id}
          className="flex items-center gap-1.5"
          data-tip={`${each.type}${each.local ? ', on this network' : ''} · ${each.models.length} models${each.last_error ? `\n${each.last_error}` : ''}`}
        >
          <span aria-hidden className={`size-1.5 rounded-full ${dot[each.state]}`} />
          <Link
            to="/gateway/providers"
            search={{ provider: each.id }}
            className="inline-flex min-h-6 items-center rounded-sm hover:underline"
          >
            {each.id}
          </Link>
          <span className="text-text-3">{word[each.state]}</span>
        </li>
      ))}
    </ul>
  );
}

/** The gateway process itself. Without an answer from it every number is unknown, not zero. */
export function ProcessCard() {
  const query = useQuery(gatewayQuery);
  const face = useFace(query.data?.state === 'up');
  const url = useQuery(statusQuery).data?.gateway.url;
  if (query.isError && !query.data) {
    return <ErrorState error={query.error} what="The gateway" retry={() => void query.refetch()} />;
  }
  const snapshot = query.data?.snapshot ?? null;
  return (
    <section aria-label="Gateway process" className="rounded-lg bg-surface shadow-raised">
      <div className="flex flex-wrap items-center gap-x-8 gap-y-3 px-4 py-3">
        <div className="flex items-center gap-3 @max-4xl:w-full">
          {query.data ? <StateBadge face={face} /> : <span className="skeleton h-[22px] w-16" />}
          {url && <code className="font-mono text-xs text-text-3">{url}</code>}
        </div>
        <dl className="grid flex-1 grid-cols-3 gap-x-6 gap-y-3 @lg:grid-cols-4 @4xl:grid-cols-7">
          <Stat label="Process">{snapshot?.pid ?? UNKNOWN}</Stat>
          <Stat label="Running for">{snapshot ? <Span since={snapshot.started_at} /> : UNKNOWN}</Stat>
          <Stat label="Memory">{formatMegabytes(snapshot?.memory_mb)}</Stat>
          <Stat label="Requests/s">{snapshot ? perSecond(snapshot.requests_1m) : UNKNOWN}</Stat>
          <Stat label="Active">{formatCount(snapshot?.active)}</Stat>
          <Stat
            label="Errors, 1 min"
            tip={
              snapshot && snapshot.requests_1m > 0
                ? `${formatShare(snapshot.errors_1m / snapshot.requests_1m)} of requests`
                : ''
            }
          >
            {formatCount(snapshot?.errors_1m)}
          </Stat>
          <Stat label="Tokens/min">
            {snapshot ? formatCompact(snapshot.input_tokens_1m + snapshot.output_tokens_1m) : UNKNOWN}
          </Stat>
        </dl>
      </div>
      {snapshot && snapshot.providers.length > 0 && <Providers providers={snapshot.providers} />}
    </section>
  );
}
