import type { GithubConfig, GithubSync } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import type { Egress } from '../../../platform/egress/index.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import { runProgram } from '../../../platform/process/index.ts';
import { createRedactor } from '../../../platform/secrets/index.ts';
import { redactText } from '../../actions/index.ts';
import type { GithubClient } from '../client/github-client.ts';
import { isAllowed } from '../core/delivery.ts';
import { gitEnvironment, secretsWith } from './git-env.ts';

export interface SyncDeps {
  config(): GithubConfig;
  client: Pick<GithubClient, 'token'>;
  egress: Egress;
  events: EventLog;
  /** What git may see of our environment: PATH, HOME. */
  env: Readonly<Record<string, string>>;
}

interface Place {
  path: string;
  repository: string;
  ref: string;
  branch: string;
  url: string;
  withToken: boolean;
}

interface Output {
  ok: boolean;
  stdout: string;
  stderr: string;
  why: string;
}

const mostOutput = 32_768;

/** Keeps a working copy in step with GitHub: fast-forward only, one repository, one whole ref, never by force. */
export function createSync({ config, client, egress, events, env }: SyncDeps) {
  let busy = false;

  function placeOf(): Place {
    const { sync, repositories, web_url, enabled } = config();
    const { path, repository, ref } = sync;
    if (!enabled || path === undefined || repository === undefined) {
      return raise(
        fault('conflict', 'sync_not_configured', 'github.sync.path and github.sync.repository are not set.'),
      );
    }
    if (!isAllowed(repositories, repository)) {
      return raise(
        fault('forbidden', 'repository_not_allowed', `${repository} is not one of github.repositories.`),
      );
    }
    const url = sync.url ?? `${web_url.replace(/\/$/, '')}/${repository}.git`;
    if (!/^(?:https?|ssh|file):\/\//.test(url) || !URL.canParse(url)) {
      return raise(
        fault('invalid', 'sync_url_invalid', 'github.sync.url is no address that git fetches from.'),
      );
    }
    const { username, password, origin, protocol } = new URL(url);
    if (password !== '' || (username !== '' && protocol !== 'ssh:')) {
      return raise(
        fault('invalid', 'sync_url_invalid', 'github.sync.url has credentials in it; take them out.'),
      );
    }
    const withToken = protocol.startsWith('http') && origin === new URL(web_url).origin;
    return { path, repository, ref, branch: ref.slice('refs/heads/'.length), url, withToken };
  }

  async function work(action: 'pull' | 'push', place: Place, dryRun: boolean): Promise<GithubSync> {
    const { path, repository, ref, branch, url, withToken } = place;
    const token = withToken ? await client.token() : null;
    const redactor = createRedactor();
    for (const secret of token === null ? [] : secretsWith(token)) redactor.register(secret);
    const clean = (text: string) => redactText(redactor.text(text)).slice(0, mostOutput);
    const environment = gitEnvironment(env, url, token);
    const timeoutMs = config().sync.timeout_s * 1000;
    const deadline = performance.now() + timeoutMs;
    const said = { stdout: '', stderr: '' };

    async function git(...args: string[]): Promise<Output> {
      const end = await runProgram({
        command: ['git', '-C', path, ...args],
        env: environment,
        timeoutMs: Math.max(1, deadline - performance.now()),
        maxOutputBytes: mostOutput,
      });
      const output = clean(end.output);
      const ok = end.code === 0 && end.stopped === null;
      // git says what went wrong on its standard error, and what it did on either of both.
      if (ok) said.stdout += output;
      else said.stderr += output;
      const last =
        output
          .trim()
          .split('\n')
          .findLast((line) => /^(?:fatal|error|!|hint)/.test(line)) ?? output.trim().split('\n').at(-1);
      const why =
        end.error !== null
          ? 'git could not be started'
          : end.stopped
            ? `git was not done within ${timeoutMs / 1000} s`
            : (last ?? '').slice(0, 500);
      return { ok, stdout: output, stderr: ok ? '' : output, why };
    }
    const result = (success: boolean, detail: string): GithubSync => ({
      success,
      action,
      detail,
      ...said,
      repo: repository,
      branch,
    });

    /** After a fetch: what a fast-forward would bring, or why there can be none. */
    async function planPull(): Promise<GithubSync> {
      said.stdout = '';
      const counted = await git('rev-list', '--left-right', '--count', 'HEAD...FETCH_HEAD');
      if (!counted.ok) return result(false, counted.why);
      const [ours = 0, theirs = 0] = counted.stdout.trim().split(/\s+/).map(Number);
      said.stdout = '';
      if (theirs === 0) return result(true, 'nothing to pull');
      const listed = await git('log', '--oneline', '--no-decorate', '-n', '20', 'HEAD..FETCH_HEAD');
      if (!listed.ok) return result(false, listed.why);
      const commits = (count: number): string => (count === 1 ? '1 commit' : `${count} commits`);
      return ours > 0
        ? result(false, `cannot be fast-forwarded: ${commits(ours)} here and ${commits(theirs)} there`)
        : result(true, `would bring ${commits(theirs)}`);
    }

    const { hostname, port, protocol } = new URL(url);
    if (protocol !== 'file:') {
      const standard = { 'http:': 80, 'https:': 443 }[protocol] ?? 22;
      const reachable = await egress.addresses(hostname, Number(port) || standard, 'configured');
      if (!reachable.ok) return result(false, reachable.fault.message);
    }
    const head = await git('symbolic-ref', '--quiet', 'HEAD');
    if (!head.ok) return result(false, head.why || `${path} is no working copy on a branch`);
    // The whole ref: refs/heads/feature/main is not refs/heads/main.
    if (head.stdout.trim() !== ref)
      return result(false, `the working copy is on ${head.stdout.trim()}, not on ${ref}`);
    said.stdout = '';
    if (action === 'push') {
      const pushed = await git(
        'push',
        '--porcelain',
        ...(dryRun ? ['--dry-run'] : []),
        '--no-verify',
        '--no-follow-tags',
        '--recurse-submodules=no',
        url,
        `${ref}:${ref}`,
      );
      if (!pushed.ok) return result(false, `not pushed: ${pushed.why}`);
      if (dryRun)
        return result(true, /up.to.date/i.test(pushed.stdout) ? 'nothing to push' : `would push ${ref}`);
      return result(true, `pushed ${ref}`);
    }
    const fetched = await git(
      'fetch',
      '--no-tags',
      '--no-recurse-submodules',
      '--no-write-commit-graph',
      url,
      ref,
    );
    if (!fetched.ok) return result(false, `not fetched: ${fetched.why}`);
    if (dryRun) return planPull();
    const merged = await git('merge', '--ff-only', '--no-verify', '--no-edit', 'FETCH_HEAD');
    return result(merged.ok, merged.ok ? `fast-forwarded ${ref}` : `not fast-forwarded: ${merged.why}`);
  }

  return {
    /** Raises `sync_not_configured`, `repository_not_allowed`, `sync_url_invalid`, `sync_busy`; what git says is an answer. */
    async sync(action: 'pull' | 'push', actor: string, dryRun = false): Promise<GithubSync> {
      const place = placeOf();
      if (action === 'push' && !config().sync.push_enabled) {
        const { repository: repo, branch } = place;
        return {
          success: false,
          action,
          detail: 'push disabled by policy',
          stdout: '',
          stderr: '',
          repo,
          branch,
        };
      }
      if (busy)
        return raise(fault('conflict', 'sync_busy', 'A sync is under way already.', { retryable: true }));
      busy = true;
      try {
        const done = await work(action, place, dryRun);
        if (dryRun) return done;
        const { success, detail } = done;
        await events.append('ci.synced', {
          actor,
          subject: place.repository,
          data: { action, success, repository: place.repository, ref: place.ref, detail },
        });
        return done;
      } finally {
        busy = false;
      }
    },
  };
}

export type Sync = ReturnType<typeof createSync>;
