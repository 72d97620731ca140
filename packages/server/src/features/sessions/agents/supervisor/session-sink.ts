import { randomUUID } from 'node:crypto';
import type { NewSessionEvent } from '@vigiles/contract';
import { insist } from '../../../../kernel/insist.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { Sessions } from '../../index.ts';
import type { AgentPhase, AgentSink } from '../agent-adapter.ts';

export interface SessionSinkOptions {
  sessionId: string;
  sessions: Pick<Sessions, 'append' | 'volatile' | 'openDecision' | 'cancelDecision'>;
  /** Takes secrets out. */
  redact(data: unknown): unknown;
  log: Log;
  /** UTC ms. */
  now(): number;
  beforeTurn(): Promise<void>;
  /** A command is being carried out: what follows from it is told by whoever gave it. */
  commanded(): boolean;
  phase(phase: AgentPhase): void;
  /** Its costs are counted where its model traffic passes. */
  countsCost: boolean;
  /** Control goes: what cannot be written at once is given up. */
  signal: AbortSignal;
}

export interface SessionSink extends AgentSink {
  /** Everything told so far is on disk, or given up. */
  settled(): Promise<void>;
}

/** Events that may wait to be written; an agent that says more loses the newest, and that is said. */
const MAX_WAITING = 5000;
/** Kept free for how its turns begin and end. */
const MAX_TURNS_WAITING = 1000;

/** Where an adapter's words become the session's log: in their order, in batches, without secrets. */
export function createSessionSink(options: SessionSinkOptions): SessionSink {
  const { sessionId, sessions, redact, log, signal } = options;
  const by = { actor: 'agent', producer: 'agent', trusted: true };
  let waiting: NewSessionEvent[] = [];
  /** Names each event, so that one whose commit was not heard of is not stored twice. */
  const run = randomUUID();
  let named = 0;
  let lost = 0;
  /** Said and not yet written. */
  let unwritten = 0;
  let chain: Promise<void> = Promise.resolve();
  let planned = false;

  const then = (work: () => Promise<unknown>): void => {
    const written = () =>
      insist(work, {
        signal,
        onFailure: (thrown) =>
          log.warn({ err: thrown, session: sessionId }, 'What an agent told waits for the store'),
      });
    chain = chain.then(written).then(
      () => undefined,
      (thrown: unknown) =>
        log.warn({ err: thrown, session: sessionId }, 'What an agent told could not be written'),
    );
  };
  const add = (type: string, data: Record<string, unknown>): void => {
    named += 1;
    unwritten += 1;
    waiting.push({ type, data, local_id: `${run}-${named}`, timestamp: options.now() });
  };
  const flush = (): void => {
    planned = false;
    if (lost > 0) add('execution:progress', { warning: `${lost} events were lost` });
    lost = 0;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    then(() => sessions.append(sessionId, batch, by));
    then(async () => void (unwritten -= batch.length));
  };
  const event = (type: string, data: Record<string, unknown>): void => {
    const most = MAX_WAITING + (type.startsWith('execution:') ? MAX_TURNS_WAITING : 0);
    if (unwritten >= most) return void (lost += 1);
    add(type, redact(data) as Record<string, unknown>);
    if (planned) return;
    planned = true;
    setImmediate(flush);
  };
  const inOrder = (work: () => Promise<unknown>): void => {
    flush();
    then(work);
  };
  return {
    event,
    beforeTurn: options.beforeTurn,
    volatile(type, data) {
      const { item_id: key } = data;
      const clean = redact(data) as Record<string, unknown>;
      sessions.volatile(sessionId, type, clean, typeof key === 'string' ? key : '');
    },
    decision({ decisionId, kind, question, options: choices, context }) {
      inOrder(() =>
        sessions.openDecision(
          sessionId,
          {
            decision_id: decisionId,
            kind,
            question: redact(question) as string,
            options: choices.map((one) => ({ ...one, label: redact(one.label) as string })),
            ...(kind === 'permission' ? { on_timeout: 'deny' as const } : {}),
            detail: redact(context) as Record<string, unknown>,
          },
          'agent',
        ),
      );
    },
    withdraw: (decisionId, why) => inOrder(() => sessions.cancelDecision(sessionId, decisionId, why)),
    usage(total) {
      const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens, contextWindow, costMicrousd } =
        total;
      event('usage:updated', {
        input_tokens: inputTokens,
        cached_input_tokens: cachedInputTokens,
        output_tokens: outputTokens,
        reasoning_tokens: reasoningTokens,
        context_window: contextWindow,
        ...(options.countsCost || costMicrousd === null ? {} : { cost_microusd: costMicrousd }),
      });
    },
    phase(phase, why) {
      options.phase(phase);
      if (phase === 'halted' && !options.commanded())
        event('execution:halted', { reason: why, initiated_by: 'agent' });
      if (phase === 'disconnected') event('session:phase', { phase, reason: why });
    },
    async settled() {
      flush();
      await chain;
    },
  };
}
