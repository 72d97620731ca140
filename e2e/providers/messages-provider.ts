import { checkRequest } from './messages-rules.ts';
import { Refusal, startProviderServer, type ProviderServer } from './provider-server.ts';
import { pieces, type Script } from './scripted-model.ts';

export interface MessagesProvider extends ProviderServer {
  /** Thinking blocks that came back as they were signed. */
  readonly signed: number;
}

/** An Anthropic Messages provider with a scripted model behind it; it refuses what the real one refuses. */
export async function startMessagesProvider(script: Script, apiKey: string): Promise<MessagesProvider> {
  const signatures = new Map<string, string>();
  let answers = 0;
  let signed = 0;
  const server = await startProviderServer(
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
      const { tools, results, thinks, returned } = checkRequest(
        body,
        signatures,
        String(request.headers['anthropic-beta'] ?? '').split(','),
      );
      signed += returned;
      const said = script({
        body,
        tools: tools.map(({ name, description = '' }) => ({ name, description })),
        results,
      });
      answers += 1;
      const thinking = `Considering ${answers}.`;
      if (thinks) signatures.set(`sig-${answers}+/=`, thinking);
      const content: Record<string, unknown>[] = [
        ...(thinks ? [{ type: 'thinking', thinking, signature: `sig-${answers}+/=` }] : []),
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
        input_tokens: 900,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 0,
        output_tokens: 17,
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
        usage: { output_tokens: 17 },
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
  return Object.defineProperty(server as MessagesProvider, 'signed', { get: () => signed });
}
