/** Responses streams as OpenAI writes them. */

const event = (type: string, more: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

const responsesUsage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 120,
};

const response = (status: string, more: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'mock',
  status,
  output: [],
  ...more,
});

/** What a Responses stream opens with before it says anything. */
export const responsesOpening = [
  event('response.created', { sequence_number: 0, response: response('in_progress') }),
  event('response.in_progress', { sequence_number: 1, response: response('in_progress') }),
];

/** A streamed text answer. */
export function responsesStream(words: readonly string[]): string[] {
  const text = words.join('');
  const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const part = { type: 'output_text', text, annotations: [] };
  const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [part] };
  let sequence = 2;
  const next = () => ({ sequence_number: sequence++ });
  return [
    ...responsesOpening,
    event('response.output_item.added', {
      ...next(),
      output_index: 0,
      item: { ...item, status: 'in_progress', content: [] },
    }),
    event('response.content_part.added', { ...next(), ...at, part: { ...part, text: '' } }),
    ...words.map((delta) => event('response.output_text.delta', { ...next(), ...at, delta, logprobs: [] })),
    event('response.output_text.done', { ...next(), ...at, text, logprobs: [] }),
    event('response.content_part.done', { ...next(), ...at, part }),
    event('response.output_item.done', { ...next(), output_index: 0, item }),
    event('response.completed', {
      ...next(),
      response: response('completed', { output: [item], usage: responsesUsage }),
    }),
  ];
}

/** A stream that fails before it said anything: overload behind status 200. */
export const responsesOverload = [
  ...responsesOpening,
  event('response.failed', {
    sequence_number: 2,
    response: response('failed', {
      error: { code: 'server_is_overloaded', message: 'The server is overloaded.' },
    }),
  }),
];

/** A whole answer. */
export const responsesAnswer = (text: string) =>
  response('completed', {
    output: [
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    usage: responsesUsage,
  });
