import type { AgentRunRequest, Decision, GithubConfig, Session } from '@vigiles/contract';
import { mainTenant } from '@vigiles/contract';
import { toFault } from '../../../kernel/fault.ts';
import type { Log } from '../../../kernel/log.ts';
import type { EventLog } from '../../../platform/event-log/index.ts';
import type { Store } from '../../../platform/store/index.ts';
import type { Maker, Sessions } from '../../sessions/index.ts';
import { createCiTransaction } from '../ci-transaction.ts';
import { fixPrompt } from '../core/fix-prompt.ts';
import type { RunFacts } from '../core/run-facts.ts';
import type { Judged } from '../runs/judge-attempt.ts';
import { runStore } from '../runs/run-store.ts';
import type { GithubTables } from '../tables.ts';

/** Starts an agent with its first words. */
export type StartAgent = (request: AgentRunRequest, maker: Maker) => Promise<Session>;

export interface HandOverDeps {
  store: Store;
  events: EventLog;
  log: Log;
  config(): GithubConfig;
  sessions: Pick<Sessions, 'create' | 'openDecision' | 'append'>;
  /** null: no agents are started here. */
  startAgent(): StartAgent | null;
  now(): number;
}

const maker: Maker = { actor: 'ci', deviceId: 'ci', tenant: mainTenant };
const decisionId = 'fix';
const offerId = ({ id, attempt }: RunFacts): string => `ci-${id}-${attempt}`;

/** Offers a failure that nothing else mends to an agent. A person decides each time; nothing is started before. */
export function createHandOver({ store, events, log, config, sessions, startAgent, now }: HandOverDeps) {
  const db = store.db<GithubTables>();
  const transaction = createCiTransaction(store, events);
  let unsubscribe = () => {};

  async function offer(run: RunFacts, { verdict }: Judged): Promise<void> {
    const { enabled, agent, path, kinds, expires_minutes } = config().hand_over;
    if (!enabled || agent === undefined || path === undefined || !kinds.includes(verdict.kind)) return;
    const kept = await runStore.get(db, run.id);
    if (kept?.facts.attempt !== run.attempt || kept.action?.kind !== 'notify') return;
    const sessionId = offerId(run);
    const title = `Fix ${run.workflow} on ${run.branch}?`.slice(0, 200);
    await sessions.create(
      { session_id: sessionId, metadata: { title, ci_run: run.id, url: run.url } },
      maker,
    );
    await sessions.openDecision(
      sessionId,
      {
        decision_id: decisionId,
        kind: 'permission',
        question:
          `${run.workflow} of ${run.repository} failed. ${verdict.reason} Shall ${agent} fix it in ${path}?`.slice(
            0,
            9000,
          ),
        options: [
          { id: 'fix', label: 'Fix it', kind: 'allow_once' },
          { id: 'leave', label: 'Leave it', kind: 'reject_once' },
        ],
        on_timeout: 'deny',
        timeout_s: expires_minutes * 60,
        detail: { url: run.url, kind: verdict.kind, line: verdict.line?.text ?? null, folder: path, agent },
      },
      'ci',
    );
  }

  async function resolved({ session_id, resolution }: Decision): Promise<void> {
    const parts = /^ci-(\d{1,20})-(\d{1,4})$/.exec(session_id);
    if (!parts) return;
    const [, runId = '', attempt = ''] = parts;
    const yes = resolution?.source === 'operator' && resolution.choice === 'fix';
    const by = { actor: 'ci', producer: 'ci', trusted: true };
    const end = {
      type: 'execution:completed',
      data: { reason: yes ? 'it was handed over' : 'it was left' },
    } as const;
    await sessions.append(session_id, [end], by);
    const run = await runStore.get(db, runId);
    const { enabled, agent, path } = config().hand_over;
    const start = startAgent();
    if (!yes || !run || !start || !enabled || agent === undefined || path === undefined) return;
    const kept = await runStore.attempt(db, runId, Number(attempt));
    const id = `fix-${runId}-${attempt}`;
    const reason = `${resolution.by} handed it to ${agent}`;
    const action = {
      kind: 'agent',
      state: 'asked',
      by_rule: 'person',
      reason,
      at: now(),
      action_id: null,
    } as const;
    await transaction(async ({ db: trx }) => {
      const current = await runStore.get(trx, runId);
      // A later attempt has an answer of its own.
      if (current?.facts.attempt === Number(attempt)) await runStore.save(trx, { ...current, action });
    });
    const prompt = fixPrompt(run.facts, kept?.detail.verdict ?? null, kept?.detail.jobs ?? []);
    const title = `Fix ${run.facts.workflow} on ${run.facts.branch}`.slice(0, 200);
    await start({ agent, folder: path, prompt, title, session_id: id }, maker);
  }

  const failed = (what: string) => (thrown: unknown) => {
    // Offered before: the same attempt is not offered twice.
    if (toFault(thrown).code !== 'session_exists') log.warn({ err: thrown }, what);
  };

  return {
    offer: (run: RunFacts, judged: Judged): void => {
      void offer(run, judged).catch(failed('A failure could not be offered to an agent'));
    },
    start(): void {
      unsubscribe = events.subscribe(({ type, data }) => {
        if (type !== 'decision.resolved') return;
        const { decision } = data as { decision: Decision };
        if (decision.decision_id === decisionId)
          void resolved(decision).catch(failed('A failure could not be handed to an agent'));
      });
    },
    stop: () => unsubscribe(),
  };
}
