import payloads from '@octokit/webhooks-examples' with { type: 'json' };
import type { GithubRig } from '../../packages/server/src/features/github/testing/github-rig.ts';
import { hookSecret } from '../../packages/server/src/features/github/testing/github-rig.ts';
import { compileLog } from '../../packages/server/src/features/github/testing/logs.ts';

/** What became of one delivery. */
export interface DeliveryRow {
  delivery: string;
  answer: string;
  right: boolean;
}

interface Payload {
  action?: string;
  repository?: { full_name: string };
  workflow_run?: { status: string; conclusion: string | null };
  check_run?: { status: string; conclusion: string | null };
  workflow_job?: { status: string; conclusion: string | null };
}

const followed = new Set(['ping', 'push', 'workflow_run', 'workflow_job', 'check_run', 'star']);

/**
 * What the door must say to a payload. Only a run that ended is judged; a job or check that ended makes it be looked at, and the checks of the
 * examples are those of other apps than GitHub Actions.
 */
function expected(event: string, { action, workflow_run: run }: Payload): string {
  if (event === 'ping') return 'ok';
  if (event === 'push') return 'acknowledged';
  if (event === 'workflow_job') return action === 'completed' ? 'acknowledged' : 'ignored';
  if (event === 'workflow_run')
    return action === 'completed' && run?.conclusion === 'success' ? 'success' : 'acknowledged';
  return 'ignored';
}

/** Sends every payload that GitHub publishes of the followed events, and one that is not followed, as it is but for its repository. */
export async function examples(rig: GithubRig): Promise<DeliveryRow[]> {
  const rows: DeliveryRow[] = [];
  for (const { name, examples: all } of payloads as unknown as { name: string; examples: Payload[] }[]) {
    if (!followed.has(name)) continue;
    for (const payload of all) {
      const { repository } = payload;
      const ours = {
        ...payload,
        ...(repository && { repository: { ...repository, full_name: 'octo/other' } }),
      };
      const reply = await rig.github.deliver(rig.hook, hookSecret, name, ours);
      // GitHub’s examples tell the same moment of a run more than once.
      const twice = reply.body['status'] === 'duplicate';
      const result = reply.body['result'] as { status: string; message?: string } | null;
      const said = twice ? 'duplicate' : (result?.status ?? 'nothing');
      const it = payload.workflow_run ?? payload.check_run ?? payload.workflow_job;
      rows.push({
        delivery: [name, payload.action, it?.conclusion ?? it?.status].filter(Boolean).join(' '),
        answer: [reply.status, said, result?.message && `(${result.message})`].filter(Boolean).join(' '),
        right: reply.status === 200 && (twice || said === expected(name, payload)),
      });
    }
  }
  return rows;
}

/** A delivery again, of GitHub by itself and of an operator after its handling failed. */
export async function redeliveries(rig: GithubRig): Promise<DeliveryRow[]> {
  const jobs = [{ name: 'build', conclusion: 'failure', step: 'Run npm test', log: compileLog }];
  const taken = rig.github.addRun({ jobs });
  const first = await rig.tell(taken);
  await rig.answered(taken);
  const again = await rig.github.redeliver(rig.hook, hookSecret, first.id);

  const lost = rig.github.addRun({ jobs });
  rig.github.failNext(100, 500);
  const unhandled = await rig.tell(lost);
  const failed = async (): Promise<number> =>
    (await rig.call<{ webhook: { failed: number } }>('GET', '/api/v1/github/health')).body.webhook.failed;
  const deadline = performance.now() + 30_000;
  while ((await failed()) === 0 && performance.now() < deadline)
    await new Promise((done) => setTimeout(done, 25));
  rig.github.failNext(0, 500);
  const operator = await rig.github.redeliver(rig.hook, hookSecret, unhandled.id);
  const { run } = await rig.answered(lost);
  return [
    {
      delivery: 'a handled delivery again',
      answer: `${again.status} ${String(again.body['status'])}`,
      right: again.body['status'] === 'duplicate',
    },
    {
      delivery: 'a failed handling, sent again by an operator',
      answer: `${operator.status} ${String(operator.body['status'])}, then ${run.action?.kind ?? 'nothing'}`,
      right: operator.body['status'] === 'received' && run.action?.kind === 'notify',
    },
  ];
}
