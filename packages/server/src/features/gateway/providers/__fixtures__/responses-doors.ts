import { bearer, type ProviderFixture } from './fixture.ts';

const fields = ['model', 'input', 'instructions', 'tools', 'tool_choice', 'parallel_tool_calls', 'reasoning', 'text', 'stream'];
const more = ['max_output_tokens', 'temperature', 'top_p', 'metadata', 'user'];
const call = { type: 'function_call', id: 'fc_1', call_id: 'call_r1', name: 'shell', arguments: '{"command":["ls"]}' };
const response = (status: string, extra: object = {}) => ({
  response: { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status, output: [], ...extra },
});

const events = (): string[] => {
  const list: object[] = [
    { type: 'response.created', ...response('in_progress') },
    { type: 'response.output_item.added', output_index: 0, item: { ...call, arguments: '', status: 'in_progress' } },
    { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 0, delta: call.arguments },
    { type: 'response.function_call_arguments.done', item_id: 'fc_1', output_index: 0, arguments: call.arguments },
    { type: 'response.output_item.done', output_index: 0, item: { ...call, status: 'completed' } },
    {
      type: 'response.completed',
      ...response('completed', {
        output: [{ ...call, status: 'completed' }],
        usage: {
          input_tokens: 100,
          input_tokens_details: { cached_tokens: 40 },
          output_tokens: 20,
          output_tokens_details: { reasoning_tokens: 8 },
          total_tokens: 120,
        },
      }),
    },
  ];
  return list.map(
    (event, at) =>
      `event: ${Reflect.get(event, 'type') as string}\ndata: ${JSON.stringify({ ...event, sequence_number: at })}\n\n`,
  );
};

/** Vendors whose Responses doors take less than OpenAI's. */
export const responsesDoors: readonly ProviderFixture[] = [
  {
    type: 'xai',
    docs: [
      'https://docs.x.ai/developers/model-capabilities/text/best-practices',
      'https://docs.x.ai/developers/rest-api-reference/inference/chat',
    ],
    model: 'grok-4.3',
    door: {
      path: '/v1/responses',
      key: bearer,
      fields: [...fields, ...more, 'include', 'store', 'prompt_cache_key', 'previous_response_id'],
      tools: ['function', 'web_search', 'x_search', 'mcp'],
    },
    stream: events(),
    usage: [100, 20, 40],
    // Its errors have no envelope: `error` is the text.
    error: {
      status: 400,
      body: { code: 'invalid-argument', error: 'Argument not supported: this model takes no images.' },
      kind: 'invalid-request',
    },
  },
  {
    type: 'groq',
    docs: ['https://console.groq.com/docs/responses-api', 'https://console.groq.com/docs/errors'],
    model: 'openai/gpt-oss-120b',
    door: { path: '/openai/v1/responses', key: bearer, fields: [...fields, ...more], tools: ['function', 'mcp'] },
    stream: events(),
    usage: [100, 20, 40],
    error: {
      status: 429,
      body: {
        error: {
          message: 'Rate limit reached for model `openai/gpt-oss-120b` on tokens per minute (TPM): Limit 8000. Please try again in 7.66s.',
          type: 'tokens',
          code: 'rate_limit_exceeded',
        },
      },
      kind: 'rate-limited',
    },
  },
];
