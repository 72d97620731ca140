import type { WatchdogConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { SpendGuard } from '../../actions/index.ts';

/** How models are asked; our own gateway gives it. */
export interface DiagnosisModel {
  ask(question: {
    model: string;
    system: string;
    user: string;
    maxTokens: number;
    signal: AbortSignal;
  }): Promise<{ status: number; text: string; error: string | null; turnId: string | null } | null>;
  costOf(turnId: string): Promise<{ tokensIn: number; tokensOut: number; costMicros: number | null } | null>;
  priceOf(model: string): Promise<{ input: number; output: number } | null>;
}

export interface Question {
  /** Under which its money is set aside. */
  id: string;
  /** A model or a route, as agents ask the gateway for it. */
  model: string;
  system: string;
  user: string;
  /** Aborted when whoever asks is stopped. */
  signal?: AbortSignal;
}

/** What a question cost, as the ledger has it. */
interface Cost {
  turnId: string | null;
  tokensIn: number;
  tokensOut: number;
  /** null: unpriced, or not known. */
  costMicros: number | null;
  latencyMs: number;
}

/** How a question ended. */
export type Questioned =
  | (Cost & { outcome: 'answered'; text: string; asked: true })
  | (Cost & { outcome: 'refused' | 'failed' | 'timeout'; reason: string; asked: true })
  /** It was never put, and cost nothing. `retryInMs`: when the budget may have room again; null: not soon. */
  | (Cost & { outcome: 'refused' | 'failed'; reason: string; asked: false; retryInMs: number | null });

interface Put {
  outcome: Questioned['outcome'];
  text: string;
  reason: string;
  turnId: string | null;
  /** The gateway said no, so that nothing was spent. */
  free: boolean;
}

export interface QuestionDeps {
  model: DiagnosisModel;
  spend: SpendGuard;
  config: () => WatchdogConfig;
  clock: Clock;
  log: Log;
}

/** Set aside for a call of which nobody knows the price: much more than one costs. */
const unpricedMicros = 20_000;
/** Characters that make a token at least; a prompt is never longer in tokens than this says. */
const charsPerToken = 2;

const noCost: Cost = { turnId: null, tokensIn: 0, tokensOut: 0, costMicros: null, latencyMs: 0 };

/**
 * Vigiles' own questions to models: one shot each, through our gateway, within one budget (`watchdog.ai`) for all who ask.
 * Money is set aside before and settled after; nothing here throws.
 */
export function createQuestions({ model, spend, config, clock, log }: QuestionDeps) {
  const stopping = new AbortController();

  async function estimate(name: string, chars: number): Promise<number> {
    const price = await model.priceOf(name).catch(() => null);
    if (!price) return unpricedMicros;
    // Dollars per million tokens are micro-dollars per token.
    return Math.ceil((chars / charsPerToken) * price.input + config().ai.max_tokens * price.output);
  }

  async function put({ model: name, system, user, signal: theirs }: Question): Promise<Put> {
    const { ai } = config();
    const stopped = theirs ? AbortSignal.any([stopping.signal, theirs]) : stopping.signal;
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(ai.timeout_s * 1000)]);
    const not = (outcome: Put['outcome'], reason: string, turnId: string | null, free: boolean): Put => ({
      outcome,
      text: '',
      reason,
      turnId,
      free,
    });
    try {
      const answer = await model.ask({ model: name, system, user, maxTokens: ai.max_tokens, signal });
      if (!answer) return not('failed', 'The gateway does not answer', null, true);
      const { status, error, text, turnId } = answer;
      if (status === 200) return { outcome: 'answered', text, reason: '', turnId, free: false };
      const outcome = status === 402 || status === 429 || status === 403 ? 'refused' : 'failed';
      return not(outcome, `The gateway answered ${status}${error ? `: ${error}` : ''}`, turnId, true);
    } catch (thrown) {
      if (stopped.aborted) return not('failed', 'Vigiles was stopped', null, false);
      if (signal.aborted) return not('timeout', `No answer within ${ai.timeout_s} s`, null, false);
      return not('failed', `It could not be asked: ${String(thrown)}`, null, false);
    }
  }

  /** What it cost, as the ledger has it. A call of which nobody knows stays paid in full. */
  async function settle(id: string, { turnId, free }: Put) {
    const cost = turnId === null ? null : await model.costOf(turnId).catch(() => null);
    await spend.settle(id, cost ? cost.costMicros : free ? 0 : null).catch((thrown: unknown) => {
      log.error({ err: thrown, call: id }, 'What a question cost could not be stored');
    });
    return cost;
  }

  return {
    spend,
    /** @param reserved called once its money is set aside, before it is put */
    async ask(question: Question, reserved?: () => Promise<void>): Promise<Questioned> {
      const { id, model: name, system, user } = question;
      const micros = await estimate(name, system.length + user.length);
      try {
        const verdict = await spend.reserve(id, micros);
        if (!verdict.allow) {
          const { reason, retryInMs } = verdict;
          return { ...noCost, outcome: 'refused', reason, asked: false, retryInMs };
        }
      } catch (thrown) {
        log.warn({ err: thrown }, 'A model is not asked: its cost could not be set aside');
        const reason = 'Its cost could not be set aside';
        return { ...noCost, outcome: 'failed', reason, asked: false, retryInMs: null };
      }
      await reserved?.();
      const begun = clock.monotonic();
      const got = await put(question);
      const latencyMs = Math.round(clock.monotonic() - begun);
      const cost = { ...noCost, ...(await settle(id, got)), turnId: got.turnId, latencyMs };
      const { outcome, text, reason } = got;
      return outcome === 'answered'
        ? { ...cost, outcome, text, asked: true }
        : { ...cost, outcome, reason, asked: true };
    },
    /** Ends what is under way; it answers that Vigiles was stopped. */
    stop: () => stopping.abort(),
  };
}

export type Questions = ReturnType<typeof createQuestions>;
