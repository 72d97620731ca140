import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { appRefusal, type StandInApp } from './app-token.ts';

export interface StandInJob {
  name: string;
  conclusion: string;
  /** Name of the step that failed. */
  step?: string;
  log?: string;
  annotations?: string[];
  minutes?: number;
}

interface Attempt {
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAt: number;
  jobs: (StandInJob & { id: number; attempt: number })[];
}

export interface StandInRun {
  id: number;
  repository: string;
  workflow: string;
  path: string;
  branch: string;
  sha: string;
  event: string;
  number: number;
  createdAt: number;
  attempts: Attempt[];
}

export type NewRun = Partial<Omit<StandInRun, 'id' | 'attempts'>> & {
  conclusion?: string | null;
  jobs?: StandInJob[];
  /** Number of the attempt it is in. */
  attempt?: number;
  startedAt?: number;
};

export interface Delivered {
  status: number;
  body: Record<string, unknown>;
  id: string;
}

const monthMs = 30 * 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * GitHub as far as Vigiles talks to it, over real HTTP, with GitHub's own rules: nothing without credentials, no re-run of what
 * runs, is older than 30 days or ran 50 times, rate limits with their headers, logs behind a signed address that accepts
 * no other credentials, the same delivery id when a delivery is sent again.
 */
export async function startGithubStandIn(options: { token?: string; app?: StandInApp } = {}) {
  const { token = 'ghp_standin0123456789abcdefghijklmnop' } = options;
  const runs = new Map<number, StandInRun>();
  const jobs = new Map<number, StandInJob>();
  const tokens = new Set([token]);
  const seen: { method: string; path: string; authorization: string | undefined }[] = [];
  const sent = new Map<string, { event: string; body: Buffer }>();
  const logSecret = randomUUID();
  let nextId = 1_000_000;
  let limit = { limit: 5000, remaining: 5000, reset: Math.floor(Date.now() / 1000) + 3600 };
  let failing: { status: number; times: number; headers?: Record<string, string>; message: string } | null =
    null;
  let reran: (run: StandInRun) => void = () => {};

  const newest = (run: StandInRun): Attempt => {
    const last = run.attempts.at(-1);
    if (!last) throw new Error('a run has an attempt');
    return last;
  };

  function runObject(run: StandInRun, at = run.attempts.length) {
    const attempt = run.attempts[at - 1] ?? newest(run);
    const ended = attempt.status === 'completed';
    return {
      id: run.id,
      name: run.workflow,
      path: run.path,
      head_branch: run.branch,
      head_sha: run.sha,
      run_number: run.number,
      run_attempt: at,
      event: run.event,
      status: attempt.status,
      conclusion: attempt.conclusion,
      html_url: `${url}/${run.repository}/actions/runs/${run.id}`,
      created_at: iso(run.createdAt),
      run_started_at: iso(attempt.startedAt),
      updated_at: iso(ended ? attempt.startedAt + 60_000 : attempt.startedAt),
      repository: { full_name: run.repository },
    };
  }

  function jobObject(job: Attempt['jobs'][number], startedAt: number) {
    const end = startedAt + (job.minutes ?? 1) * 60_000;
    const times = { started_at: iso(startedAt), completed_at: iso(end) };
    const steps = [
      {
        number: 1,
        name: 'Set up job',
        conclusion: 'success',
        started_at: iso(startedAt),
        completed_at: iso(startedAt),
      },
      ...(job.step === undefined
        ? []
        : [{ number: 2, name: job.step, conclusion: job.conclusion, ...times }]),
    ];
    return {
      id: job.id,
      name: job.name,
      run_attempt: job.attempt,
      status: 'completed',
      conclusion: job.conclusion,
      html_url: `${url}/jobs/${job.id}`,
      ...times,
      steps,
    };
  }

  const withIds = (made: readonly StandInJob[], attempt: number) =>
    made.map((job) => {
      const one = { ...job, id: (nextId += 1), attempt };
      jobs.set(one.id, one);
      return one;
    });

  function rerun(run: StandInRun): { status: number; message?: string } {
    const last = newest(run);
    if (last.status !== 'completed') return { status: 403, message: 'This workflow is already running' };
    if (Date.now() - run.createdAt > monthMs) {
      return {
        status: 403,
        message: 'Unable to retry this workflow run because it was created over a month ago',
      };
    }
    if (run.attempts.length >= 50) {
      return { status: 403, message: 'This workflow run has reached the maximum number of re-runs (50)' };
    }
    const kept = last.jobs.filter(({ conclusion }) => conclusion === 'success');
    if (kept.length === last.jobs.length)
      return { status: 403, message: 'There are no failed jobs to re-run' };
    run.attempts.push({ status: 'queued', conclusion: null, startedAt: Date.now(), jobs: kept });
    reran(run);
    return { status: 201 };
  }

  const json = (
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ) => {
    const limits = {
      'x-ratelimit-limit': String(limit.limit),
      'x-ratelimit-remaining': String(limit.remaining),
      'x-ratelimit-reset': String(limit.reset),
      'x-ratelimit-resource': 'core',
    };
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...limits, ...headers });
    response.end(JSON.stringify(body));
  };

  const signatureOf = (path: string) => createHmac('sha256', logSecret).update(path).digest('hex');

  function installationToken(request: IncomingMessage, response: ServerResponse): void {
    const wrong = appRefusal(options.app, (request.headers.authorization ?? '').replace(/^bearer /i, ''));
    if (wrong !== null) return json(response, 401, { message: wrong });
    const { app } = options;
    if (request.method !== 'POST' || !request.url?.startsWith(`/app/installations/${app?.installationId}/`))
      return json(response, 404, { message: 'Not Found' });
    const made = `ghs_${randomUUID().replaceAll('-', '')}`;
    tokens.add(made);
    const permissions = { actions: 'write' };
    json(response, 201, {
      token: made,
      expires_at: iso(Date.now() + 3_600_000),
      permissions,
      repository_selection: 'all',
    });
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const address = new URL(request.url ?? '/', url);
    const { pathname } = address;
    const { authorization } = request.headers;
    seen.push({ method: request.method ?? '', path: pathname, authorization });
    request.resume();
    if (pathname.startsWith('/_logs/')) {
      // As the store behind it does: a signed address and a header together are an error.
      if (authorization !== undefined) return void response.writeHead(400).end('InvalidAuthenticationInfo');
      const given = Buffer.from(address.searchParams.get('sig') ?? '');
      const expected = Buffer.from(signatureOf(pathname));
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        return void response.writeHead(403).end();
      const log = jobs.get(Number(pathname.slice('/_logs/'.length)))?.log;
      if (log === undefined) return void response.writeHead(404).end('BlobNotFound');
      return void response.writeHead(200, { 'content-type': 'text/plain' }).end(log);
    }
    if (/^\/app\/installations\/\d+\/access_tokens$/.test(pathname))
      return installationToken(request, response);
    const shown = (authorization ?? '').replace(/^(?:token|bearer) /i, '');
    if (!tokens.has(shown))
      return json(response, 401, { message: authorization ? 'Bad credentials' : 'Requires authentication' });
    if (failing && failing.times > 0) {
      failing.times -= 1;
      return json(response, failing.status, { message: failing.message }, failing.headers);
    }
    if (limit.remaining <= 0 && Date.now() / 1000 < limit.reset) {
      return json(response, 403, { message: 'API rate limit exceeded for installation.' });
    }
    limit.remaining -= 1;
    route(request, response, pathname);
  }

  function route(request: IncomingMessage, response: ServerResponse, pathname: string): void {
    const found = /^\/repos\/([^/]+\/[^/]+)\/(.+)$/.exec(pathname);
    const repository = found?.[1] ?? '';
    const rest = found?.[2] ?? '';
    const missing = () => json(response, 404, { message: 'Not Found' });
    if (rest === 'actions/runs') {
      const list = [...runs.values()]
        .filter((run) => run.repository === repository)
        .toSorted((a, b) => b.createdAt - a.createdAt);
      const body = {
        total_count: list.length,
        workflow_runs: list.slice(0, 50).map((run) => runObject(run)),
      };
      const etag = `"${createHmac('sha256', 'etag').update(JSON.stringify(body)).digest('hex').slice(0, 20)}"`;
      if (request.headers['if-none-match'] === etag) {
        // GitHub does not count it.
        limit.remaining += 1;
        return void response.writeHead(304, { etag }).end();
      }
      return json(response, 200, body, { etag });
    }
    const log = /^actions\/jobs\/(\d+)\/logs$/.exec(rest)?.[1];
    if (log !== undefined) {
      if (!jobs.has(Number(log))) return missing();
      const path = `/_logs/${log}`;
      return void response.writeHead(302, { location: `${url}${path}?sig=${signatureOf(path)}` }).end();
    }
    const check = /^check-runs\/(\d+)\/annotations$/.exec(rest)?.[1];
    if (check !== undefined) {
      const annotations = jobs.get(Number(check))?.annotations ?? [];
      return json(
        response,
        200,
        annotations.map((message) => ({ message, annotation_level: 'failure' })),
      );
    }
    const named = /^actions\/runs\/(\d+)(?:\/(.+))?$/.exec(rest);
    const run = runs.get(Number(named?.[1]));
    if (!run || run.repository !== repository) return missing();
    if (named?.[2] === undefined) return json(response, 200, runObject(run));
    if (named[2] === 'rerun-failed-jobs' && request.method === 'POST') {
      const { status, message } = rerun(run);
      return json(response, status, message === undefined ? {} : { message });
    }
    const at = Number(/^attempts\/(\d+)\/jobs$/.exec(named[2])?.[1]);
    const attempt = run.attempts[at - 1];
    if (!attempt) return missing();
    const list = attempt.jobs.map((job) => jobObject(job, attempt.startedAt));
    json(response, 200, { total_count: list.length, jobs: list });
  }

  const server = createServer(serve);
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  const payloadOf = (run: StandInRun, action: string, at?: number) => ({
    action,
    workflow_run: runObject(run, at),
    workflow: { name: run.workflow, path: run.path },
    repository: { full_name: run.repository },
  });

  async function send(to: string, secret: string, id: string): Promise<Delivered> {
    const kept = sent.get(id);
    if (!kept) throw new Error(`there is no delivery ${id}`);
    const signature = `sha256=${createHmac('sha256', secret).update(kept.body).digest('hex')}`;
    const response = await fetch(to, {
      method: 'POST',
      body: new Uint8Array(kept.body),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/standin',
        'x-github-event': kept.event,
        'x-github-delivery': id,
        'x-hub-signature-256': signature,
      },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, id };
  }

  return {
    url,
    token,
    seen,
    /** How often a path was asked for. */
    count: (method: string, pattern: RegExp) =>
      seen.filter((one) => one.method === method && pattern.test(one.path)).length,
    /** A run whose attempts before the last one failed in the same way. */
    addRun(wish: NewRun = {}): StandInRun {
      const { conclusion = 'failure', jobs: made = [], attempt = 1, startedAt = Date.now() - 120_000 } = wish;
      const id = (nextId += 1);
      const run: StandInRun = {
        repository: 'octo/hello',
        workflow: 'CI',
        path: '.github/workflows/ci.yml',
        branch: 'main',
        sha: createHmac('sha1', 'sha').update(String(id)).digest('hex'),
        event: 'push',
        number: id,
        createdAt: startedAt,
        ...Object.fromEntries(
          Object.entries(wish).filter(
            ([name]) => !['conclusion', 'jobs', 'attempt', 'startedAt'].includes(name),
          ),
        ),
        id,
        attempts: [],
      };
      for (let at = 1; at <= attempt; at += 1) {
        const status = conclusion === null && at === attempt ? 'in_progress' : 'completed';
        run.attempts.push({
          status,
          conclusion: conclusion ?? (at === attempt ? null : 'failure'),
          startedAt,
          jobs: withIds(made, at),
        });
      }
      runs.set(id, run);
      return run;
    },
    /** Ends the attempt under way; jobs that had passed before stay as they are. */
    finish(run: StandInRun, conclusion: string, made: readonly StandInJob[] = []): void {
      const last = newest(run);
      last.status = 'completed';
      last.conclusion = conclusion;
      last.jobs = [...last.jobs, ...withIds(made, run.attempts.length)];
    },
    payloadOf,
    /** Sends a delivery, signed. Any body: payloads of others as they are, bytes that are no text. */
    async deliver(
      to: string,
      secret: string,
      event: string,
      body: object | Buffer,
      id: string = randomUUID(),
    ): Promise<Delivered> {
      sent.set(id, { event, body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)) });
      return send(to, secret, id);
    },
    redeliver: send,
    onRerun(listener: (run: StandInRun) => void): void {
      reran = listener;
    },
    setLimit(next: Partial<typeof limit>): void {
      limit = { ...limit, ...next };
    },
    /** The next so many requests fail. */
    failNext(
      times: number,
      status: number,
      message = 'Server Error',
      headers: Record<string, string> = {},
    ): void {
      failing = { times, status, message, headers };
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((done) => void server.close(done));
    },
  };
}

export type GithubStandIn = Awaited<ReturnType<typeof startGithubStandIn>>;
