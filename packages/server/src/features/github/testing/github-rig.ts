import type { CiRunDetail } from '@vigiles/contract';
import { healing } from '../../../app/healing.ts';
import { startTestControl, type TestControl } from '../../../testing/test-control.ts';
import { startGithubStandIn, type GithubStandIn, type StandInRun } from './github-stand-in.ts';

export const hookSecret = 'the-webhook-secret-0123456789';

/** A whole control that watches a stand-in of GitHub. */
export interface GithubRig {
  control: TestControl;
  github: GithubStandIn;
  hook: string;
  /** Delivers `workflow_run` as GitHub does. */
  tell(
    run: StandInRun,
    action?: string,
    at?: number,
  ): Promise<{ status: number; body: Record<string, unknown>; id: string }>;
  detail(run: StandInRun): Promise<CiRunDetail>;
  /** Waits until it holds of the run; fails with what it was instead after 30 s. */
  until(run: StandInRun, what: string, holds: (detail: CiRunDetail) => boolean): Promise<CiRunDetail>;
  close(): Promise<void>;
}

/** @param more further lines below `github:` in the configuration, indented by two */
export async function openGithubRig(more = '', top = ''): Promise<GithubRig> {
  const github = await startGithubStandIn();
  const { port } = new URL(github.url);
  const yaml = `
gateway: { enabled: false }
egress: { allow_private: ['127.0.0.1:${port}'] }
limits: { standard: { per_minute: 6000, per_hour: 60000, per_day: 60000, cooldown_s: 0 } }
${top}
github:
  repositories: [octo/hello, octo/other]
  token: ${github.token}
  use_gh: false
  api_url: ${github.url}
  web_url: ${github.url}
  webhook: { secret: ${hookSecret} }
${more}
`;
  const control = await startTestControl({ yaml, extend: [healing] });
  const hook = `${control.url}/api/v1/github/webhook`;
  const detail = async (run: StandInRun) =>
    (await control.call<CiRunDetail>('GET', `/api/v1/github/runs/${run.id}`)).body;
  return {
    control,
    github,
    hook,
    tell: (run, action = 'completed', at) =>
      github.deliver(hook, hookSecret, 'workflow_run', github.payloadOf(run, action, at)),
    detail,
    async until(run, what, holds) {
      const deadline = performance.now() + 30_000;
      for (;;) {
        const seen = await detail(run);
        if ('run' in seen && holds(seen)) return seen;
        if (performance.now() > deadline)
          throw new Error(`Never happened: ${what}; it is ${JSON.stringify(seen)}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    },
    async close() {
      await control.close();
      await github.close();
    },
  };
}
