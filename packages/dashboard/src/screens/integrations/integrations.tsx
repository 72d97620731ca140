import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ChannelHealth, GithubHealth, OauthConnection } from '@vigiles/contract';
import { Archive, Bell, BookOpen, Code, GitBranch, KeyRound, Mail } from 'lucide-react';
import type { ReactNode } from 'react';
import { githubHealthQuery } from '../../data/ci-queries.ts';
import {
  backupFactsQuery,
  bridgeQuery,
  mailFactsQuery,
  notionFactsQuery,
  oauthQuery,
  type BackupFacts,
} from '../../data/integrations.ts';
import { channelsQuery } from '../../data/notification-queries.ts';
import { formatCount } from '../../format/number.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import type { Face } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { BackUpNow } from './back-up-now.tsx';
import { Card, faces } from './card.tsx';
import { NotionActions } from './notion-actions.tsx';

const when = (ts: number | null): ReactNode => (ts === null ? 'never' : <Ago ts={ts} />);

/** One card of a query: nothing while it is not known, the error in its place where it cannot be. */
function Of<T>({
  query,
  title,
  children,
}: {
  query: UseQueryResult<T | null>;
  title: string;
  children: (data: T) => ReactNode;
}) {
  if (query.data) return children(query.data);
  if (query.isPending)
    return <div role="status" aria-label={`Loading ${title}`} className="skeleton h-44 rounded-lg" />;
  if (!query.isError) return null;
  return (
    <section aria-label={title} className="flex flex-col gap-2 rounded-lg bg-surface p-4 shadow-raised">
      <h2 className="font-medium">{title}</h2>
      <p role="alert" className="text-sm break-words text-bad">
        {query.error.message}
      </p>
    </section>
  );
}

const githubFace: Record<GithubHealth['status'], Face> = {
  ok: faces.ok,
  degraded: faces.attention,
  observing: { ...faces.unset, label: 'Only looks on' },
  off: faces.off,
};

function GithubCard() {
  const query = useQuery(githubHealthQuery);
  return (
    <Of query={query} title="GitHub">
      {(health) => (
        <Card
          icon={GitBranch}
          title="GitHub"
          face={health.repo.allowed.length === 0 ? faces.unset : githubFace[health.status]}
          part="github"
          to="/ci"
          link="Runs"
          error={
            health.repo.allowed.length === 0
              ? null
              : (health.polling.error ?? (health.auth.ok === false ? health.auth.message : null))
          }
          rows={[
            ['Repositories', health.repo.allowed.join(', ') || 'none'],
            ['Signed in', health.auth.kind === 'none' ? 'no' : health.auth.kind],
            ['Last delivery', when(health.webhook.last_received_at)],
            ['Last look', when(health.polling.last_at)],
          ]}
        />
      )}
    </Of>
  );
}

function channelsFace(channels: readonly ChannelHealth[]): Face {
  if (channels.length === 0) return faces.unset;
  if (channels.some(({ health }) => health === 'failing' || health === 'broken')) return faces.failing;
  return channels.every(({ health }) => health === 'off') ? faces.off : faces.ok;
}

const latest = (times: readonly (number | null)[]): number | null =>
  times.reduce<number | null>((last, at) => (at !== null && at > (last ?? 0) ? at : last), null);

function ChannelsCard() {
  const query = useQuery(channelsQuery);
  return (
    <Of query={query} title="Notification channels">
      {({ channels }) => {
        const wrong = channels.find(({ health }) => health === 'failing' || health === 'broken');
        return (
          <Card
            icon={Bell}
            title="Notification channels"
            face={channelsFace(channels)}
            part="notifications"
            to="/notifications"
            link="Channels"
            error={
              wrong &&
              `${wrong.name}: ${wrong.problem ?? wrong.last_error?.reason ?? 'it did not go through'}`
            }
            rows={[
              ['Channels', channels.map(({ name }) => name).join(', ') || 'none'],
              ['Last delivered', when(latest(channels.map((one) => one.last_delivered_at)))],
              ['Waiting', formatCount(channels.reduce((sum, one) => sum + one.queued, 0))],
            ]}
          />
        );
      }}
    </Of>
  );
}

function MailCard() {
  return (
    <Of query={useQuery(mailFactsQuery)} title="Mail">
      {(mail) => (
        <Card
          icon={Mail}
          title="Mail"
          face={
            !mail.enabled
              ? faces.off
              : mail.status === 'authenticated'
                ? faces.ok
                : mail.status === 'not_configured'
                  ? faces.unset
                  : faces.failing
          }
          part="mail"
          to="/mail"
          link="Outbox"
          error={mail.enabled ? mail.problem : null}
          rows={[
            ['By', mail.transport ?? 'nothing yet'],
            ['Today', `${formatCount(mail.emails_sent_today)} of ${formatCount(mail.daily_limit)}`],
          ]}
        />
      )}
    </Of>
  );
}

