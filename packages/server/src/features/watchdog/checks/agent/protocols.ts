import type { ConfigOf } from '../define-check.ts';

/** How a protocol is asked, and how its stream is understood. Only as much of it as tells of the first token. */
export interface Protocol {
  path: string;
  /** What makes its list of models whole. */
  listQuery: string;
  headers(key: string): Record<string, string>;
  body(config: ConfigOf<'agent'>): object;
  /** What one `data:` of the stream says. */
  read(data: Record<string, unknown>): {
    token?: boolean;
    usage?: TokenCount;
    failure?: string;
    done?: boolean;
  };
}

export interface TokenCount {
  input: number | null;
  output: number | null;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const count = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const failureOf = (error: unknown): string => {
  const { message } = record(error);
  return typeof message === 'string' ? message : 'the stream tells of an error';
};

/** OpenAI Responses: https://platform.openai.com/docs/api-reference/responses-streaming */
const responses: Protocol = {
  path: '/responses',
  listQuery: '',
  headers: bearer,
  body: ({ model, prompt, max_output_tokens }) => ({
    model,
    input: prompt,
    // The API takes no less than 16.
    max_output_tokens: Math.max(16, max_output_tokens),
    stream: true,
    store: false,
  }),
  read(data) {
    const type = typeof data['type'] === 'string' ? data['type'] : '';
    const response = record(data['response']);
    if (type === 'error' || type === 'response.failed')
      return { failure: failureOf(response['error'] ?? data) };
    if (type.endsWith('.delta')) return { token: true };
    if (type !== 'response.completed' && type !== 'response.incomplete') return {};
    const usage = record(response['usage']);
    return {
      done: true,
      // A reasoning model may use up the little it was given before it says a word.
      token: (count(usage['output_tokens']) ?? 0) > 0,
      usage: { input: count(usage['input_tokens']), output: count(usage['output_tokens']) },
    };
  },
};

/** OpenAI Chat Completions: https://platform.openai.com/docs/api-reference/chat-streaming */
const chat: Protocol = {
  path: '/chat/completions',
  listQuery: '',
  headers: bearer,
  body: ({ model, prompt, max_output_tokens }) => ({
    model,
    messages: [{ role: 'user', content: prompt }],
    max_tokens: max_output_tokens,
    stream: true,
    stream_options: { include_usage: true },
  }),
  read(data) {
    if (data['error'] !== undefined) return { failure: failureOf(data['error']) };
    const [choice] = Array.isArray(data['choices']) ? (data['choices'] as unknown[]) : [];
    const delta = record(record(choice)['delta']);
    const token = ['content', 'reasoning_content', 'reasoning', 'tool_calls'].some(
      (name) => delta[name] !== undefined && delta[name] !== null && delta[name] !== '',
    );
    const usage = record(data['usage']);
    const prompt = count(usage['prompt_tokens']);
    return {
      token,
      ...(prompt === null ? {} : { usage: { input: prompt, output: count(usage['completion_tokens']) } }),
    };
  },
};

/** Anthropic Messages: https://docs.anthropic.com/en/api/messages-streaming */
const messages: Protocol = {
  path: '/messages',
  listQuery: '?limit=1000',
  headers: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
  body: ({ model, prompt, max_output_tokens }) => ({
    model,
    messages: [{ role: 'user', content: prompt }],
    max_tokens: max_output_tokens,
    stream: true,
  }),
  read(data) {
    switch (data['type']) {
      case 'error':
        return { failure: failureOf(data['error']) };
      case 'content_block_delta':
        return { token: true };
      case 'message_delta': {
        const usage = record(data['usage']);
        return { usage: { input: count(usage['input_tokens']), output: count(usage['output_tokens']) } };
      }
      case 'message_start': {
        const usage = record(record(data['message'])['usage']);
        return { usage: { input: count(usage['input_tokens']), output: null } };
      }
      case 'message_stop':
        return { done: true };
      default:
        return {};
    }
  },
};

export const protocols: Record<ConfigOf<'agent'>['protocol'], Protocol> = { responses, chat, messages };
