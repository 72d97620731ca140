import { bearer, callInPieces, calls, chatEvents, chatFields, wholeCall, type ProviderFixture } from './fixture.ts';

const roles = ['system', 'user', 'assistant', 'tool'];
const plain = ['role', 'content', 'tool_calls', 'tool_call_id'];

/** Vendors whose Chat doors refuse what others take. */
export const strictVendors: readonly ProviderFixture[] = [
  {
    type: 'mistral',
    docs: ['https://docs.mistral.ai/api/endpoint/chat', 'https://docs.mistral.ai/capabilities/function_calling'],
    model: 'mistral-medium-latest',
    door: {
      path: '/v1/chat/completions',
      key: bearer,
      fields: chatFields('max_tokens', 'parallel_tool_calls', 'random_seed', 'stop', 'prompt_mode', 'safe_prompt'),
      roles,
      messageFields: [...plain, 'name', 'prefix'],
      callIds: /^[a-zA-Z0-9]{9}$/,
    },
    stream: chatEvents([{ role: 'assistant', content: '' }], {
      choices: [{ index: 0, delta: { content: '', ...wholeCall('D681PevKs', {}) }, finish_reason: 'tool_calls' }],
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    }),
    usage: [100, 20, null],
    error: {
      status: 422,
      body: {
        object: 'error',
        message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'x'], msg: 'Extra inputs are not permitted' }] },
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
      kind: 'invalid-request',
    },
  },
  {
    type: 'deepseek',
    docs: ['https://api-docs.deepseek.com/guides/thinking_mode', 'https://api-docs.deepseek.com/quick_start/error_codes'],
    model: 'deepseek-v4-flash',
    door: {
      path: '/v1/chat/completions',
      key: bearer,
      fields: chatFields('max_tokens', 'parallel_tool_calls', 'stream_options', 'thinking', 'stop'),
      roles,
      messageFields: [...plain, 'name', 'reasoning_content'],
      thinkingWithCalls: 'reasoning_content',
    },
    stream: chatEvents(
      [
        { role: 'assistant', content: null, reasoning_content: 'Look ' },
        { content: null, reasoning_content: 'first.' },
        ...callInPieces('call_00_a1'),
      ],
      calls(),
      {
        choices: [],
        usage: {
          prompt_tokens: 100,
          completion_tokens: 20,
          prompt_cache_hit_tokens: 64,
          prompt_cache_miss_tokens: 36,
          prompt_tokens_details: { cached_tokens: 64 },
          completion_tokens_details: { reasoning_tokens: 8 },
        },
      },
    ),
    usage: [100, 20, 64],
    thinking: 'Look first.',
    error: {
      status: 402,
      body: { error: { message: 'Insufficient Balance', type: 'unknown_error', param: null, code: 'invalid_request_error' } },
      kind: 'quota',
    },
  },
  {
    type: 'cerebras',
    docs: ['https://inference-docs.cerebras.ai/resources/openai', 'https://inference-docs.cerebras.ai/support/error'],
    model: 'gpt-oss-120b',
    door: {
      path: '/v1/chat/completions',
      key: bearer,
      fields: chatFields('max_completion_tokens', 'stream_options', 'reasoning_effort', 'seed', 'stop', 'user'),
      roles,
      messageFields: [...plain, 'name', 'reasoning'],
    },
    stream: chatEvents([{ role: 'assistant' }, { reasoning: 'Look first.' }, wholeCall('a1b2c3d4e')], {
      ...calls(),
      usage: { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 0 } },
      time_info: { queue_time: 0.01, prompt_time: 0.01, completion_time: 0.02, total_time: 0.04 },
    }),
    usage: [100, 20, 0],
    thinking: 'Look first.',
    error: {
      status: 429,
      body: {
        message: 'Tokens per minute limit exceeded - too many tokens processed.',
        type: 'too_many_tokens_error',
        param: 'quota',
        code: 'token_quota_exceeded',
      },
      kind: 'rate-limited',
    },
  },
  {
    type: 'cohere',
    docs: ['https://docs.cohere.com/docs/compatibility-api', 'https://docs.cohere.com/reference/errors'],
    model: 'command-a-03-2025',
    door: {
      path: '/compatibility/v1/chat/completions',
      key: bearer,
      fields: chatFields('max_tokens', 'stream_options', 'seed', 'stop', 'frequency_penalty', 'presence_penalty'),
      roles,
      messageFields: plain,
    },
    stream: chatEvents([{ role: 'assistant', content: '' }, ...callInPieces('shell_k3xq0w8a1b2c')], calls(), {
      choices: [],
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    }),
    usage: [100, 20, null],
    error: {
      status: 429,
      body: { id: 'e1', message: 'You are using a Trial key, which is limited to 20 API calls / minute.' },
      kind: 'rate-limited',
    },
  },
  {
    type: 'moonshot',
    docs: ['https://platform.moonshot.ai/docs/api/chat', 'https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model'],
    model: 'kimi-k2-thinking',
    door: {
      path: '/v1/chat/completions',
      key: bearer,
      fields: chatFields('max_tokens', 'parallel_tool_calls', 'stream_options', 'stop', 'n'),
      roles,
      messageFields: [...plain, 'name', 'partial', 'reasoning_content'],
      thinkingWithCalls: 'reasoning_content',
    },
    // Its usage stands in the choice.
    stream: chatEvents(
      [{ role: 'assistant', content: '' }, { reasoning_content: 'Look first.' }, ...callInPieces('shell:0')],
      {
        choices: [
          {
            index: 0,
            delta: {},
            finish_reason: 'tool_calls',
            usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, cached_tokens: 40 },
          },
        ],
      },
      { choices: [], usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, cached_tokens: 40 } },
    ),
    usage: [100, 20, 40],
    thinking: 'Look first.',
    error: {
      status: 429,
      body: {
        error: { type: 'engine_overloaded_error', message: 'The engine is currently overloaded, please try again later' },
      },
      kind: 'rate-limited',
    },
  },
  {
    type: 'zai',
    docs: ['https://docs.z.ai/api-reference/llm/chat-completion', 'https://docs.z.ai/api-reference/api-code'],
    model: 'glm-5.3',
    door: {
      path: '/api/paas/v4/chat/completions',
      key: bearer,
      fields: chatFields('max_tokens', 'thinking', 'do_sample', 'tool_stream', 'stop', 'request_id', 'stream_options'),
      roles,
      messageFields: [...plain, 'reasoning_content'],
    },
    stream: chatEvents(
      [{ role: 'assistant', reasoning_content: 'Look first.' }, { role: 'assistant', ...wholeCall('call_-8123') }],
      calls({ usage: { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 40 } } }),
    ),
    usage: [100, 20, 40],
    thinking: 'Look first.',
    error: {
      status: 429,
      body: { error: { code: '1302', message: 'High concurrency usage of this API, please reduce concurrency' } },
      kind: 'rate-limited',
    },
  },
  {
    type: 'github-models',
    docs: ['https://docs.github.com/rest/models/inference'],
    model: 'openai/gpt-4.1',
    door: {
      path: '/inference/chat/completions',
      key: bearer,
      fields: chatFields('max_tokens', 'stream_options', 'frequency_penalty', 'presence_penalty', 'seed', 'stop', 'modalities'),
      roles: [...roles, 'developer'],
      messageFields: [...plain, 'name'],
    },
    stream: [
      'data: {"id":"","object":"","created":0,"model":"","choices":[],"prompt_filter_results":[{"prompt_index":0}]}\n\n',
      ...chatEvents([{ role: 'assistant', content: null }, ...callInPieces('call_gh1')], calls(), {
        choices: [],
        usage: { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 0 } },
      }),
    ],
    usage: [100, 20, 0],
    error: {
      status: 429,
      body: {
        error: {
          code: 'RateLimitReached',
          message: 'Rate limit of 10 per 60s exceeded for UserByModelByMinute. Please wait 27 seconds before retrying.',
        },
      },
      kind: 'rate-limited',
    },
  },
];
