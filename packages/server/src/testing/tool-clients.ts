import assert from 'node:assert/strict';
import type { ProtocolName } from '@vigiles/wire';
import { post, type RawAnswer, type TestGateway } from './test-gateway.ts';

/** A client of one protocol that offers the tool `look_up`, runs the call it gets, and sends the result back. */
export interface ToolClient {
  protocol: ProtocolName;
  /** Both rounds; the answer's text, and what the call's arguments were. */
  run(
    gateway: TestGateway,
    model: string,
    stream: boolean,
  ): Promise<{ text: string; q: unknown; last: RawAnswer }>;
}

const parameters = { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] };
const RESULT = 'It means grüß dich.';
const token = { authorization: 'Bearer tok-agent' };

// oxlint-disable-next-line typescript/no-explicit-any -- each protocol has its own shape; the clients assert on it
type Json = any;

/** The data of every event of a stream, or the whole answer alone. */
function eventsOf(answer: RawAnswer): Json[] {
  assert.equal(answer.status, 200, answer.body.toString());
  const text = answer.body.toString();
  if (text.startsWith('{')) return [JSON.parse(text)];
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line): Json => JSON.parse(line.slice(6)));
}

const responses: ToolClient = {
  protocol: 'openai-responses',
  async run({ url }, model, stream) {
    const ask = (input: unknown): Promise<RawAnswer> => {
      const tools = [{ type: 'function', name: 'look_up', parameters, strict: false }];
      const body = { model, stream, input, tools, store: false, include: ['reasoning.encrypted_content'] };
      return post(`${url}/v1/responses`, JSON.stringify(body), token);
    };
    const outputOf = (answer: RawAnswer): Json[] => {
      const last: Json = eventsOf(answer).at(-1);
      return (last.response ?? last).output as Json[];
    };
    const question = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'grüß?' }] };
    const output = outputOf(await ask([question]));
    const call: Json = output.find(({ type }) => type === 'function_call');
    const result = { type: 'function_call_output', call_id: call.call_id, output: RESULT };
    const last = await ask([question, ...output, result]);
    const message: Json = outputOf(last).find(({ type }) => type === 'message');
    return { text: message.content[0].text, q: JSON.parse(call.arguments).q, last };
  },
};

const chat: ToolClient = {
  protocol: 'openai-chat',
  async run({ url }, model, stream) {
    const ask = (messages: unknown): Promise<RawAnswer> => {
      const tools = [{ type: 'function', function: { name: 'look_up', parameters } }];
      return post(`${url}/v1/chat/completions`, JSON.stringify({ model, stream, messages, tools }), token);
    };
    const read = (answer: RawAnswer): { text: string; call: Json } => {
      let text = '';
      let call: Json;
      for (const { choices } of eventsOf(answer)) {
        const part: Json = choices[0]?.delta ?? choices[0]?.message ?? {};
        text += part.content ?? '';
        for (const piece of part.tool_calls ?? []) {
          call ??= { id: piece.id, type: 'function', function: { name: '', arguments: '' } };
          call.function.name += piece.function?.name ?? '';
          call.function.arguments += piece.function?.arguments ?? '';
        }
      }
      return { text, call };
    };
    const question = { role: 'user', content: 'grüß?' };
    const { call } = read(await ask([question]));
    const asked = { role: 'assistant', content: null, tool_calls: [call] };
    const last = await ask([question, asked, { role: 'tool', tool_call_id: call.id, content: RESULT }]);
    return { text: read(last).text, q: JSON.parse(call.function.arguments).q, last };
  },
};

const messages: ToolClient = {
  protocol: 'anthropic-messages',
  async run({ url }, model, stream) {
    const ask = (history: unknown): Promise<RawAnswer> => {
      const tools = [{ name: 'look_up', input_schema: parameters }];
      const body = { model, stream, max_tokens: 500, messages: history, tools };
      return post(`${url}/v1/messages`, JSON.stringify(body), {
        ...token,
        'anthropic-version': '2023-06-01',
      });
    };
    const blocksOf = (answer: RawAnswer): Json[] => {
      const blocks: Json[] = [];
      for (const event of eventsOf(answer)) {
        if (event.content) return event.content as Json[];
        if (event.type === 'content_block_start') blocks.push({ ...event.content_block, json: '' });
        const block = blocks[event.index];
        if (event.type !== 'content_block_delta') continue;
        if (event.delta.text) block.text += event.delta.text;
        if (event.delta.thinking) block.thinking += event.delta.thinking;
        if (event.delta.signature) block.signature = event.delta.signature;
        block.json += event.delta.partial_json ?? '';
      }
      for (const block of blocks) {
        if (block.json) block.input = JSON.parse(block.json);
        delete block.json;
      }
      return blocks;
    };
    const question = { role: 'user', content: 'grüß?' };
    const content = blocksOf(await ask([question]));
    const call: Json = content.find(({ type }) => type === 'tool_use');
    const result = { type: 'tool_result', tool_use_id: call.id, content: RESULT };
    const last = await ask([question, { role: 'assistant', content }, { role: 'user', content: [result] }]);
    return { text: blocksOf(last).find(({ type }) => type === 'text').text, q: call.input.q, last };
  },
};

const gemini: ToolClient = {
  protocol: 'gemini',
  async run({ url }, model, stream) {
    const ask = (contents: unknown): Promise<RawAnswer> => {
      const tools = [{ functionDeclarations: [{ name: 'look_up', parametersJsonSchema: parameters }] }];
      const verb = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      const address = `${url}/v1beta/models/${encodeURIComponent(model)}:${verb}`;
      return post(address, JSON.stringify({ contents, tools }), { 'x-goog-api-key': 'tok-agent' });
    };
    const partsOf = (answer: RawAnswer): Json[] =>
      eventsOf(answer).flatMap(({ candidates }) => (candidates?.[0]?.content?.parts ?? []) as Json[]);
    const question = { role: 'user', parts: [{ text: 'grüß?' }] };
    const parts = partsOf(await ask([question]));
    const call: Json = parts.find(({ functionCall }) => functionCall).functionCall;
    const functionResponse = { id: call.id, name: call.name, response: { output: RESULT } };
    const result = { role: 'user', parts: [{ functionResponse }] };
    const last = await ask([question, { role: 'model', parts }, result]);
    const said = partsOf(last).filter(({ text, thought }) => text && !thought);
    return { text: said.map(({ text }) => text).join(''), q: call.args.q, last };
  },
};

export const toolClients: readonly ToolClient[] = [responses, chat, messages, gemini];
export const TOOL_RESULT = RESULT;
