import type { ActionInfo, DiagnosisCall, DiagnosisOutcome, WatchdogConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { Log } from '../../../kernel/log.ts';
import { redactText } from '../../actions/index.ts';
import { allowListFor } from './allow-list.ts';
import { buildPrompt, type DiagnosisContext } from './prompt.ts';
import type { Questions } from './question.ts';
import { readAnswer, type ReadAnswer } from './read-answer.ts';
import { diagnosisStatus } from './status.ts';
import type { DiagnosisStore } from './store.ts';

export interface DiagnosisDeps {
  questions: Questions;
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

/** An unusable answer is not asked for again so soon, whatever incident it is for. */
const holdOffMs = 3_600_000;
const maxHeldOff = 500;

/** Tier 3: one question to a model, within its limits. Every way it can fail ends with a person. */
export function createDiagnosis(deps: DiagnosisDeps) {
  const { questions, store, clock, newId, log, config } = deps;
  const { spend } = questions;
  const heldOff = new Map<string, number>();

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

  function holdOff(fingerprint: string): void {
    if (heldOff.size >= maxHeldOff) heldOff.delete(heldOff.keys().next().value ?? '');
    heldOff.set(fingerprint, clock.monotonic() + holdOffMs);
  }

  const save = (call: DiagnosisCall): Promise<void> =>
    store.save(call).catch((thrown: unknown) => {
      log.error({ err: thrown, call: call.id }, 'A question to a model could not be recorded');
    });

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
      const got = await questions.ask({ id: call.id, model: name, ...prompt }, () => save(call));
      if (!got.asked) return { call: { ...call, outcome: got.outcome, reason: got.reason }, advice: null };
      call = {
        ...call,
        turn_id: got.turnId,
        tokens_in: got.tokensIn,
        tokens_out: got.tokensOut,
        cost_micros: got.costMicros,
        latency_ms: got.latencyMs,
      };
      if (got.outcome !== 'answered') return end(got.outcome, got.reason);
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
    stop: () => questions.stop(),
  };
}

export type DiagnosisTier = ReturnType<typeof createDiagnosis>;
