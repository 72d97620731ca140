import { user, chat, openai, tool, type Refusal } from './refusal.ts';

export const mistralGroqRefusals: Refusal[] = [
  {
    name: 'Mistral: a field it forbids, as a list beside a list',
    status: 422,
    answer: {
      object: 'error',
      message: {
        detail: [
          {
            type: 'extra_forbidden',
            loc: ['body', 'stream_options'],
            msg: 'Extra inputs are not permitted',
            input: {},
          },
        ],
      },
      type: 'invalid_request_error',
      param: null,
      code: null,
    },
    sent: chat({ stream_options: { include_usage: true } }),
    told: ['-stream_options'],
    becomes: chat(),
  },
  {
    name: 'Mistral: fields of the history, under the role’s name',
    status: 422,
    answer: {
      object: 'error',
      message: {
        detail: [
          {
            type: 'extra_forbidden',
            loc: ['body', 'messages', 1, 'assistant', 'reasoning_content'],
            msg: 'Extra inputs are not permitted',
            input: 'x',
          },
          {
            type: 'extra_forbidden',
            loc: ['body', 'messages', 0, 'user', 'name'],
            msg: 'Extra inputs are not permitted',
            input: 'x',
          },
        ],
      },
      type: 'invalid_request_error',
    },
    sent: chat({
      messages: [
        { ...user, name: 'n' },
        { role: 'assistant', content: 'a', reasoning_content: 'x' },
      ],
    }),
    told: ['-messages[].reasoning_content', '-messages[].name'],
    becomes: chat({ messages: [user, { role: 'assistant', content: 'a' }] }),
    loses: ['messages[].reasoning_content was left out', 'messages[].name was left out'],
  },
  {
    name: 'Mistral, through its proxy: JSON inside a text',
    status: 422,
    answer: {
      object: 'error',
      message:
        '{"detail":[{"type":"extra_forbidden","loc":["body","frequency_penalty"],"msg":"Extra inputs are not permitted","input":0.0}]}',
      type: 'internal_error_proxy',
      code: '1000',
    },
    sent: chat({ frequency_penalty: 0.1 }),
    told: ['-frequency_penalty'],
    becomes: chat(),
    loses: ['frequency_penalty was left out'],
  },
  {
    name: 'Mistral: tools that say nothing may go',
    status: 422,
    answer: {
      object: 'Error',
      detail: [
        { type: 'extra_forbidden', loc: ['body', 'tools'], msg: 'Extra inputs are not permitted', input: [] },
      ],
      code: 3001,
    },
    sent: chat({ tools: [] }),
    told: ['-tools'],
    becomes: chat(),
  },
  {
    name: 'Mistral: tools that say something stay',
    status: 422,
    answer: {
      object: 'Error',
      detail: [
        { type: 'extra_forbidden', loc: ['body', 'tools'], msg: 'Extra inputs are not permitted', input: [] },
      ],
      code: 3001,
    },
    sent: chat({ tools: [tool()] }),
    told: null,
  },
  {
    name: 'Groq: a property of the history',
    answer: openai(
      "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]",
    ),
    sent: chat({ messages: [user, { role: 'assistant', content: 'a', reasoning_content: 'x' }] }),
    told: ['-messages[].reasoning_content'],
    becomes: chat({ messages: [user, { role: 'assistant', content: 'a' }] }),
    loses: ['messages[].reasoning_content was left out'],
  },
  {
    name: 'Groq: a property it takes for another',
    answer: openai("property 'store' is unsupported, did you mean 'stop'?"),
    sent: chat({ store: true }),
    told: ['-store'],
    becomes: chat(),
    loses: ['store was left out'],
  },
  {
    name: 'Groq: more output than the model has',
    answer: openai(
      '`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window` for this model',
      'max_tokens',
    ),
    sent: chat({ max_tokens: 32000 }),
    told: ['max_tokens<=8192'],
    becomes: chat({ max_tokens: 8192 }),
    loses: ['32000 became 8192'],
  },
  {
    name: 'Groq: no JSON schema',
    answer: openai(
      'This model does not support response format `json_schema`. See supported models at https://console.groq.com/docs/structured-outputs',
      'response_format',
    ),
    sent: chat({
      messages: [{ role: 'system', content: 's' }, user],
      response_format: { type: 'json_schema', json_schema: { schema: {} } },
    }),
    told: ['format in words+json_object'],
    becomes: chat({
      messages: [
        {
          role: 'system',
          content:
            's\n\nAnswer with one JSON value and nothing else: no prose, no code fence. It must be valid against this JSON Schema:\n{}',
        },
        user,
      ],
      response_format: { type: 'json_object' },
    }),
    loses: ['json_schema is asked for in words, the server does not enforce it'],
  },
  {
    name: 'Groq: an effort of its own',
    answer: openai('`reasoning_effort` must be one of `none` or `default`', 'reasoning_effort'),
    sent: chat({ reasoning_effort: 'low' }),
    told: ['reasoning_effort=none'],
    becomes: chat({ reasoning_effort: 'none' }),
    loses: ['"low" became "none"'],
  },
];
