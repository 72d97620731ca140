import type { ActionInfo, DiagnosisCall, DiagnosisOutcome, WatchdogConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import { redactText, type SpendGuard } from '../../actions/index.ts';
import { allowListFor } from './allow-list.ts';
import { buildPrompt, type DiagnosisContext } from './prompt.ts';
import { readAnswer, type ReadAnswer } from './read-answer.ts';
import { diagnosisStatus } from './status.ts';
import type { DiagnosisStore } from './store.ts';

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

export interface DiagnosisDeps {
  model: DiagnosisModel;
  spend: SpendGuard;
  store: DiagnosisStore;
  catalog: readonly ActionInfo[];
  config: () => WatchdogConfig;
  /** `gateway.default_model`. */
  defaultModel: () => string | undefined;
  clock: Clock;
  newId: NewId;
  log: Log;
}

/** How a question ended. Without an action there is nothing to do but to tell a person. */
export interface Diagnosis {
  call: DiagnosisCall;
  advice: { action: string; params: Record<string, unknown>; reason: string; confidence: number } | null;
}

/** Set aside for a call of which nobody knows the price: much more than one costs. */
const unpricedMicros = 20_000;
/** Characters that make a token at least; a prompt is never longer in tokens than this says. */
const charsPerToken = 2;
/** An unusable answer is not asked for again so soon, whatever incident it is for. */
const holdOffMs = 3_600_000;
const maxHeldOff = 500;

/** Tier 3: one question to a model, within its limits. Every way it can fail ends with a person. */
export function createDiagnosis(deps: DiagnosisDeps) {
  const { model, spend, store, clock, newId, log, config } = deps;
  const heldOff = new Map<string, number>();
  const stopping = new AbortController();

  const modelName = () => config().ai.model ?? deps.defaultModel();

  function ready(fingerprint?: string): { ready: boolean; why: string } {
    const { ai } = config();
    if (!ai.enabled) return { ready: false, why: 'The AI is switched off' };
    if (modelName() === undefined) return { ready: false, why: 'No model is named for the AI' };
    const until = fingerprint === undefined ? undefined : heldOff.get(fingerprint);
    if (until !== undefined && until > clock.monotonic()) {
      return { ready: false, why: 'The AI had no usable answer to this pattern lately' };
    }
    const verdict = spend.judge(0);
    return verdict.allow
      ? { ready: true, why: '' }
      : { ready: false, why: `The AI’s limit is reached: ${verdict.reason}` };
  }

  async function estimate(name: string, chars: number): Promise<number> {
    const price = await model.priceOf(name).catch(() => null);
    if (!price) return unpricedMicros;
    // Dollars per million tokens are micro-dollars per token.
    return Math.ceil((chars / charsPerToken) * price.input + config().ai.max_tokens * price.output);
  }

  function holdOff(fingerprint: string): void {
    if (heldOff.size >= maxHeldOff) heldOff.delete(heldOff.keys().next().value ?? '');
    heldOff.set(fingerprint, clock.monotonic() + holdOffMs);
  }

  const save = (call: DiagnosisCall): Promise<void> =>
    store.save(call).catch((thrown: unknown) => {
      log.error({ err: thrown, call: call.id }, 'A question to a model could not be recorded');
    });

  /** What the call cost, as the ledger has it. A call of which nobody knows stays paid in full. */
  async function settle(call: DiagnosisCall, refused: boolean): Promise<DiagnosisCall> {
    const cost = call.turn_id === null ? null : await model.costOf(call.turn_id).catch(() => null);
    await spend.settle(call.id, cost ? cost.costMicros : refused ? 0 : null).catch((thrown: unknown) => {
      log.error({ err: thrown, call: call.id }, 'What a question cost could not be stored');
    });
    if (!cost) return call;
    return { ...call, tokens_in: cost.tokensIn, tokens_out: cost.tokensOut, cost_micros: cost.costMicros };
  }

  async function put(call: DiagnosisCall, prompt: { system: string; user: string }) {
    const { ai } = config();
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(ai.timeout_s * 1000)]);
    try {
      const answer = await model.ask({ model: call.model, ...prompt, maxTokens: ai.max_tokens, signal });
      if (!answer)
        return { outcome: 'failed' as const, reason: 'The gateway does not answer', refused: true };
      const { status, error, text, turnId } = answer;
      if (status !== 200) {
        const reason = `The gateway answered ${status}${error ? `: ${error}` : ''}`;
        const outcome: DiagnosisOutcome =
          status === 402 || status === 429 || status === 403 ? 'refused' : 'failed';
        return { outcome, reason, turnId, refused: true };
      }
      return { text, turnId, refused: false };
    } catch (thrown) {
      if (stopping.signal.aborted)
        return { outcome: 'failed' as const, reason: 'Vigiles was stopped', refused: false };
      if (signal.aborted) {
        return { outcome: 'timeout' as const, reason: `No answer within ${ai.timeout_s} s`, refused: false };
      }
      return {
        outcome: 'failed' as const,
        reason: `It could not be asked: ${String(thrown)}`,
        refused: false,
      };
    }
  }

  return {
    ready,

    /** Asks once. Never throws; counts whatever comes of it. */
    async ask(context: DiagnosisContext, fingerprint: string): Promise<Diagnosis> {
      const { ai, scripts } = config();
      const { incident } = context;
      const name = modelName() ?? '';
      const allowed = allowListFor(deps.catalog, incident.target, incident.target_class, scripts);
      const prompt = buildPrompt(context, allowed, newId('q').slice(2), redactText);
      let call: DiagnosisCall = {
        id: newId('dia'),
        ts: clock.now(),
        incident_id: incident.id,
        fingerprint,
        outcome: 'asking',
        model: name,
        turn_id: null,
        tokens_in: 0,
        tokens_out: 0,
        cost_micros: null,
        latency_ms: 0,
        action: null,
        confidence: null,
        reason: '',
      };
      const end = async (outcome: DiagnosisOutcome, reason: string, advice: Diagnosis['advice'] = null) => {
        if (!advice) holdOff(fingerprint);
        call = { ...call, outcome, reason: redactText(reason).slice(0, 500) };
        await save(call);
        return { call, advice };
      };
      const micros = await estimate(name, prompt.system.length + prompt.user.length);
      try {
        const verdict = await spend.reserve(call.id, micros);
        if (!verdict.allow)
          return { call: { ...call, outcome: 'refused', reason: verdict.reason }, advice: null };
      } catch (thrown) {
        log.warn({ err: thrown }, 'A model is not asked: its cost could not be set aside');
        return {
          call: { ...call, outcome: 'failed', reason: 'Its cost could not be set aside' },
          advice: null,
        };
      }
      await save(call);
      const begun = clock.monotonic();
      const got = await put(call, prompt);
      call = { ...call, turn_id: got.turnId ?? null, latency_ms: Math.round(clock.monotonic() - begun) };
      call = await settle(call, got.refused);
      if (got.text === undefined) return end(got.outcome, got.reason);
      const read: ReadAnswer =
        got.text.trim() === ''
          ? { kind: 'invalid', reason: 'The answer is empty' }
          : readAnswer(got.text, allowed, ai.min_confidence);
      if (read.kind !== 'invalid')
        call = { ...call, action: read.action.slice(0, 100), confidence: read.confidence };
      if (read.kind !== 'ok') return end(read.kind, read.reason);
      const { action, params, confidence } = read;
      const reason = redactText(read.reason);
      return end(ai.auto === 'act' ? 'acted' : 'suggested', reason, { action, params, reason, confidence });
    },

    status: () =>
      diagnosisStatus({ config, spend, store, clock, model: modelName() ?? null, ready: ready() }),

    async start(): Promise<void> {
      await spend.start();
      await store.prune(clock.now());
    },
    stop: () => stopping.abort(),
  };
}

export type DiagnosisTier = ReturnType<typeof createDiagnosis>;
