import type { GithubConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { toFault, type Result } from '../../kernel/fault.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Component } from '../../kernel/lifecycle.ts';
import type { Log } from '../../kernel/log.ts';
import type { Egress } from '../../platform/egress/index.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Presence } from '../../platform/presence/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { redactText, type ActionRequest, type Requested } from '../actions/index.ts';
import { createGithubClient } from './client/create-client.ts';
import { createGhLogin } from './client/gh-login.ts';
import type { Delivery, DeliveryFacts } from './core/delivery.ts';
import { createHealer } from './heal/healer.ts';
import { createCiTargets } from './heal/ci-targets.ts';
import { createHandOver, type HandOverDeps, type StartAgent } from './hand-over/hand-over.ts';
import { createOpinion, type Asking } from './opinion/opinion.ts';
import { createJobJudge } from './judging/job-judge.ts';
import { createPoller } from './poll/poller.ts';
import { githubRoutes } from './routes.ts';
import { createPipeline } from './runs/pipeline.ts';
import { flakyStore } from './runs/flaky-store.ts';
import { runStore } from './runs/run-store.ts';
import { createGithubService } from './service.ts';
import { createSync } from './sync/sync.ts';
import type { GithubTables } from './tables.ts';
import { createDoor } from './webhook/door.ts';
import { createInboxStore } from './webhook/inbox-store.ts';
import { createInbox } from './webhook/inbox.ts';

export type { StartAgent } from './hand-over/hand-over.ts';

export interface GithubDeps {
  store: Store;
  events: EventLog;
  presence: Presence;
  egress: Egress;
  clock: Clock;
  newId: NewId;
  log: Log;
  version: string;
  config(): GithubConfig;
  /** Fills references in. Throws where one leads nowhere. */
  resolve(text: string): string;
  /** The environment Vigiles was started with: where `gh` and `git` find what they need. */
  env: Readonly<Record<string, string | undefined>>;
  sessions: HandOverDeps['sessions'];
  /** null: no agents are started here. */
  startAgent(): StartAgent | null;
  /** Through whom models are asked; null: there is none. */
  asking: Asking | null;
  /** The one action runner. */
  request(request: ActionRequest): Promise<Result<Requested>>;
  /** Of waits, in tests shorter than in life. Milliseconds. */
  paces?: { secondMs?: number; lookMs?: number; retryMs?: readonly number[]; pollMs?: number };
}

const dayMs = 86_400_000;
const pruneEveryMs = 3_600_000;
const gitSees = ['PATH', 'HOME', 'TMPDIR', 'SSH_AUTH_SOCK', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];

/** GitHub Actions under watch: what comes in, what it means, what is done, and what people see of it. */
export function createGithub(deps: GithubDeps) {
  const {
    store,
    events,
    presence,
    clock,
    newId,
    log,
    config,
    resolve,
    env,
    egress,
    request,
    paces = {},
  } = deps;
  const db = store.db<GithubTables>();
  const ghLogin = createGhLogin(env, () => clock.monotonic());
  const client = createGithubClient({
    config,
    resolve,
    ghLogin,
    egress,
    clock,
    version: deps.version,
    ...(paces.secondMs === undefined ? {} : { secondMs: paces.secondMs }),
  });
  const judge = createJobJudge();
  const pipeline = createPipeline({
    store,
    events,
    clock,
    newId,
    log,
    config,
    client,
    judge,
    clean: redactText,
    healable: () => void healer.wake(),
    judged(run, judged) {
      handOver.offer(run, judged);
      opinion.consider(run, judged);
    },
  });
  const targets = createCiTargets({
    store,
    events,
    clock,
    newId,
    config,
    client,
    pipeline,
    ...(paces.lookMs === undefined ? {} : { lookMs: paces.lookMs }),
  });
  const handOver = createHandOver({
    store,
    events,
    log,
    config,
    sessions: deps.sessions,
    startAgent: () => deps.startAgent(),
    now: () => clock.now(),
  });
  const opinion = createOpinion({
    store,
    events,
    newId,
    log,
    config,
    asking: deps.asking,
    clean: redactText,
  });
  const healer = createHealer({ store, events, presence, clock, newId, log, request, clean: redactText });
  const poller = createPoller({
    store,
    clock,
    log,
    config,
    client,
    pipeline,
    ...(paces.pollMs === undefined ? {} : { pollMs: paces.pollMs }),
  });
  const sync = createSync({
    config,
    client,
    egress,
    events,
    env: Object.fromEntries(gitSees.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  });

  /** The webhook's secrets that are set and can be resolved; the new one first. */
  function secrets(): string[] {
    const { secret, old_secret } = config().webhook;
    return [secret, old_secret].flatMap((text) => {
      if (text === undefined) return [];
      try {
        return [resolve(text)];
      } catch (thrown) {
        log.warn({ err: toFault(thrown).message }, 'A webhook secret does not exist');
        return [];
      }
    });
  }

  const inboxStore = createInboxStore(store);
  const inbox = createInbox({
    store: inboxStore,
    presence,
    clock,
    log,
    handle: ({ repository, facts }, signal) => handle(repository, facts, signal),
    ...(paces.retryMs === undefined ? {} : { retryMs: paces.retryMs }),
  });

  async function handle(repository: string, facts: DeliveryFacts, signal: AbortSignal): Promise<void> {
    if (facts.kind === 'run') return pipeline.apply(facts.run, signal);
    if (facts.kind === 'run_hint') {
      // Where run events come too they say it better; where only jobs or checks are told, the run is asked for.
      if (facts.failed) await pipeline.refresh(repository, facts.runId, signal);
      return;
    }
    if (facts.kind !== 'push' || facts.deleted) return;
    const { pull_on_push, ref, repository: ours } = config().sync;
    if (!pull_on_push || facts.ref !== ref || ours?.toLowerCase() !== repository.toLowerCase()) return;
    const done = await sync.sync('pull', 'github');
    if (!done.success) log.warn({ detail: done.detail }, 'The working copy could not be brought up to date');
  }

  function received(id: string, { event, action, repository, facts }: Delivery): void {
    inbox.wake();
    if (facts.kind === 'run_hint' || facts.kind === 'none') return;
    const run = facts.kind === 'run' ? facts.run : null;
    const data = {
      event,
      action,
      repository,
      delivery_id: id,
      workflow: run?.workflow ?? null,
      branch: run?.branch ?? (facts.kind === 'push' ? facts.ref : null),
      conclusion: run?.conclusion ?? null,
      url: run?.url ?? null,
    };
    events
      .append('ci.delivery_received', { actor: 'github', subject: repository, data })
      .catch((thrown: unknown) => log.warn({ err: thrown }, 'A delivery could not be told of'));
  }

  const service = createGithubService({
    store,
    clock,
    config,
    client,
    ghLogin,
    secrets,
    inbox: inboxStore,
    pipeline,
    targets,
    polling: poller.state,
    sync,
    request,
  });

  async function prune(): Promise<void> {
    await inboxStore.prune(clock.now() - config().webhook.keep_days * dayMs);
    const before = clock.now() - config().keep_days * dayMs;
    await runStore.prune(db, before);
    await flakyStore.prune(db, before);
  }

  presence.each(async () => {
    await healer.takeUp();
    await inbox.takeUp();
  });
  let pruning: NodeJS.Timeout | null = null;
  const component: Component = {
    name: 'github',
    async start() {
      handOver.start();
      await healer.start();
      await inbox.start();
      poller.start();
      pruning = setInterval(() => {
        prune().catch((thrown: unknown) =>
          log.warn({ err: thrown }, 'Old CI runs could not be deleted; later again'),
        );
      }, pruneEveryMs).unref();
    },
    async stop() {
      if (pruning) clearInterval(pruning);
      handOver.stop();
      await inbox.stop();
      await opinion.stop();
      await poller.stop();
      await healer.stop();
      await judge.close();
    },
  };

  return {
    /** For the action runner. */
    targets,
    routes: [
      ...createDoor({ config, secrets, store: inboxStore, clock, received }),
      ...githubRoutes(service),
    ],
    component,
  };
}
