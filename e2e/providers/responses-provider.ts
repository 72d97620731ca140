import { Refusal, startProviderServer, type ProviderServer } from './provider-server.ts';
import { checkRequest, type Issued, type Tool } from './responses-rules.ts';
import { pieces, type ModelAnswer, type Script } from './scripted-model.ts';

type JsonObject = Record<string, unknown>;
type Out = JsonObject & { id: string; type: string };

export interface ResponsesProvider extends ProviderServer {
  /** Reasoning items that came back as they were given out. */
  readonly signed: number;
}

/** Tools in one list, a namespace's under `namespace__name`, as the scripted model sees them. */
function flat(tools: readonly Tool[]): { seen: string; tool: Tool }[] {
  return tools.flatMap((tool) => {
    if (tool.type !== 'namespace') return [{ seen: tool.name ?? tool.type, tool }];
    const { name = '', tools: nested = [] } = tool;
    return nested.map((one) => ({ seen: `${name}__${one.name}`, tool: { ...one, namespace: name } }));
  });
}

const usage = {
  input_tokens: 1000,
  input_tokens_details: { cached_tokens: 100 },
  output_tokens: 17,
  output_tokens_details: { reasoning_tokens: 7 },
  total_tokens: 1017,
};

/** A Responses provider with a scripted model behind it; it refuses what the real one refuses. */
export async function startResponsesProvider(script: Script, apiKey: string): Promise<ResponsesProvider> {
  const issued: Issued = { reasoning: new Map(), ledBy: new Map() };
  let answers = 0;
  let signed = 0;
  const server = await startProviderServer(
    async (request, body, response) => {
      if (request.headers.authorization !== `Bearer ${apiKey}`)
        throw new Refusal(401, 'Incorrect API key provided');
      const json = (value: unknown) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(value));
      };
      if (request.method === 'GET' && request.url === '/v1/models')
        return json({ object: 'list', data: [{ id: 'scripted', object: 'model' }] });
      if (request.url !== '/v1/responses') throw new Refusal(404, `Unknown request URL: ${request.url}`);
      const lite = request.headers['x-openai-internal-codex-responses-lite'] === 'true';
      const checked = checkRequest(body, lite, issued);
      signed += checked.returned;
      const offered = flat(checked.tools);
      const said = script({
        body,
        tools: offered.map(({ seen, tool }) => ({ name: seen, description: tool.description ?? '' })),
        results: checked.results,
      });
      answers += 1;
      const sealed = ((body['include'] ?? []) as string[]).includes('reasoning.encrypted_content');
      const output = outputOf(said, answers, offered, sealed);
      const [reasoning, led] = output;
      if (reasoning && led && sealed) {
        issued.reasoning.set(String(reasoning['encrypted_content']), reasoning.id);
        issued.ledBy.set(led.id, reasoning.id);
      }
      const head = {
        id: `resp_${answers}`,
        object: 'response',
        created_at: 1_790_000_000,
        model: body['model'],
      };
      const whole = { ...head, status: 'completed', error: null, output, usage };
      if (body['stream'] !== true) return json(whole);
      let sequence = 0;
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      const send = (type: string, data: JsonObject) =>
        response.write(
          `event: ${type}\ndata: ${JSON.stringify({ type, ...data, sequence_number: sequence++ })}\n\n`,
        );
      const begun = { ...whole, status: 'in_progress', output: [], usage: null };
      send('response.created', { response: begun });
      send('response.in_progress', { response: begun });
      for (const [index, item] of output.entries()) sendItem(item, index, send);
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
  return Object.defineProperty(server as ResponsesProvider, 'signed', { get: () => signed });
}

/** Reasoning first, then text, then calls of the kind their tool is. */
function outputOf(
  said: ModelAnswer,
  turn: number,
  offered: readonly { seen: string; tool: Tool }[],
  sealed: boolean,
): Out[] {
  const output: Out[] = [
    {
      id: `rs_${turn}`,
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Considering.' }],
      ...(sealed ? { encrypted_content: Buffer.from(`thought ${turn} \u00ff+/`).toString('base64') } : {}),
    },
  ];
  if (said.text) {
    const content = [{ type: 'output_text', text: said.text, annotations: [], logprobs: [] }];
    output.push({ id: `msg_${turn}`, type: 'message', status: 'completed', role: 'assistant', content });
  }
  for (const [at, call] of said.calls.entries()) {
    const tool = offered.find(({ seen }) => seen === call.name)?.tool;
    const names = {
      name: tool?.name ?? call.name,
      ...(tool?.namespace === undefined ? {} : { namespace: tool.namespace }),
      call_id: `call_${turn}_${at}`,
      status: 'completed',
    };
    output.push(
      tool?.type === 'custom'
        ? {
            id: `ctc_${turn}_${at}`,
            type: 'custom_tool_call',
            ...names,
            input: String(call.arguments['input']),
          }
        : {
            id: `fc_${turn}_${at}`,
            type: 'function_call',
            ...names,
            arguments: JSON.stringify(call.arguments),
          },
    );
  }
  return output;
}

function sendItem(item: Out, index: number, send: (type: string, data: JsonObject) => void): void {
  const at = { item_id: item.id, output_index: index };
  const added = (empty: JsonObject) =>
    send('response.output_item.added', {
      output_index: index,
      item: { ...item, status: 'in_progress', ...empty },
    });
  if (item.type === 'reasoning') {
    const part = { ...at, summary_index: 0 };
    const text = 'Considering.';
    added({ summary: [], encrypted_content: '' });
    send('response.reasoning_summary_part.added', { ...part, part: { type: 'summary_text', text: '' } });
    for (const delta of pieces(text)) send('response.reasoning_summary_text.delta', { ...part, delta });
    send('response.reasoning_summary_text.done', { ...part, text });
    send('response.reasoning_summary_part.done', { ...part, part: { type: 'summary_text', text } });
  } else if (item.type === 'message') {
    const part = (item['content'] as { text: string }[])[0] ?? { text: '' };
    const inPart = { ...at, content_index: 0 };
    added({ content: [] });
    send('response.content_part.added', { ...inPart, part: { ...part, text: '' } });
    for (const delta of pieces(part.text))
      send('response.output_text.delta', { ...inPart, delta, logprobs: [] });
    send('response.output_text.done', { ...inPart, text: part.text, logprobs: [] });
    send('response.content_part.done', { ...inPart, part });
  } else if (item.type === 'custom_tool_call') {
    const input = String(item['input']);
    added({ input: '' });
    for (const delta of pieces(input)) send('response.custom_tool_call_input.delta', { ...at, delta });
    send('response.custom_tool_call_input.done', { ...at, input });
  } else {
    const text = String(item['arguments']);
    added({ arguments: '' });
    for (const delta of pieces(text)) send('response.function_call_arguments.delta', { ...at, delta });
    send('response.function_call_arguments.done', { ...at, arguments: text });
  }
  send('response.output_item.done', { output_index: index, item });
}