function backupsFace(targets: readonly BackupFacts[]): Face {
  const used = targets.filter(({ enabled }) => enabled);
  if (used.length === 0) return targets.length === 0 ? faces.unset : faces.off;
  return used.some(({ problem, last }) => problem !== null || last?.state === 'failed')
    ? faces.failing
    : faces.ok;
}

function BackupCard() {
  return (
    <Of query={useQuery(backupFactsQuery)} title="Backup relay">
      {(targets) => {
        const wrong = targets.find(({ problem, last }) => problem !== null || last?.state === 'failed');
        return (
          <Card
            icon={Archive}
            title="Backup relay"
            face={backupsFace(targets)}
            part="backups"
            actions={<BackUpNow targets={targets} />}
            error={wrong && `${wrong.name}: ${wrong.problem ?? wrong.last?.message ?? ''}`}
            rows={[
              ['To', targets.map(({ name, type }) => `${name} (${type})`).join(', ') || 'nowhere yet'],
              ['Last backup', when(latest(targets.map((one) => one.last_done_at)))],
            ]}
          />
        );
      }}
    </Of>
  );
}

function NotionCard() {
  return (
    <Of query={useQuery(notionFactsQuery)} title="Notion">
      {(notion) => (
        <Card
          icon={BookOpen}
          title="Notion"
          face={
            !notion.enabled
              ? faces.off
              : !notion.configured
                ? faces.unset
                : notion.problem !== null
                  ? faces.failing
                  : notion.conflicts > 0
                    ? faces.attention
                    : faces.ok
          }
          part="notion"
          actions={notion.enabled && notion.configured && <NotionActions conflicts={notion.conflicts} />}
          error={notion.enabled ? notion.problem : null}
          rows={[
            ['Pages', formatCount(notion.pages.length)],
            ['Last in step', when(latest(notion.pages.map((page) => page.synced_at)))],
            ['Conflicts', formatCount(notion.conflicts)],
          ]}
        />
      )}
    </Of>
  );
}

function EditorCard() {
  return (
    <Of query={useQuery(bridgeQuery)} title="VS Code">
      {(bridge) => (
        <Card
          icon={Code}
          title="VS Code"
          face={
            !bridge.enabled
              ? faces.off
              : !bridge.listening
                ? faces.failing
                : bridge.editors.length === 0
                  ? faces.listening
                  : faces.ok
          }
          part="vscode"
          error={bridge.problem}
          rows={[
            ['Editors connected', formatCount(bridge.editors.length)],
            ['Listens on', bridge.url ?? 'nothing'],
            ['Found by', bridge.discovery_file],
          ]}
        />
      )}
    </Of>
  );
}

const accountFace: Record<OauthConnection['status'], Face> = {
  connected: faces.ok,
  pending_auth: faces.attention,
  expired: faces.attention,
  error: faces.failing,
  not_configured: faces.unset,
};

function Accounts() {
  const query = useQuery(oauthQuery);
  // All providers that are known are listed; those that nobody set up would only bury the others.
  const used = query.data?.filter(({ status }) => status !== 'not_configured');
  if (used?.length === 0)
    return (
      <Card
        icon={KeyRound}
        title="Accounts"
        face={faces.unset}
        part="oauth"
        rows={[['Providers', 'none: connect one, and devices get short tokens of their own']]}
      />
    );
  return (
    <Of query={query} title="Accounts">
      {() =>
        used?.map((one) => (
          <Card
            key={one.provider}
            icon={KeyRound}
            title={`${one.label} account`}
            face={accountFace[one.status]}
            part="oauth"
            error={one.message}
            rows={[
              ['Account', one.account ?? 'none'],
              ['May', one.scopes.join(', ') || 'nothing yet'],
              ['Renewed', when(one.refreshed_at ?? one.connected_at)],
            ]}
          />
        ))
      }
    </Of>
  );
}

/** What Vigiles works with outside of itself, and how each of them does. */
export function Integrations() {
  usePageTitle('Integrations');
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-[1180px] gap-4 px-(--gutter) py-5 @2xl:grid-cols-2 @5xl:grid-cols-3">
        <GithubCard />
        <ChannelsCard />
        <MailCard />
        <BackupCard />
        <NotionCard />
        <EditorCard />
        <Accounts />
      </div>
    </div>
  );
}
