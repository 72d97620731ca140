import type { SeenRequest } from './scripted-upstream.ts';

/** Rules that the real providers enforce, so that a request they would refuse fails in a test, too. */
export function brokenRule(seen: SeenRequest): string | null {
  const body = seen.json;
  if (!body) return 'The body is not a JSON object.';
  if (seen.headers['content-type'] !== 'application/json') return 'content-type must be application/json.';
  if (typeof body['model'] !== 'string' || body['model'] === '') return 'model is required.';
  if (seen.path.endsWith('/chat/completions')) return chatRule(body);
  if (seen.path.endsWith('/messages')) return messagesRule(seen, body);
  return responsesRule(body);
}

type Body = Record<string, unknown>;
type Row = Record<string, unknown>;

const rows = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : []);

/** Chat Completions: every tool message answers a call of the assistant message before it. */
function chatRule(body: Body): string | null {
  const messages = rows(body['messages']);
  if (messages.length === 0) return 'messages must not be empty.';
  if ('max_output_tokens' in body || 'input' in body) return 'Unrecognized request argument.';
  if ('tool_choice' in body && rows(body['tools']).length === 0)
    return 'tool_choice is only allowed with tools.';
  if (Array.isArray(body['tools']) && body['tools'].length === 0) return 'tools must not be empty.';
  let open = new Set<unknown>();
  for (const message of messages) {
    if (message['role'] === 'tool') {
      if (!open.delete(message['tool_call_id'])) return 'A tool message must follow its tool_calls.';
      continue;
    }
    if (open.size > 0) return 'tool_calls must be followed by tool messages.';
    open = new Set(rows(message['tool_calls']).map((call) => call['id']));
  }
  return null;
}

/** Messages: a key, a version, a limit, roles in turn, and results right after their calls. */
function messagesRule(seen: SeenRequest, body: Body): string | null {
  if (seen.headers['x-api-key'] === undefined) return 'x-api-key header is required.';
  if (seen.headers['anthropic-version'] === undefined) return 'anthropic-version: header is required.';
  if (typeof body['max_tokens'] !== 'number') return 'max_tokens: Field required.';
  const messages = rows(body['messages']);
  if (messages[0]?.['role'] !== 'user') return 'messages: first message must use the user role.';
  let calls = new Set<unknown>();
  for (const message of messages) {
    if (message['role'] !== 'user' && message['role'] !== 'assistant') return 'messages: unexpected role.';
    const blocks = rows(message['content']);
    if (blocks.some((block) => block['type'] === 'text' && block['text'] === '')) {
      return 'messages: text content blocks must be non-empty.';
    }
    const results = blocks.filter((block) => block['type'] === 'tool_result');
    for (const result of results) {
      if (!calls.delete(result['tool_use_id'])) return 'messages: unexpected tool_use_id in tool_result.';
    }
    if (calls.size > 0) return 'messages: tool_use ids were found without tool_result blocks.';
    calls = new Set(blocks.filter((block) => block['type'] === 'tool_use').map((block) => block['id']));
  }
  return null;
}

/** Responses: every output answers a call. */
function responsesRule(body: Body): string | null {
  if ('messages' in body || 'max_tokens' in body) return 'Unsupported parameter.';
  if (typeof body['input'] === 'string') return null;
  const items = rows(body['input']);
  if (items.length === 0) return 'input must not be empty.';
  const calls = new Set<unknown>(items.map((item) => item['call_id']).filter((id) => id !== undefined));
  for (const item of items) {
    if (item['type'] === 'function_call_output' && !calls.has(item['call_id'])) return 'No tool call found.';
  }
  return null;
}
