import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActionRun, CiRunDetail } from '@vigiles/contract';
import { healingAt } from '../../../app/healing.ts';
import { startControl, type RunningControl } from '../../../app/index.ts';
import { silentLog } from '../../../kernel/log.ts';
import { loadConfig } from '../../../platform/config/index.ts';
import { startGithubStandIn, type Delivered, type StandInRun } from './github-stand-in.ts';

export const hookSecret = 'the-webhook-secret-0123456789';

export interface RigOptions {
  /** Further lines of `github:`, indented by two. */
  github?: string;
  /** Further lines of the configuration. */
  top?: string;
  /** The gateway's part of the configuration; without it there is none. */
  gateway?: string;
  env?: Record<string, string>;
  /** It looks by itself, many times a second. */
  polls?: true;
  /** False: no webhook secret is set. */
  secrets?: false;
  /** Where `token` stands for the stand-in's own. */
  token?: string | null;
}

/** A whole control that watches a stand-in of GitHub. It can be stopped and started again on the same home. */
export async function openGithubRig(options: RigOptions = {}) {
  const github = await startGithubStandIn();
  const { port } = new URL(github.url);
  const home = mkdtempSync(join(tmpdir(), 'vigiles-github-'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, ...options.env };
  const token =
    options.token === undefined ? `token: ${github.token}` : options.token ? `token: ${options.token}` : '';
  const yaml = `
gateway: ${options.gateway ?? '{ enabled: false }'}
egress: { allow_private: ['127.0.0.1:${port}'] }
limits: { standard: { per_minute: 6000, per_hour: 60000, per_day: 60000, cooldown_s: 0 } }
${options.top ?? ''}
github:
  repositories: [octo/hello, octo/other]
  ${token}
  use_gh: false
  api_url: ${github.url}
  web_url: ${github.url}
  poll_s: ${options.polls ? 1 : 0}
  ${options.secrets === false ? '' : "webhook: { secret: '${env:HOOK}', old_secret: '${env:OLD_HOOK}' }"}
${options.github ?? ''}
`;
  writeFileSync(join(home, 'vigiles.yaml'), yaml);
  Object.assign(env, { HOOK: hookSecret, OLD_HOOK: 'the-secret-before-it-9876' });
  const start = async (): Promise<{ control: RunningControl; url: string; admin: string }> => {
    const loaded = await loadConfig({ home, env });
    if (!loaded.ok) throw new Error(`${loaded.fault.message} ${JSON.stringify(loaded.fault.details)}`);
    const extend = [
      healingAt({ secondMs: 5, lookMs: 30, retryMs: [20, 20], ...(options.polls ? { pollMs: 50 } : {}) }),
    ];
    const control = await startControl({
      home,
      env,
      configuration: loaded.value,
      log: silentLog,
      port: 0,
      extend,
    });
    const { token: admin } = await control.devices.createDevice({ name: 'test', scopes: ['admin'] });
    return { control, url: control.address().url, admin };
  };
  let running = await start();

  const rig = {
    github,
    home,
    get control() {
      return running.control;
    },
    get url() {
      return running.url;
    },
    get hook() {
      return `${running.url}/api/v1/github/webhook`;
    },
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the test knows the form of the answer
    async call<T = Record<string, unknown>>(
      method: string,
      path: string,
      body?: unknown,
    ): Promise<{ status: number; body: T }> {
      const response = await fetch(running.url + path, {
        method,
        headers: {
          authorization: `Bearer ${running.admin}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as T };
    },
    /** Delivers `workflow_run` as GitHub does. */
    tell: (run: StandInRun, action = 'completed', at?: number, id?: string): Promise<Delivered> =>
      github.deliver(rig.hook, hookSecret, 'workflow_run', github.payloadOf(run, action, at), id),
    detail: async (run: StandInRun): Promise<CiRunDetail> =>
      (await rig.call<CiRunDetail>('GET', `/api/v1/github/runs/${run.id}`)).body,
    /** Waits until it holds of the run; says what it was instead after 60 s. */
    async until(
      run: StandInRun,
      what: string,
      holds: (detail: CiRunDetail) => boolean,
    ): Promise<CiRunDetail> {
      const deadline = performance.now() + 60_000;
      for (;;) {
        const seen = await rig.detail(run);
        if ('run' in seen && holds(seen)) return seen;
        if (performance.now() > deadline)
          throw new Error(`Never happened: ${what}; it is ${JSON.stringify(seen)}`);
        await new Promise((done) => setTimeout(done, 25));
      }
    },
    /** Waits until it was decided what to do about a run. */
    answered: (run: StandInRun): Promise<CiRunDetail> =>
      rig.until(run, 'an answer', (seen) => seen.run.action !== null),
    /** What people were told about a run. */
    async told(run: StandInRun): Promise<string[]> {
      const events = await running.control.events.read({
        afterSeq: 0,
        limit: 500,
        types: ['alert.raised'],
        subject: String(run.id),
      });
      return events.map(({ data }) => (data as { message: string }).message);
    },
    /** How a run of the action runner ended. */
    async ended(actionId: string): Promise<ActionRun | null> {
      const deadline = performance.now() + 60_000;
      for (;;) {
        const events = await running.control.events.read({
          afterSeq: 0,
          limit: 1,
          types: ['action.finished'],
          subject: actionId,
        });
        const [found] = events;
        if (found) return (found.data as { run: ActionRun }).run;
        if (performance.now() > deadline) return null;
        await new Promise((done) => setTimeout(done, 25));
      }
    },
    async restart(): Promise<void> {
      await running.control.stop();
      running = await start();
    },
    async close(): Promise<void> {
      await running.control.stop();
      await github.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return rig;
}

export type GithubRig = Awaited<ReturnType<typeof openGithubRig>>;
