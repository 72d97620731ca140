import {
  VigilesConfig,
  type Adaptation,
  type BudgetState,
  type ModelInfo,
  type TurnLimitState,
} from '@vigiles/contract';

const HOUR_MS = 3_600_000;

/** A configuration with providers and routes of every sort. */
export function makeConfig(empty: boolean): VigilesConfig {
  if (empty) return VigilesConfig.parse({});
  return VigilesConfig.parse({
    gateway: {
      providers: [
        { id: 'openai', type: 'openai', api_key: '${secret:openai}' },
        { id: 'anthropic', type: 'anthropic', api_key: '${env:ANTHROPIC_API_KEY}' },
        {
          id: 'openrouter',
          type: 'openrouter',
          api_key: '${secret:openrouter}',
          models: ['deepseek/deepseek-v4'],
        },
        { id: 'spare', type: 'groq', enabled: false },
        { id: 'lab', type: 'vllm', base_url: 'http://10.0.0.7:8000', side: 'local' },
      ],
      routes: [
        {
          model: 'coder',
          candidates: [
            { provider: 'lab', model: 'qwen3-coder:30b', when: { max_input_tokens: 32_000 } },
            { provider: 'anthropic', model: 'claude-opus-5', when: { tags: ['burst'] } },
            { provider: 'openrouter', model: 'deepseek/deepseek-v4' },
          ],
        },
        {
          model: 'fast*',
          strategy: 'weighted',
          policy: false,
          synthesis: 'suggest',
          candidates: [
            { provider: 'openai', model: 'gpt-6-mini', weight: 3 },
            { provider: 'openrouter', weight: 1, when: { time: [{ from: '22:00', to: '06:00' }] } },
          ],
        },
        { model: 'review', provider: 'openai', upstream_model: 'gpt-6-codex' },
      ],
    },
  });
}

export function makeAdaptations(now: number): Adaptation[] {
  const common = { first_seen: now - 20 * HOUR_MS, last_seen: now - HOUR_MS, in_force: true, status: 400 };
  return [
    {
      ...common,
      id: 'ad_1',
      provider: 'openai',
      model: 'gpt-6-codex',
      protocol: 'openai-chat',
      change: 'max_tokens>max_completion_tokens',
      edit: { do: 'rename' },
      reason: 'use-instead',
      evidence:
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      count: 1,
      expires_at: now + 23 * HOUR_MS,
      pinned: false,
    },
    {
      ...common,
      id: 'ad_2',
      provider: 'lab',
      model: 'qwen3-coder:30b',
      protocol: 'openai-chat',
      change: '-parallel_tool_calls',
      edit: { do: 'remove' },
      reason: 'unknown-field',
      evidence: 'Extra inputs are not permitted: parallel_tool_calls',
      count: 4,
      expires_at: now + 9 * HOUR_MS,
      pinned: true,
    },
  ];
}

export function makeBudgets(now: number): { budgets: BudgetState[]; limits: TurnLimitState[] } {
  const day = { span: 'daily' as const, starts_at: now - 9 * HOUR_MS, ends_at: now + 15 * HOUR_MS };
  return {
    budgets: [
      {
        ...day,
        scope: 'whole',
        name: null,
        limit_micros: 25_000_000,
        spent_micros: 21_420_000,
        reserved_micros: 310_000,
      },
      {
        scope: 'whole',
        name: null,
        span: 'monthly',
        limit_micros: 400_000_000,
        spent_micros: 187_300_000,
        reserved_micros: 310_000,
        starts_at: now - 20 * 24 * HOUR_MS,
        ends_at: now + 10 * 24 * HOUR_MS,
      },
      {
        ...day,
        scope: 'device',
        name: 'dev_ci',
        limit_micros: 3_000_000,
        spent_micros: 3_000_000,
        reserved_micros: 0,
      },
      {
        ...day,
        scope: 'provider',
        name: 'openrouter',
        limit_micros: 5_000_000,
        spent_micros: 4_610_000,
        reserved_micros: 0,
      },
    ],
    limits: [
      {
        device: 'dev_laptop',
        model: null,
        unit: 'requests',
        window: 'minute',
        limit: 600,
        used: 42,
        remaining: 558,
      },
      {
        device: null,
        model: 'claude-opus-5',
        unit: 'tokens',
        window: 'day',
        limit: 4_000_000,
        used: 3_700_000,
        remaining: 300_000,
      },
    ],
  };
}

export function makeModels(): ModelInfo[] {
  const model = (provider: string, name: string, more: Partial<ModelInfo> = {}): ModelInfo => ({
    id: `${provider}/${name}`,
    provider,
    model: name,
    local: false,
    context_window: 400_000,
    trained_context_window: null,
    cuts_silently: false,
    max_output_tokens: 128_000,
    abilities: { images: true, tools: true, reasoning: true, structured_output: null },
    price: { input: 1.25, output: 10, cache_read: 0.125, cache_write: null, rises_with_length: false },
    ...more,
  });
  return [
    model('openai', 'gpt-6-codex'),
    model('openai', 'gpt-6-mini', { price: null }),
    model('anthropic', 'claude-opus-5', {
      price: { input: 5, output: 25, cache_read: 0.5, cache_write: 6.25, rises_with_length: true },
    }),
    model('ollama', 'qwen3-coder:30b', {
      local: true,
      context_window: 4096,
      cuts_silently: true,
      price: null,
      abilities: { images: false, tools: true, reasoning: null, structured_output: null },
    }),
  ];
}
