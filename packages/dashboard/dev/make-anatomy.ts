import type { CostLine, Turn, TurnExplanation, TurnRecord } from '@vigiles/contract';

/** The bill of a made-up turn: parts that add up to its cost. */
export function makeCostLines({
  cost_micros: cost,
  input_tokens: input,
  output_tokens: output,
}: Turn): CostLine[] {
  if (cost === null || input === null || output === null) return [];
  const rate = Number(((cost * 0.6) / output).toFixed(2));
  const line = (part: CostLine['part'], tokens: number, micros: number): CostLine => ({
    part,
    tokens,
    rate: Number((micros / tokens).toFixed(4)),
    micros,
    above_tokens: null,
  });
  const last = rate * output;
  return [line('input', input, cost - last), line('output', output, last)];
}

/** A turn that failed elsewhere first, where it was tried more than once. */
export function makeExplanation(turn: Turn): TurnExplanation {
  const { provider, model } = turn;
  const ok = turn.outcome === 'ok';
  const first = 180;
  const common = { side: 'cloud' as const, weight: 1, failures: 0, cooling_until: null, rejected: null };
  return {
    turn_id: turn.id,
    plain: false,
    why: 'route',
    route: 'coder',
    strategy: 'ordered',
    decided_at: turn.ts,
    draw: null,
    task: {
      privacy: 'internal',
      workspace: turn.workspace,
      intent: null,
      tags: ['burst'],
      route: null,
      needs: ['tools'],
      input_tokens: turn.input_tokens,
    },
    secrets: null,
    candidates: [
      {
        ...common,
        provider: 'lab',
        model: 'qwen3-coder:30b',
        side: 'local',
        score: 0,
        latency_ms: 412,
        rejected: { code: 'context', detail: 'about 61000 tokens do not fit into 32768' },
      },
      { ...common, provider, model, score: 1, latency_ms: 840 },
      { ...common, provider: 'openrouter', model, score: 2, latency_ms: null },
    ],
    attempts: [
      {
        provider: 'openrouter',
        model,
        started_ms: 0,
        latency_ms: first,
        outcome: 'failed',
        cause: 'overloaded',
        status: 529,
        message: 'Overloaded',
      },
      {
        provider,
        model,
        started_ms: first,
        latency_ms: Math.max(1, turn.latency_ms - first),
        outcome: ok ? 'ok' : 'failed',
        cause: ok ? null : 'server',
        status: turn.status,
        message: turn.error_message,
      },
    ],
    story: [
      `\`${turn.model_requested}\` was asked for: a route matches (\`coder\`, ordered).`,
      'The turn says: tags burst.',
      'lab/qwen3-coder:30b was passed over: about 61000 tokens do not fit into 32768.',
      `openrouter/${model} failed (overloaded) with 529 after ${first} ms: Overloaded.`,
      `${provider}/${model} ${ok ? 'answered with 200' : 'failed'} after ${Math.round(turn.latency_ms)} ms.`,
    ],
  };
}

export const makeRecord = (turn: Turn): TurnRecord => ({
  format: 'vigiles-turn',
  version: 1,
  exported_at: Date.now(),
  turn,
  provider_type: turn.provider,
  content: {
    request: JSON.stringify({
      model: turn.model,
      input: 'Rename the field and run the tests.',
      stream: true,
    }),
    sent: null,
    path: '/v1/responses',
    received: { status: turn.status, body: 'event: response.created\n\n' },
    answered: 'event: response.created\n\n',
    cut: false,
  },
});
