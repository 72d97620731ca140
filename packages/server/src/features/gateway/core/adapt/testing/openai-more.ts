import { user, chat, openai, tool, type Refusal } from './refusal.ts';

export const openaiMoreRefusals: Refusal[] = [
  {
    name: 'OpenAI: too many tokens asked for',
    answer: openai(
      'max_tokens is too large: 100000. This model supports at most 16384 completion tokens, whereas you provided 100000.',
      'max_tokens',
      'invalid_value',
    ),
    sent: chat({ max_tokens: 100000 }),
    told: ['max_tokens<=16384'],
    becomes: chat({ max_tokens: 16384 }),
    loses: ['100000 became 16384'],
  },
  {
    name: 'OpenAI Responses: too many tokens asked for',
    protocol: 'openai-responses',
    answer: openai(
      "Invalid 'max_output_tokens': integer above maximum value. Expected a value <= 128000, but got 200000 instead.",
      'max_output_tokens',
      'integer_above_max_value',
    ),
    sent: { model: 'm', input: 'hi', max_output_tokens: 200000 },
    told: ['max_output_tokens<=128000'],
    becomes: { model: 'm', input: 'hi', max_output_tokens: 128000 },
    loses: ['200000 became 128000'],
  },
  {
    name: 'OpenAI: prompt and answer together are too long, and the answer can give way',
    answer: openai(
      "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (1000 in the messages, 8000 in the completion). Please reduce the length of the messages or completion.",
      'messages',
      'context_length_exceeded',
    ),
    sent: chat({ max_tokens: 8000 }),
    told: ['max_tokens<=7192'],
    becomes: chat({ max_tokens: 7192 }),
    loses: ['8000 became 7192'],
  },
  {
    name: 'OpenAI: the prompt alone is too long',
    answer: openai(
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. Please reduce the length of the messages.",
      'messages',
      'context_length_exceeded',
    ),
    sent: chat({ max_tokens: 100 }),
    told: null,
  },
  {
    name: 'OpenAI: a user label that is too long',
    answer: openai(
      "Invalid 'user': string too long. Expected a string with maximum length 8, but got a string with length 10 instead.",
      'user',
      'string_above_max_length',
    ),
    sent: chat({ user: 'abcdefghij' }),
    told: ['user<=8 chars'],
    becomes: chat({ user: 'abcdefgh' }),
  },
  {
    name: 'OpenAI: too many tools are not thinned out',
    answer: openai(
      "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 200 instead.",
      'tools',
      'array_above_max_length',
    ),
    sent: chat({ tools: [tool()] }),
    told: null,
  },
  {
    name: 'OpenAI o1-mini: no developer role',
    answer: openai(
      "Unsupported value: 'messages[0].role' does not support 'developer' with this model.",
      'messages[0].role',
      'unsupported_value',
    ),
    sent: chat({ messages: [{ role: 'developer', content: 'd' }, user] }),
    told: ['role developer>system'],
    becomes: chat({ messages: [{ role: 'system', content: 'd' }, user] }),
  },
  {
    name: 'OpenAI o1-mini: no system role',
    answer: openai(
      "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
      'messages[0].role',
      'unsupported_value',
    ),
    sent: chat({ messages: [{ role: 'system', content: 's' }, user] }),
    told: ['role system>user'],
    becomes: chat({ messages: [{ role: 'user', content: 's' }, user] }),
    loses: ["system messages were sent as the user's"],
  },
  {
    name: 'OpenAI: a schema that strict mode does not take',
    answer: openai(
      "Invalid schema for function 'look': In context=(), 'additionalProperties' is required to be supplied and to be false.",
      'tools[0].function.parameters',
      'invalid_function_parameters',
    ),
    sent: chat({ tools: [tool({ strict: true })] }),
    told: ['-tools[].function.strict'],
    becomes: chat({ tools: [tool()] }),
    loses: ['tools[].function.strict was left out'],
  },
  {
    name: 'OpenAI: this model has no JSON schema',
    answer: openai(
      "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
      'response_format',
    ),
    sent: chat({
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } },
    }),
    told: ['format in words+json_object'],
    becomes: chat({
      messages: [
        {
          role: 'system',
          content:
            'Answer with one JSON value and nothing else: no prose, no code fence. It must be valid against this JSON Schema:\n{"type":"object"}',
        },
        user,
      ],
      response_format: { type: 'json_object' },
    }),
    loses: ['json_schema is asked for in words, the server does not enforce it'],
  },
  {
    name: 'ChatGPT’s backend: a bare detail',
    protocol: 'openai-responses',
    answer: { detail: 'Unsupported parameter: max_output_tokens' },
    sent: { model: 'm', input: 'hi', max_output_tokens: 9 },
    told: ['-max_output_tokens'],
    becomes: { model: 'm', input: 'hi' },
    loses: ['max_output_tokens was left out'],
  },
];
