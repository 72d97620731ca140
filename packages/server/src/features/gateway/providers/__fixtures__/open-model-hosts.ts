import { bearer, callInPieces, calls, chatEvents, chatFields, wholeCall, type ProviderFixture } from './fixture.ts';

const roles = ['system', 'user', 'assistant', 'tool'];
const plain = ['role', 'content', 'tool_calls', 'tool_call_id', 'name'];
const usual = chatFields('max_tokens', 'stream_options', 'parallel_tool_calls', 'seed', 'stop');
const tokens = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
const usage = { choices: [], usage: tokens };

/** Hosts of open models. */
export const openModelHosts: readonly ProviderFixture[] = [
  {
    type: 'together',
    docs: ['https://docs.together.ai/docs/function-calling', 'https://docs.together.ai/docs/error-codes'],
    model: 'Qwen/Qwen3-Coder',
    door: { path: '/v1/chat/completions', key: bearer, fields: usual, roles, messageFields: plain },
    stream: chatEvents([{ role: 'assistant', content: '' }, ...callInPieces('call_t1')], calls({ usage: tokens })),
    usage: [100, 20, null],
    error: {
      status: 422,
      body: {
        id: 'e1',
        error: {
          message: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097.',
          type: 'invalid_request_error',
          param: 'max_tokens',
          code: null,
        },
      },
      kind: 'context-length',
    },
  },
  {
    type: 'fireworks',
    docs: ['https://docs.fireworks.ai/api-reference/post-chatcompletions', 'https://docs.fireworks.ai/guides/reasoning'],
    model: 'accounts/fireworks/models/glm-5',
    door: {
      path: '/inference/v1/chat/completions',
      key: bearer,
      fields: [...usual, 'reasoning_effort', 'user'],
      roles,
      messageFields: [...plain, 'reasoning_content'],
    },
    stream: chatEvents(
      [{ role: 'assistant' }, { reasoning_content: 'Look first.' }, ...callInPieces('call_f1')],
      calls({ usage: { ...tokens, prompt_tokens_details: { cached_tokens: 40 } } }),
    ),
    usage: [100, 20, 40],
    thinking: 'Look first.',
    error: {
      status: 404,
      body: { error: { object: 'error', type: 'invalid_request_error', message: 'Model not found, inaccessible, and/or not deployed' } },
      kind: 'not-found',
    },
  },
  {
    type: 'huggingface',
    docs: ['https://huggingface.co/docs/inference-providers/tasks/chat-completion'],
    model: 'zai-org/GLM-5',
    door: { path: '/v1/chat/completions', key: bearer, fields: usual, roles, messageFields: plain },
    stream: chatEvents([{ role: 'assistant', content: '' }, ...callInPieces('call_h1')], calls(), usage),
    usage: [100, 20, null],
    error: {
      status: 402,
      body: { error: 'You have exceeded your monthly included credits for Inference Providers.' },
      kind: 'quota',
    },
  },
  {
    type: 'nvidia',
    docs: ['https://docs.api.nvidia.com/nim/reference/llm-apis'],
    model: 'nvidia/nemotron-3',
    door: { path: '/v1/chat/completions', key: bearer, fields: usual, roles, messageFields: plain },
    stream: chatEvents(
      [{ role: 'assistant', content: null }, { reasoning_content: 'Look first.' }, wholeCall('chatcmpl-tool-1')],
      calls(),
      usage,
    ),
    usage: [100, 20, null],
    thinking: 'Look first.',
    error: {
      status: 401,
      body: { type: 'about:blank', status: 401, title: 'Unauthorized', detail: 'Authentication failed' },
      kind: 'auth',
    },
  },
  {
    type: 'qwen',
    docs: ['https://help.aliyun.com/en/model-studio/qwen-api-via-openai-chat-completions'],
    model: 'qwen3-max',
    door: {
      path: '/compatible-mode/v1/chat/completions',
      key: bearer,
      fields: [...usual, 'enable_thinking', 'thinking_budget', 'top_k'],
      roles,
      messageFields: plain,
    },
    stream: chatEvents(
      [{ role: 'assistant', content: null, reasoning_content: 'Look first.' }, ...callInPieces('call_q1')],
      calls({ usage: null }),
      { choices: [], usage: { ...tokens, prompt_tokens_details: { cached_tokens: 40 } } },
    ),
    usage: [100, 20, 40],
    thinking: 'Look first.',
    error: {
      status: 401,
      body: {
        error: { message: 'Incorrect API key provided.', type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
        request_id: 'r1',
      },
      kind: 'auth',
    },
  },
  {
    type: 'openrouter',
    docs: ['https://openrouter.ai/docs/api-reference/streaming', 'https://openrouter.ai/docs/api-reference/errors'],
    model: 'qwen/qwen3-coder',
    door: {
      path: '/api/v1/chat/completions',
      key: bearer,
      fields: [...usual, 'reasoning_effort', 'reasoning', 'provider', 'models', 'usage', 'user'],
      roles: [...roles, 'developer'],
      messageFields: [...plain, 'reasoning', 'reasoning_details'],
    },
    stream: [
      ': OPENROUTER PROCESSING\n\n',
      ...chatEvents(
        [
          { role: 'assistant', content: '', reasoning: 'Look first.', reasoning_details: [{ type: 'reasoning.text', text: 'Look first.' }] },
          ...callInPieces('call_o1'),
        ],
        { choices: [{ index: 0, delta: { content: '' }, finish_reason: 'tool_calls', native_finish_reason: 'tool_calls' }] },
        { choices: [], usage: { ...tokens, cost: 0.0001, prompt_tokens_details: { cached_tokens: 40 } } },
      ),
    ],
    usage: [100, 20, 40],
    thinking: 'Look first.',
    error: { status: 402, body: { error: { code: 402, message: 'Insufficient credits.' } }, kind: 'quota' },
  },
  {
    type: 'command-code',
    docs: ['https://commandcode.ai/docs/provider-api'],
    model: 'deepseek/deepseek-v4-flash',
    door: {
      path: '/provider/v1/chat/completions',
      key: bearer,
      fields: usual,
      roles,
      messageFields: [...plain, 'reasoning_content'],
    },
    stream: chatEvents(
      [{ role: 'assistant', content: '' }, { reasoning_content: 'Look first.' }, ...callInPieces('call_cc1')],
      calls(),
      usage,
    ),
    usage: [100, 20, null],
    thinking: 'Look first.',
    error: {
      status: 403,
      body: { error: { message: 'Upgrade to Pro plan or higher.', type: 'permission_error', code: 'upgrade_required' } },
      kind: 'permission',
    },
  },
  {
    type: 'vllm',
    docs: ['https://docs.vllm.ai/en/latest/features/tool_calling/'],
    model: 'qwen3',
    door: { path: '/v1/chat/completions', key: bearer, fields: usual, roles, messageFields: [...plain, 'reasoning_content'] },
    stream: chatEvents([{ role: 'assistant', content: '' }, ...callInPieces('chatcmpl-tool-2')], calls(), usage),
    usage: [100, 20, null],
    error: {
      status: 400,
      body: {
        error: {
          message: "This model's maximum context length is 4096 tokens. However, your request has 5000 input tokens.",
          type: 'BadRequestError',
          param: null,
          code: 400,
        },
      },
      kind: 'context-length',
    },
  },
  {
    type: 'llama-cpp',
    docs: ['https://github.com/ggml-org/llama.cpp/tree/master/tools/server'],
    model: 'model.gguf',
    door: { path: '/v1/chat/completions', key: bearer, fields: usual, roles, messageFields: [...plain, 'reasoning_content'] },
    stream: chatEvents([{ role: 'assistant', content: null }, ...callInPieces('k9Xq')], calls({ timings: { prompt_n: 100 } }), usage),
    usage: [100, 20, null],
    error: {
      status: 400,
      body: {
        error: {
          code: 400,
          message: 'the request exceeds the available context size, try increasing it',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 5000,
          n_ctx: 4096,
        },
      },
      kind: 'context-length',
    },
  },
  {
    type: 'ollama',
    docs: ['https://docs.ollama.com/api/openai-compatibility'],
    model: 'qwen3',
    door: {
      path: '/v1/chat/completions',
      key: bearer,
      fields: [...usual, 'reasoning_effort'],
      roles,
      messageFields: [...plain, 'reasoning'],
    },
    stream: chatEvents(
      [{ role: 'assistant', content: '', reasoning: 'Look first.' }, { role: 'assistant', content: '', ...wholeCall('call_ol1') }],
      { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'tool_calls' }] },
      usage,
    ),
    usage: [100, 20, null],
    thinking: 'Look first.',
    error: {
      status: 404,
      body: { error: { message: "model 'qwen3' not found", type: 'not_found_error', param: null, code: null } },
      kind: 'not-found',
    },
  },
  {
    type: 'lm-studio',
    docs: ['https://lmstudio.ai/docs/developer/openai-compat/tools'],
    model: 'qwen3',
    door: { path: '/v1/chat/completions', key: bearer, fields: usual, roles, messageFields: [...plain, 'reasoning_content'] },
    stream: chatEvents([{ role: 'assistant' }, ...callInPieces('365174485')], calls(), usage),
    usage: [100, 20, null],
    error: { status: 400, body: { error: 'Model unloaded by user or system.' }, kind: 'invalid-request' },
  },
];
