import { user, chat, openai, tool, type Refusal } from './refusal.ts';

export const deepseekXaiRefusals: Refusal[] = [
  {
    name: 'DeepSeek: thoughts are wanted back',
    answer: openai(
      'The `reasoning_content` in the thinking mode must be passed back to the API.',
      null,
      'invalid_request_error',
    ),
    sent: chat({ messages: [user, { role: 'assistant', content: 'a' }, user] }),
    told: ['messages[].reasoning_content='],
    becomes: chat({ messages: [user, { role: 'assistant', content: 'a', reasoning_content: '' }, user] }),
  },
  {
    name: 'DeepSeek: a role it does not know',
    status: 422,
    answer:
      'Failed to deserialize the JSON body into the target type: messages[0].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool` at line 1 column 40',
    sent: chat({ messages: [{ role: 'developer', content: 'd' }, user] }),
    told: ['role developer>system'],
    becomes: chat({ messages: [{ role: 'system', content: 'd' }, user] }),
  },
  {
    name: 'DeepSeek: plain text only',
    status: 422,
    answer:
      'Failed to deserialize the JSON body into the target type: messages[0].content: invalid type: sequence, expected a string at line 1 column 60',
    sent: chat({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
    }),
    told: ['plain-content'],
    becomes: chat({ messages: [{ role: 'user', content: 'a\nb' }] }),
  },
  {
    name: 'DeepSeek: pictures are not left out',
    status: 400,
    answer: openai(
      'Failed to deserialize the JSON body into the target type: messages[0]: unknown variant `image_url`, expected `text` at line 1 column 90',
    ),
    sent: chat({
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }],
    }),
    told: null,
  },
  {
    name: 'DeepSeek: a range',
    answer: openai('Invalid max_tokens value, the valid range of max_tokens is [1, 8192]'),
    sent: chat({ max_tokens: 32000 }),
    told: ['max_tokens<=8192'],
    becomes: chat({ max_tokens: 8192 }),
    loses: ['32000 became 8192'],
  },
  {
    name: 'DeepSeek: no JSON schema today',
    answer: openai('This response_format type is unavailable now'),
    sent: chat({ response_format: { type: 'json_object' } }),
    told: ['format in words'],
    becomes: chat({
      messages: [
        { role: 'system', content: 'Answer with one JSON object and nothing else: no prose, no code fence.' },
        user,
      ],
    }),
    loses: ['json_object is asked for in words, the server does not enforce it'],
  },
  {
    name: 'DeepSeek: a thinking model that chooses by itself',
    answer: openai('deepseek-reasoner does not support this tool_choice'),
    sent: chat({ tools: [tool()], tool_choice: 'required' }),
    told: ['tool choice in words'],
    becomes: chat({
      messages: [{ role: 'system', content: 'Call one of the tools now; do not answer in text.' }, user],
      tools: [tool()],
    }),
    loses: ['the tool choice is asked for in words, the server does not enforce it'],
  },
  {
    name: 'xAI: a penalty this model does not take, in camelCase',
    answer: {
      code: 'Client specified an invalid argument',
      error: 'Argument not supported on this model: presencePenalty',
    },
    sent: chat({ presence_penalty: 0.1 }),
    told: ['-presence_penalty'],
    becomes: chat(),
    loses: ['presence_penalty was left out'],
  },
  {
    name: 'xAI: no effort',
    answer: {
      code: 'Client specified an invalid argument',
      error: 'Model grok-4-latest does not support parameter reasoningEffort.',
    },
    sent: chat({ reasoning_effort: 'high' }),
    told: ['-reasoning_effort'],
    becomes: chat(),
    loses: ['reasoning_effort was left out'],
  },
  {
    name: 'xAI: a stop sequence is what the client meant',
    answer: {
      code: 'Client specified an invalid argument',
      error: 'Argument not supported on this model: stop',
    },
    sent: chat({ stop: ['x'] }),
    told: null,
  },
  {
    name: 'Qwen: no thinking where nothing is streamed',
    answer: openai('parameter.enable_thinking must be set to false for non-streaming calls'),
    sent: chat({ enable_thinking: true }),
    told: ['enable_thinking=false'],
    becomes: chat({ enable_thinking: false }),
    loses: ['true became false'],
  },
  {
    name: 'Moonshot: thinking chooses by itself',
    answer: openai("tool_choice 'specified' is incompatible with thinking enabled"),
    sent: chat({ tools: [tool()], tool_choice: { type: 'function', function: { name: 'look' } } }),
    told: ['tool choice in words'],
    becomes: chat({
      messages: [{ role: 'system', content: 'Call the tool "look" now; do not answer in text.' }, user],
      tools: [tool()],
    }),
    loses: ['the tool choice is asked for in words, the server does not enforce it'],
  },
];
