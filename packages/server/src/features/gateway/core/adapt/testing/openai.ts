import { user, chat, openai, tool, type Refusal } from './refusal.ts';

export const openaiRefusals: Refusal[] = [
  {
    name: 'OpenAI: a reasoning model wants max_completion_tokens',
    answer: openai(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    ),
    sent: chat({ max_tokens: 100 }),
    told: ['max_tokens>max_completion_tokens'],
    becomes: chat({ max_completion_tokens: 100 }),
  },
  {
    name: 'GitHub Copilot: the same with a code of its own',
    answer: {
      error: {
        message:
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        code: 'invalid_request_body',
      },
    },
    sent: chat({ max_tokens: 100 }),
    told: ['max_tokens>max_completion_tokens'],
    becomes: chat({ max_completion_tokens: 100 }),
  },
  {
    name: 'OpenAI: only the default temperature',
    answer: openai(
      "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
      'temperature',
      'unsupported_value',
    ),
    sent: chat({ temperature: 0.2 }),
    told: ['-temperature'],
    becomes: chat(),
    loses: ['temperature was left out'],
  },
  {
    name: 'OpenAI: no top_p for this model',
    answer: openai(
      "Unsupported parameter: 'top_p' is not supported with this model.",
      'top_p',
      'unsupported_parameter',
    ),
    sent: chat({ top_p: 0.9 }),
    told: ['-top_p'],
    becomes: chat(),
    loses: ['top_p was left out'],
  },
  {
    name: 'OpenAI: an effort this model does not have',
    answer: openai(
      "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. Supported values are: 'low', 'medium', and 'high'.",
      'reasoning_effort',
      'unsupported_value',
    ),
    sent: chat({ reasoning_effort: 'minimal' }),
    told: ['reasoning_effort=low'],
    becomes: chat({ reasoning_effort: 'low' }),
    loses: ['"minimal" became "low"'],
  },
  {
    name: 'OpenAI Responses: the same inside reasoning',
    protocol: 'openai-responses',
    answer: openai(
      "Unsupported value: 'xhigh' is not supported with the 'gpt-5' model. Supported values are: 'minimal', 'low', 'medium', and 'high'.",
      'reasoning.effort',
      'unsupported_value',
    ),
    sent: { model: 'm', input: 'hi', reasoning: { effort: 'xhigh', summary: 'auto' } },
    told: ['reasoning.effort=high'],
    becomes: { model: 'm', input: 'hi', reasoning: { effort: 'high', summary: 'auto' } },
    loses: ['"xhigh" became "high"'],
  },
  {
    name: 'OpenAI Responses: verbosity has one step',
    protocol: 'openai-responses',
    answer: openai(
      "Unsupported value: 'low' is not supported with the 'gpt-4.1' model. Supported values are: 'medium'.",
      'text.verbosity',
      'unsupported_value',
    ),
    sent: { model: 'm', input: 'hi', text: { verbosity: 'low' } },
    told: ['text.verbosity=medium'],
    becomes: { model: 'm', input: 'hi', text: { verbosity: 'medium' } },
    loses: ['"low" became "medium"'],
  },
  {
    name: 'OpenAI: a label in the history',
    answer: openai(
      "Unknown parameter: 'messages[1].reasoning_content'.",
      'messages[1].reasoning_content',
      'unknown_parameter',
    ),
    sent: chat({ messages: [user, { role: 'assistant', content: 'a', reasoning_content: 'b' }, user] }),
    told: ['-messages[].reasoning_content'],
    becomes: chat({ messages: [user, { role: 'assistant', content: 'a' }, user] }),
    loses: ['messages[].reasoning_content was left out'],
  },
  {
    name: 'Azure, older: an argument it does not recognise',
    answer: openai('Unrecognized request argument supplied: parallel_tool_calls'),
    sent: chat({ parallel_tool_calls: false, tools: [tool()] }),
    told: ['-parallel_tool_calls'],
    becomes: chat({ tools: [tool()] }),
    loses: [],
  },
  {
    name: 'Azure, older: several at once',
    answer: openai('Unrecognized request arguments supplied: store, stream_options'),
    sent: chat({ store: true, stream_options: { include_usage: true } }),
    told: ['-store', '-stream_options'],
    becomes: chat(),
    loses: ['store was left out'],
  },
];
