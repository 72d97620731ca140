import type { GithubHealth } from '@vigiles/contract';
import { Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { CopyText } from '../../ui/copy-text.tsx';

const yaml = `github:
  repositories:
    - owner/name
  token: \${env:GITHUB_TOKEN}
  webhook:
    secret: \${env:GITHUB_WEBHOOK_SECRET}`;

function Step({ title, done, children }: { title: string; done: boolean; children: ReactNode }) {
  return (
    <li className="flex flex-col gap-1.5">
      <h3 className="font-medium">
        {title} {done && <span className="text-sm font-normal text-ok">done</span>}
      </h3>
      {children}
    </li>
  );
}

/** What is missing before anything can be seen here, each with what to paste where. */
export function SetUp({ health }: { health: GithubHealth }) {
  const hook = `${location.origin}/api/v1/github/webhook`;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-[620px] flex-col gap-6 px-(--gutter) py-10">
        <div className="flex flex-col items-center gap-1 text-center">
          <Workflow aria-hidden size={20} strokeWidth={1.6} className="mb-2 text-text-3" />
          <h2 className="font-medium">
            {health.status === 'off' ? 'GitHub is switched off' : 'No repository is watched yet'}
          </h2>
          <p className="max-w-md text-sm text-pretty text-text-3">
            Vigiles reads why runs of GitHub Actions fail, runs again what failed for no fault of the code,
            and tells you of the rest with the line that says why.
          </p>
        </div>
        <ol className="flex flex-col gap-5">
          {health.status === 'off' && (
            <Step title="Switch it on in vigiles.yaml" done={false}>
              <CopyText label="the switch" text={'github:\n  enabled: true'} />
            </Step>
          )}
          <Step title="Name the repositories in vigiles.yaml" done={health.repo.allowed.length > 0}>
            <CopyText label="the lines for vigiles.yaml" text={yaml} />
            <p className="text-sm text-pretty text-text-3">
              A token needs actions:write; a GitHub App or the login of GitHub’s own command line (gh) will do
              as well. Without any, failures are judged from what the webhook tells, and nothing is run again.
            </p>
          </Step>
          <Step title="Add a webhook to the repository" done={health.webhook.last_received_at !== null}>
            <CopyText label="the webhook’s address" text={hook} />
            <p className="text-sm text-pretty text-text-3">
              Settings → Webhooks → Add: content type application/json, the same secret, and the events
              Workflow runs, Workflow jobs, Check runs and Pushes. Where GitHub cannot reach this address,
              Vigiles looks by itself every few minutes.
            </p>
          </Step>
        </ol>
      </div>
    </div>
  );
}
