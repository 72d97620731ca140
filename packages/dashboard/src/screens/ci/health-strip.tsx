import { useQuery } from '@tanstack/react-query';
import type { GithubHealth } from '@vigiles/contract';
import { GitPullRequestArrow, TriangleAlert } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { githubHealthQuery } from '../../data/ci-queries.ts';
import { formatCount } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { StateBadge } from '../../ui/state.tsx';
import { Ago, Countdown } from '../../ui/time.tsx';
import { healthFace, minutesText, percent } from './ci-face.ts';
import { SyncDialog } from './sync-dialog.tsx';

const signedIn: Record<GithubHealth['auth']['kind'], string> = {
  app: 'GitHub App',
  token: 'Token',
  gh: 'gh login',
  none: 'None',
};

function One({
  label,
  children,
  tone = '',
  wide = false,
}: {
  label: string;
  children: ReactNode;
  tone?: string;
  /** Of no use in a hurry: not on a phone. */
  wide?: boolean;
}) {
  return (
    <div className={cx('flex items-baseline gap-1.5 whitespace-nowrap', wide && 'max-sm:hidden')}>
      <dt className="text-text-3">{label}</dt>
      <dd className={`num ${tone || 'text-text-2'}`}>{children}</dd>
    </div>
  );
}

/** A limit with less than a tenth left is told as such. */
function RateLimit({ limit }: { limit: NonNullable<GithubHealth['rate_limit']> }) {
  const low = limit.remaining < limit.limit / 10;
  return (
    <One label="Rate limit left" tone={low ? 'text-warn' : ''}>
      {formatCount(limit.remaining)} of {formatCount(limit.limit)}
      {low && (
        <>
          , whole again in <Countdown until={limit.reset_at} />
        </>
      )}
    </One>
  );
}

/** How things stand with GitHub, in a line: signed in how, told by what, how much may still be asked. */
export function HealthStrip() {
  const { data: health, error } = useQuery(githubHealthQuery);
  const [syncing, setSyncing] = useState(false);
  if (!health)
    return (
      <p
        role="status"
        className="flex min-h-10 shrink-0 items-center border-b border-line px-(--gutter) text-sm text-text-3"
      >
        {error && `How things stand with GitHub cannot be told: ${error.message}`}
      </p>
    );
  const { auth, webhook, polling, totals, rate_limit: limit } = health;
  return (
    <section aria-label="GitHub" className="shrink-0 border-b border-line">
      <div className="flex min-h-10 flex-wrap items-center gap-x-5 gap-y-1 px-(--gutter) py-2 text-sm">
        <StateBadge face={healthFace[health.status]} />
        <dl className="contents">
          <One
            label="Signed in"
            wide={auth.kind !== 'none' && auth.ok !== false}
            tone={auth.kind === 'none' || auth.ok === false ? 'text-warn' : ''}
          >
            <span data-tip={auth.message}>
              {signedIn[auth.kind]}
              {auth.ok === false && ', refused'}
            </span>
          </One>
          <One label="Webhook" tone={webhook.secret_configured ? '' : 'text-warn'}>
            {webhook.secret_configured
              ? webhook.rotating
                ? 'secret is changed'
                : 'secret set'
              : 'no secret'}
          </One>
          <One label="Last delivery">
            {webhook.last_received_at === null ? 'none yet' : <Ago ts={webhook.last_received_at} />}
          </One>
          {webhook.failed > 0 && (
            <One label="Not handled" tone="text-bad">
              {formatCount(webhook.failed)}
            </One>
          )}
          {polling.last_at !== null && (
            <One label="Last look" tone={polling.error ? 'text-warn' : ''} wide={!polling.error}>
              <span data-tip={polling.error ?? undefined}>
                <Ago ts={polling.last_at} />
                {polling.error && ', failed'}
              </span>
            </One>
          )}
          {limit && <RateLimit limit={limit} />}
          <span aria-hidden className="h-4 w-px bg-line-strong max-lg:hidden" />
          <One label="30 days">{formatCount(totals.failed)} failed</One>
          <One label="Healed">
            {formatCount(totals.auto_fixed)}
            {totals.ratio !== null && ` (${percent(totals.ratio)})`}
          </One>
          <One label="Retries" wide>
            {formatCount(totals.retries)}, {minutesText(totals.retry_minutes)}
          </One>
        </dl>
        <Button className="ml-auto" onClick={() => setSyncing(true)}>
          <GitPullRequestArrow aria-hidden size={13} /> Sync…
        </Button>
      </div>
      {syncing && <SyncDialog onClose={() => setSyncing(false)} />}
      {health.problems.length > 0 && (
        <ul className="flex flex-col gap-0.5 px-(--gutter) pb-2 text-sm text-warn">
          {health.problems.slice(0, 5).map((problem) => (
            <li key={problem} className="flex gap-2">
              <TriangleAlert aria-hidden size={13} className="mt-[3px] shrink-0" />
              <span className="min-w-0 break-words">{problem}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
