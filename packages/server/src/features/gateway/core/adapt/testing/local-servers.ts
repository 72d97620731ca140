import { user, chat, openai, tool, type Refusal } from './refusal.ts';

export const localServersRefusals: Refusal[] = [
  {
    name: 'Ollama: a model without tools',
    answer: openai('registry.ollama.ai/library/gemma:2b does not support tools'),
    sent: chat({ tools: [tool()] }),
    told: null,
  },
  {
    name: 'Ollama: plain text only',
    answer: openai(
      'json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string',
    ),
    sent: chat({ messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }] }] }),
    told: ['plain-content'],
    becomes: chat({ messages: [{ role: 'user', content: 'a' }] }),
  },
  {
    name: 'vLLM: pydantic in Python’s own spelling',
    answer: {
      object: 'error',
      message:
        "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 800}]",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
    sent: chat({ max_completion_tokens: 800 }),
    told: ['max_completion_tokens>max_tokens'],
    becomes: chat({ max_tokens: 800 }),
  },
  {
    name: 'vLLM: prompt and answer do not fit',
    answer: {
      error: {
        message:
          "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is 8192 tokens and your request has 1000 input tokens (8000 > 8192 - 1000). None",
        type: 'BadRequestError',
        param: null,
        code: 400,
      },
    },
    sent: chat({ max_completion_tokens: 8000 }),
    told: ['max_completion_tokens<=7192'],
    becomes: chat({ max_completion_tokens: 7192 }),
    loses: ['8000 became 7192'],
  },
  {
    name: 'vLLM: roles must alternate',
    answer: openai(
      'Conversation roles must alternate user/assistant/user/assistant/... Conversation roles must alternate user/assistant/user/assistant/...',
    ),
    sent: chat({ messages: [user, { role: 'user', content: [{ type: 'text', text: 'b' }] }] }),
    told: ['merge-roles'],
    becomes: chat({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'hi' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
    }),
  },
  {
    name: 'vLLM: a template without a system turn',
    answer: openai('Conversation roles must alternate user/assistant/user/assistant/...'),
    sent: chat({ messages: [{ role: 'system', content: 's' }, user] }),
    told: ['merge-roles'],
    becomes: chat({ messages: [{ role: 'user', content: 's\n\nhi' }] }),
    loses: ["the system message was sent as the user's"],
  },
  {
    name: 'vLLM: the system speaks first',
    answer: openai('System message must be at the beginning.'),
    sent: chat({ messages: [{ role: 'system', content: 's' }, user, { role: 'system', content: 't' }] }),
    told: ['system-first'],
    becomes: chat({ messages: [{ role: 'system', content: 's\n\nt' }, user] }),
    loses: ['system messages from the middle were moved to the front'],
  },
  {
    name: 'vLLM: tools were not switched on',
    answer: openai('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
    sent: chat({ tools: [tool()], tool_choice: 'auto' }),
    told: null,
  },
  {
    name: 'vLLM: a template that does not know developers',
    answer: openai('Unexpected message role.'),
    sent: chat({ messages: [{ role: 'developer', content: 'd' }, user] }),
    told: ['role developer>system'],
    becomes: chat({ messages: [{ role: 'system', content: 'd' }, user] }),
  },
  {
    name: 'llama.cpp: tools need a template',
    answer: { error: { code: 500, message: 'tools param requires --jinja flag', type: 'server_error' } },
    sent: chat({ tools: [tool()] }),
    told: null,
  },
  {
    name: 'LM Studio: a schema or nothing',
    answer: { error: "'response_format.type' must be 'json_schema' or 'text'" },
    sent: chat({ response_format: { type: 'json_object' } }),
    told: ['format in words+json_schema'],
    becomes: chat({
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
    }),
  },
  {
    name: 'LM Studio Responses: a format is required',
    protocol: 'openai-responses',
    answer: openai('Required', 'text.format', 'missing_required_parameter'),
    sent: { model: 'm', input: 'hi', text: {} },
    told: ['text={"format":{"type":"text"}}'],
    becomes: { model: 'm', input: 'hi', text: { format: { type: 'text' } } },
    loses: ['{} became {"format":{"type":"text"}}'],
  },
];
