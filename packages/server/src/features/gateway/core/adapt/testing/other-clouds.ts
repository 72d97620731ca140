import { user, chat, tool, type Refusal } from './refusal.ts';

export const otherCloudsRefusals: Refusal[] = [
  {
    name: 'OpenRouter: the provider’s own words inside its own',
    answer: {
      error: {
        message: 'Provider returned error',
        code: 400,
        metadata: {
          raw: '{"error":{"message":"Unsupported parameter: \'temperature\' is not supported with this model.","param":"temperature"}}',
          provider_name: 'OpenAI',
        },
      },
    },
    sent: chat({ temperature: 0.3 }),
    told: ['-temperature'],
    becomes: chat(),
    loses: ['temperature was left out'],
  },
  {
    name: 'OpenRouter: the window, with text and tools apart',
    answer: {
      error: {
        message:
          "This endpoint's maximum context length is 131072 tokens. However, you requested about 140000 tokens (100000 of text input, 10000 of tool input, 30000 in the output). Please reduce the length of either one",
        code: 400,
      },
    },
    sent: chat({ max_tokens: 30000 }),
    told: ['max_tokens<=21072'],
    becomes: chat({ max_tokens: 21072 }),
    loses: ['30000 became 21072'],
  },
  {
    name: 'OpenRouter: nobody behind it has tools',
    status: 404,
    answer: {
      error: {
        message:
          'No endpoints found that support tool use. To learn more about provider routing, visit https://openrouter.ai/docs',
        code: 404,
      },
    },
    sent: chat({ tools: [tool()] }),
    told: null,
  },
  {
    name: 'Bedrock: a key that does not belong there',
    protocol: 'anthropic-messages',
    answer: {
      message:
        'Malformed input request: #: extraneous key [context_management] is not permitted, please reformat your input and try again.',
    },
    sent: { model: 'm', messages: [user], context_management: {} },
    told: ['-context_management'],
    becomes: { model: 'm', messages: [user] },
    loses: ['context_management was left out'],
  },
  {
    name: 'Bedrock: more output than the model has',
    protocol: 'anthropic-messages',
    answer: {
      message:
        'The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.',
    },
    sent: { model: 'm', messages: [user], max_tokens: 8192 },
    told: ['max_tokens<=4096'],
    becomes: { model: 'm', messages: [user], max_tokens: 4096 },
    loses: ['8192 became 4096'],
  },
  {
    name: 'Cerebras: strict for all tools or none',
    answer: {
      message:
        "Tools with mixed values for 'strict' are not allowed. Please set all tools to 'strict: true' or 'strict: false'",
      type: 'invalid_request_error',
      param: 'tools',
      code: 'wrong_api_format',
    },
    status: 422,
    sent: chat({ tools: [tool({ strict: true }), tool()] }),
    told: ['-tools[].function.strict'],
    becomes: chat({ tools: [tool(), tool()] }),
    loses: ['tools[].function.strict was left out'],
  },
  {
    name: 'NVIDIA NIM: parameters in the plural',
    answer: {
      status: 400,
      title: 'Bad Request',
      detail: 'Validation: Unsupported parameter(s): `parallel_tool_calls`',
    },
    sent: chat({ parallel_tool_calls: true, tools: [tool()] }),
    told: ['-parallel_tool_calls'],
    becomes: chat({ tools: [tool()] }),
  },
  {
    name: 'Bedrock Converse: more output than the model has',
    protocol: 'bedrock-converse',
    answer: {
      message:
        'The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.',
    },
    sent: { messages: [], inferenceConfig: { maxTokens: 8192, temperature: 1 } },
    told: ['inferenceConfig.maxTokens<=4096'],
    becomes: { messages: [], inferenceConfig: { maxTokens: 4096, temperature: 1 } },
    loses: ['8192 became 4096'],
  },
];
