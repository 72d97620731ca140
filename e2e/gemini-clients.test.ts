import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { startTestGateway, type TestGateway } from '../packages/server/src/testing/test-gateway.ts';
import { answerOf, parameters, wantedTexts } from './clients/client.ts';
import { askGemini, type Form, type GeminiPart } from './harness/gemini-client.ts';
import { startChatProvider } from './providers/chat-provider.ts';
import { startGeminiProvider, type GeminiProvider } from './providers/gemini-provider.ts';
import { startMessagesProvider } from './providers/messages-provider.ts';
import type { ProviderServer } from './providers/provider-server.ts';
import { startResponsesProvider } from './providers/responses-provider.ts';
import { lookUpScript as script } from './providers/scripted-model.ts';

/** What Gemini's clients may do besides what its official package does: a stream as one array, calls without ids, foreign histories. */

const DONE = wantedTexts[2];

let google: GeminiProvider;
let others: Record<'chat' | 'messages' | 'responses', ProviderServer>;
let gw: TestGateway;
let openai: OpenAI;

before(async () => {
  google = await startGeminiProvider(script, 'key-g');
  others = {
    chat: await startChatProvider(script, 'key-c'),
    messages: await startMessagesProvider(script, 'key-m'),
    responses: await startResponsesProvider(script, 'key-r'),
  };
  const openaiType = { type: 'openai', api_key: 'key-r', protocol: 'openai-responses' };
  gw = await startTestGateway({
    providers: [
      { id: 'google', type: 'gemini', base_url: google.url, api_key: 'key-g' },
      { id: 'chat', type: 'openai-compatible', base_url: others.chat.url, api_key: 'key-c' },
      { id: 'messages', type: 'anthropic', base_url: others.messages.url, api_key: 'key-m' },
      { id: 'responses', ...openaiType, base_url: others.responses.url },
    ],
  });
  openai = new OpenAI({ baseURL: `${gw.url}/v1`, apiKey: 'tok-agent', maxRetries: 0 });
});

after(async () => {
  await gw.close();
  await Promise.all([google, ...Object.values(others)].map((server) => server.close()));
});

const functionDeclarations = [
  { name: 'look_up', description: 'Looks a word up.', parametersJsonSchema: parameters },
  { name: 'list_files' },
];

/** A whole agent loop in Gemini's shape. `ids`: whether calls keep their ids when they are replayed. */
async function runGemini(model: string, form: Form, ids: boolean) {
  const contents: { role: string; parts: GeminiPart[] }[] = [{ role: 'user', parts: [{ text: 'go' }] }];
  for (let step = 0; step < 5; step++) {
    const body = {
      contents,
      system_instruction: { parts: [{ text: 'Be brief.' }] },
      tools: [{ functionDeclarations }],
      generationConfig: { maxOutputTokens: 500, thinkingConfig: { includeThoughts: true } },
    };
    const asked = await askGemini(gw.url, model, form, body);
    const calls = asked.parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : []));
    if (calls.length === 0) return { asked, contents };
    const kept = asked.parts.map(({ functionCall, ...part }) => {
      if (!functionCall) return part;
      const { id: _, ...call } = functionCall;
      return Object.assign(part, { functionCall: ids ? functionCall : call });
    });
    contents.push({ role: 'model', parts: kept });
    const parts = calls.map(({ id, name }) => ({
      functionResponse: { ...(ids && id ? { id } : {}), name, response: { output: answerOf(name) } },
    }));
    contents.push({ role: 'user', parts });
  }
  throw new Error('the loop does not end');
}

for (const provider of ['chat', 'messages', 'responses', 'google'] as const) {
  const model = provider === 'google' ? 'google/gemini-3-scripted' : `${provider}/m`;

  for (const form of ['whole', 'sse', 'array'] as const) {
    test(`a Gemini client runs tools to the end, ${form}, from a provider that speaks ${provider}`, async () => {
      const server = provider === 'google' ? google : others[provider];
      for (const ids of [true, false]) {
        const { asked, contents } = await runGemini(model, form, ids);
        assert.deepEqual(server.refused, []);
        assert.equal(asked.text, DONE);
        assert.equal(asked.finish, 'STOP');
        assert.equal(asked.usage?.['cachedContentTokenCount'], 100);
        const made = contents[1]?.parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : []));
        assert.deepEqual(
          made?.map(({ name, args }) => [name, args]),
          [
            ['look_up', { q: 'aß', nested: { list: [1, 'two'] } }],
            ['list_files', {}],
          ],
        );
        assert.match(asked.type, form === 'sse' ? /text\/event-stream/ : /application\/json/);
        if (form !== 'whole') assert.ok(asked.chunks > 2);
      }
    });
  }
}

test('a history of another vendor goes to Gemini 3 with the placeholder at each step’s first call only', async () => {
  const before = google.placeholders;
  const call = (id: string, name: string) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: '{}' },
  });
  const answer = await openai.chat.completions.create({
    model: 'google/gemini-3-scripted',
    messages: [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: null, tool_calls: [call('a', 'look_up'), call('b', 'list_files')] },
      { role: 'tool', tool_call_id: 'b', content: 'second' },
      { role: 'tool', tool_call_id: 'a', content: 'first' },
      { role: 'assistant', content: null, tool_calls: [call('c', 'look_up')] },
      { role: 'tool', tool_call_id: 'c', content: 'third' },
    ],
  });
  assert.equal(answer.choices[0]?.message.content, 'Grüße 👋🏽 first|second|third');
  assert.equal(google.placeholders - before, 2);
});

test('models, token counts and errors come in Gemini’s own shapes', async () => {
  const headers = { 'x-goog-api-key': 'tok-agent', 'content-type': 'application/json' };
  const get = async (path: string) => (await fetch(`${gw.url}${path}`, { headers })).json();
  const { models } = (await get('/v1beta/models')) as { models: { name: string }[] };
  assert.ok(models.some(({ name }) => name === 'models/demo/scripted'));
  assert.equal(
    ((await get('/v1beta/models/demo/scripted')) as { name: string }).name,
    'models/demo/scripted',
  );

  const count = async (model: string, body: object) => {
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return (await fetch(`${gw.url}/v1beta/models/${model}:countTokens`, init)).json() as Promise<{
      totalTokens: number;
    }>;
  };
  const contents = [{ role: 'user', parts: [{ text: 'hello world' }] }];
  assert.equal((await count('google/x', { contents })).totalTokens, 4242);
  const few = await count('chat/m', { contents });
  const more = await count('chat/m', {
    generateContentRequest: { contents, tools: [{ functionDeclarations }] },
  });
  assert.ok(few.totalTokens > 2 && few.totalTokens < 30);
  assert.ok(more.totalTokens > few.totalTokens + 50);

  const refused = await fetch(`${gw.url}/v1beta/models/chat/m:generateContent?key=wrong`, {
    method: 'POST',
    body: '{}',
  });
  const { error } = (await refused.json()) as { error: { code: number; status: string } };
  assert.deepEqual([refused.status, error.code, error.status], [401, 401, 'UNAUTHENTICATED']);
  await assert.rejects(
    askGemini(gw.url, 'chat/m', 'sse', { contents: 'x' }),
    /400.*contents.*INVALID_ARGUMENT/,
  );
});
