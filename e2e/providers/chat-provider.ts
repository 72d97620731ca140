import { Refusal, refuseUnknown, startProviderServer, type ProviderServer } from './provider-server.ts';
import { pieces, type Script } from './scripted-model.ts';

const knownFields =
  'model messages tools tool_choice parallel_tool_calls stream stream_options max_tokens max_completion_tokens temperature top_p stop seed response_format reasoning_effort user frequency_penalty presence_penalty'.split(
    ' ',
  );
const toolName = /^[a-zA-Z0-9_-]{1,64}$/;

interface ChatMessage {
  role: string;
  content?: unknown;
  tool_calls?: { id: string; type: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : Array.isArray(content)
      ? content.map((part: { text?: string }) => part.text ?? '').join('')
      : '';

/** The rules that Chat Completions servers enforce on a conversation. Returns the tool results. */
function checkMessages(messages: ChatMessage[]): string[] {
  const results: string[] = [];
  let open: string[] = [];
  for (const [at, message] of messages.entries()) {
    if (!['system', 'user', 'assistant', 'tool'].includes(message.role))
      throw new Refusal(
        400,
        `messages[${at}].role: '${message.role}' is not one of system, user, assistant, tool`,
      );
    if (message.role === 'tool') {
      if (!open.includes(message.tool_call_id ?? ''))
        throw new Refusal(
          400,
          `messages[${at}]: role 'tool' must be a response to a preceding message with 'tool_calls'`,
        );
      open = open.filter((id) => id !== message.tool_call_id);
      results.push(textOf(message.content));
      continue;
    }
    if (open.length > 0)
      throw new Refusal(
        400,
        `messages[${at}]: tool_call_ids did not have response messages: ${open.join(', ')}`,
      );
    if (message.role === 'assistant') {
      for (const call of message.tool_calls ?? []) {
        if (call.type !== 'function' || !toolName.test(call.function.name))
          throw new Refusal(400, `messages[${at}].tool_calls: bad call ${JSON.stringify(call)}`);
        JSON.parse(call.function.arguments);
        open.push(call.id);
      }
    } else if (typeof message.content !== 'string' && !Array.isArray(message.content))
      throw new Refusal(400, `messages[${at}].content: expected a string or an array`);
  }
  if (open.length > 0)
    throw new Refusal(400, `tool_call_ids did not have response messages: ${open.join(', ')}`);
  return results;
}

/** A Chat Completions provider with a scripted model behind it; it refuses what the real ones refuse. */
export function startChatProvider(script: Script, apiKey: string): Promise<ProviderServer> {
  let answers = 0;
  return startProviderServer(
    async (request, body, response) => {
      if (request.headers.authorization !== `Bearer ${apiKey}`)
        throw new Refusal(401, 'Incorrect API key provided');
      if (request.method === 'GET' && request.url === '/v1/models') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ object: 'list', data: [{ id: 'scripted', object: 'model' }] }));
        return;
      }
      if (request.url !== '/v1/chat/completions')
        throw new Refusal(404, `Unknown request URL: ${request.url}`);
      refuseUnknown(body, knownFields, (field) => `Unrecognized request argument supplied: ${field}`);
      const tools = (body['tools'] ?? []) as {
        type: string;
        function: { name: string; description?: string };
      }[];
      if (
        tools.length === 0 &&
        (body['tool_choice'] !== undefined || body['parallel_tool_calls'] !== undefined)
      )
        throw new Refusal(400, "'tool_choice' is only allowed when 'tools' are specified");
      for (const tool of tools)
        if (tool.type !== 'function' || !toolName.test(tool.function.name))
          throw new Refusal(400, `tools: bad tool ${tool.type} ${tool.function?.name}`);
      const results = checkMessages(body['messages'] as ChatMessage[]);
      const said = script({
        body,
        tools: tools.map(({ function: { name, description = '' } }) => ({ name, description })),
        results,
      });
      answers += 1;
      const calls = said.calls.map((call, at) => ({
        index: at,
        id: `call_${answers}_${at}`,
        type: 'function',
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      }));
      const base = { id: `chatcmpl-${answers}`, created: 1_790_000_000, model: String(body['model']) };
      const finish = calls.length > 0 ? 'tool_calls' : 'stop';
      const usage = {
        prompt_tokens: 1000,
        completion_tokens: 17,
        total_tokens: 1017,
        prompt_tokens_details: { cached_tokens: 100 },
      };
      if (body['stream'] !== true) {
        response.writeHead(200, { 'content-type': 'application/json' });
        const message = {
          role: 'assistant',
          content: said.text || null,
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        };
        response.end(
          JSON.stringify({
            ...base,
            object: 'chat.completion',
            choices: [{ index: 0, message, finish_reason: finish }],
            usage,
          }),
        );
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const send = (choices: unknown[], more = {}) =>
        response.write(
          `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`,
        );
      const delta = (value: unknown, finish_reason: string | null = null) =>
        send([{ index: 0, delta: value, finish_reason }]);
      delta({ role: 'assistant', content: '' });
      for (const content of pieces(said.text)) delta({ content });
      for (const call of calls) {
        delta({ tool_calls: [{ ...call, function: { name: call.function.name, arguments: '' } }] });
        for (const part of pieces(call.function.arguments))
          delta({ tool_calls: [{ index: call.index, function: { arguments: part } }] });
      }
      delta({}, finish);
      if ((body['stream_options'] as { include_usage?: boolean } | undefined)?.include_usage)
        send([], { usage });
      response.end('data: [DONE]\n\n');
    },
    ({ status, message }) => ({
      error: {
        message,
        type: status === 401 ? 'authentication_error' : 'invalid_request_error',
        param: null,
        code: null,
      },
    }),
  );
}
