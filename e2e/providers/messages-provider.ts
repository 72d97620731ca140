import { Refusal, refuseUnknown, startProviderServer, type ProviderServer } from './provider-server.ts';
import { pieces, type Script } from './scripted-model.ts';

const knownFields =
  'model messages system max_tokens tools tool_choice stream temperature top_p top_k stop_sequences thinking metadata output_config service_tier cache_control'.split(
    ' ',
  );
const toolName = /^[a-zA-Z0-9_-]{1,128}$/;
const callId = /^[a-zA-Z0-9_-]+$/;

interface Block {
  type: string;
  text?: string;
  id?: string;
  name?: string;
  input?: unknown;
  tool_use_id?: string;
  content?: unknown;
  signature?: string;
}

const blocksOf = (content: unknown): Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content as Block[]);

/** The rules the Messages API enforces on a conversation. Returns the tool results. */
function checkMessages(messages: { role: string; content: unknown }[]): string[] {
  const results: string[] = [];
  let open: string[] = [];
  if (messages[0]?.role !== 'user')
    throw new Refusal(400, 'messages: first message must use the "user" role');
  for (const [at, { role, content }] of messages.entries()) {
    if (role !== 'user' && role !== 'assistant')
      throw new Refusal(400, `messages.${at}.role: Input should be 'user' or 'assistant'`);
    const blocks = blocksOf(content);
    if (blocks.length === 0) throw new Refusal(400, `messages.${at}: content must be non-empty`);
    for (const [index, block] of blocks.entries()) {
      const where = `messages.${at}.content.${index}`;
      if (block.type === 'text' && !block.text?.trim())
        throw new Refusal(400, `${where}: text content blocks must be non-empty`);
      if (block.type === 'thinking' && !block.signature)
        throw new Refusal(400, `${where}.signature: Field required`);
      if (block.type === 'tool_use') {
        if (role !== 'assistant' || !callId.test(block.id ?? '') || !toolName.test(block.name ?? ''))
          throw new Refusal(400, `${where}: bad tool_use ${block.id} ${block.name}`);
        if (typeof block.input !== 'object' || block.input === null)
          throw new Refusal(400, `${where}.tool_use.input: Input should be a valid dictionary`);
      }
      if (block.type === 'tool_result') {
        if (role !== 'user' || !open.includes(block.tool_use_id ?? ''))
          throw new Refusal(
            400,
            `${where}: unexpected tool_use_id found in tool_result blocks: ${block.tool_use_id}`,
          );
        open = open.filter((id) => id !== block.tool_use_id);
        results.push(
          blocksOf(block.content ?? '')
            .map((part) => part.text ?? '')
            .join(''),
        );
      }
    }
    if (role === 'user' && open.length > 0)
      throw new Refusal(
        400,
        `messages.${at}: tool_use ids were found without tool_result blocks immediately after: ${open.join(', ')}`,
      );
    if (role === 'assistant')
      open = blocks.filter((block) => block.type === 'tool_use').map((block) => block.id ?? '');
  }
  return results;
}

/** An Anthropic Messages provider with a scripted model behind it; it refuses what the real one refuses. */
export function startMessagesProvider(script: Script, apiKey: string): Promise<ProviderServer> {
  let answers = 0;
  return startProviderServer(
    async (request, body, response) => {
      if (request.headers['x-api-key'] !== apiKey) throw new Refusal(401, 'invalid x-api-key');
      if (!request.headers['anthropic-version'])
        throw new Refusal(400, 'anthropic-version: header is required');
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({
            data: [{ type: 'model', id: 'scripted', display_name: 'Scripted' }],
            has_more: false,
          }),
        );
        return;
      }
      if (request.url !== '/v1/messages') throw new Refusal(404, `not found: ${request.url}`);
      refuseUnknown(body, knownFields, (field) => `${field}: Extra inputs are not permitted`);
      if (typeof body['max_tokens'] !== 'number') throw new Refusal(400, 'max_tokens: Field required');
      const tools = (body['tools'] ?? []) as { name: string; description?: string; input_schema?: unknown }[];
      if (tools.length === 0 && body['tool_choice'] !== undefined)
        throw new Refusal(400, 'tool_choice: may only be specified while providing tools');
      for (const tool of tools)
        if (!toolName.test(tool.name) || typeof tool.input_schema !== 'object')
          throw new Refusal(400, `tools: bad tool ${tool.name}`);
      const results = checkMessages(body['messages'] as { role: string; content: unknown }[]);
      const said = script({
        tools: tools.map(({ name, description = '' }) => ({ name, description })),
        results,
      });
      answers += 1;
      const content: Record<string, unknown>[] = [
        { type: 'thinking', thinking: 'Considering.', signature: `sig-${answers}` },
        ...(said.text ? [{ type: 'text', text: said.text }] : []),
        ...said.calls.map((call, at) => ({
          type: 'tool_use',
          id: `toolu_${answers}_${at}`,
          name: call.name,
          input: call.arguments,
        })),
      ];
      const stop = said.calls.length > 0 ? 'tool_use' : 'end_turn';
      const usage = {
        input_tokens: 900 * answers,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 0,
        output_tokens: 10,
      };
      const message = {
        id: `msg_${answers}`,
        type: 'message',
        role: 'assistant',
        model: String(body['model']),
      };
      if (body['stream'] !== true) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ...message, content, stop_reason: stop, stop_sequence: null, usage }));
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const send = (type: string, data: object) =>
        response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
      send('message_start', {
        message: {
          ...message,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { ...usage, output_tokens: 1 },
        },
      });
      send('ping', {});
      for (const [index, block] of content.entries()) {
        const delta = (value: object) => send('content_block_delta', { index, delta: value });
        if (block['type'] === 'thinking') {
          send('content_block_start', {
            index,
            content_block: { type: 'thinking', thinking: '', signature: '' },
          });
          for (const thinking of pieces(String(block['thinking'])))
            delta({ type: 'thinking_delta', thinking });
          delta({ type: 'signature_delta', signature: block['signature'] });
        } else if (block['type'] === 'text') {
          send('content_block_start', { index, content_block: { type: 'text', text: '' } });
          for (const text of pieces(String(block['text']))) delta({ type: 'text_delta', text });
        } else {
          send('content_block_start', { index, content_block: { ...block, input: {} } });
          for (const part of pieces(JSON.stringify(block['input'])))
            delta({ type: 'input_json_delta', partial_json: part });
        }
        send('content_block_stop', { index });
      }
      send('message_delta', {
        delta: { stop_reason: stop, stop_sequence: null },
        usage: { output_tokens: 10 },
      });
      send('message_stop', {});
      response.end();
    },
    ({ status, message }) => ({
      type: 'error',
      error: {
        type:
          status === 401
            ? 'authentication_error'
            : status === 404
              ? 'not_found_error'
              : 'invalid_request_error',
        message,
      },
    }),
  );
}
