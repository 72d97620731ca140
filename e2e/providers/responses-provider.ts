import { Refusal, refuseUnknown, startProviderServer, type ProviderServer } from './provider-server.ts';
import { pieces, type Script } from './scripted-model.ts';

const knownFields =
  'model input instructions tools tool_choice parallel_tool_calls max_output_tokens temperature top_p stream store reasoning text include metadata user truncation previous_response_id prompt_cache_key service_tier'.split(
    ' ',
  );

interface Item {
  type?: string;
  role?: string;
  call_id?: string;
  name?: string;
  arguments?: unknown;
  output?: unknown;
}

/** The rules that the Responses API enforces on its input. Returns the tool results. */
function checkInput(input: Item[]): string[] {
  const results: string[] = [];
  const open = new Set<string>();
  for (const [at, item] of input.entries()) {
    if (item.type === 'function_call') {
      if (!item.call_id || !item.name || typeof item.arguments !== 'string')
        throw new Refusal(400, `input[${at}]: a function_call needs call_id, name and arguments`);
      JSON.parse(item.arguments);
      open.add(item.call_id);
    } else if (item.type === 'function_call_output') {
      if (!open.delete(item.call_id ?? ''))
        throw new Refusal(400, `No tool call found for function call output with call_id ${item.call_id}.`);
      results.push(typeof item.output === 'string' ? item.output : JSON.stringify(item.output));
    } else if (item.type !== 'reasoning' && item.role === undefined)
      throw new Refusal(400, `input[${at}]: Invalid value: '${item.type}'`);
  }
  const [left] = open;
  if (left !== undefined) throw new Refusal(400, `No tool output found for function call ${left}.`);
  return results;
}

/** A Responses provider with a scripted model behind it; it refuses what the real one refuses. */
export function startResponsesProvider(script: Script, apiKey: string): Promise<ProviderServer> {
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
      if (request.url !== '/v1/responses') throw new Refusal(404, `Unknown request URL: ${request.url}`);
      refuseUnknown(body, knownFields, (field) => `Unknown parameter: '${field}'.`);
      const tools = (body['tools'] ?? []) as { type: string; name: string; description?: string }[];
      const input = body['input'];
      const results = Array.isArray(input) ? checkInput(input as Item[]) : [];
      const said = script({
        tools: tools.map(({ name, description = '' }) => ({ name, description })),
        results,
      });
      answers += 1;
      const content = [{ type: 'output_text', text: said.text, annotations: [], logprobs: [] }];
      const message = {
        id: `msg_${answers}`,
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content,
      };
      const calls = said.calls.map((call, at) => ({
        id: `fc_${answers}_${at}`,
        type: 'function_call',
        status: 'completed',
        call_id: `call_${answers}_${at}`,
        name: call.name,
        arguments: JSON.stringify(call.arguments),
      }));
      const output = [...(said.text ? [message] : []), ...calls];
      const whole = {
        id: `resp_${answers}`,
        object: 'response',
        created_at: 1_790_000_000,
        model: body['model'],
        status: 'completed',
        output,
        usage: {
          input_tokens: 1000,
          input_tokens_details: { cached_tokens: 100 },
          output_tokens: 17,
          output_tokens_details: { reasoning_tokens: 7 },
          total_tokens: 1017,
        },
      };
      if (body['stream'] !== true) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(whole));
        return;
      }
      let sequence = 0;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const send = (type: string, data: object) =>
        response.write(
          `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...data })}\n\n`,
        );
      send('response.created', { response: { ...whole, status: 'in_progress', output: [], usage: null } });
      for (const [index, item] of output.entries()) {
        const at = { item_id: item.id, output_index: index };
        if ('content' in item) {
          send('response.output_item.added', {
            output_index: index,
            item: { ...item, status: 'in_progress', content: [] },
          });
          for (const delta of pieces(said.text))
            send('response.output_text.delta', { ...at, content_index: 0, delta });
        } else {
          send('response.output_item.added', {
            output_index: index,
            item: { ...item, status: 'in_progress', arguments: '' },
          });
          for (const delta of pieces(item.arguments))
            send('response.function_call_arguments.delta', { ...at, delta });
          send('response.function_call_arguments.done', { ...at, arguments: item.arguments });
        }
        send('response.output_item.done', { output_index: index, item });
      }
      send('response.completed', { response: whole });
      response.end();
    },
    ({ status, message }) => ({
      error: {
        message,
        type: 'invalid_request_error',
        param: null,
        code: status === 401 ? 'invalid_api_key' : null,
      },
    }),
  );
}
