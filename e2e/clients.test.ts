import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic, { AuthenticationError as AnthropicAuthError } from '@anthropic-ai/sdk';
import { ApiError, GoogleGenAI } from '@google/genai';
import OpenAI, { AuthenticationError } from 'openai';
import { cells } from './clients/cells.ts';
import { protocols, startWorld, type World } from './clients/world.ts';

/** The official clients through a real gateway process, for every provider protocol. `npm run e2e:clients` prints them as a table. */

let world: World;

before(async () => {
  world = await startWorld();
});

after(async () => {
  await world?.close();
});

for (const { client, provider, run } of cells) {
  test(`${client} works through text, parallel calls and their results with a provider that speaks ${protocols[provider]}`, () =>
    run(world));
}

const clients = (token = world.token) => ({
  openai: new OpenAI({ baseURL: `${world.gatewayUrl}/v1`, apiKey: token, maxRetries: 0 }),
  anthropic: new Anthropic({ baseURL: world.gatewayUrl, apiKey: token, maxRetries: 0 }),
  google: new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl: world.gatewayUrl } }),
});

test('models and token counts answer all packages', async () => {
  const { openai, anthropic, google } = clients();
  const ids = (await openai.models.list()).data.map(({ id }) => id);
  assert.ok(ids.includes('demo/scripted'));
  assert.ok((await anthropic.models.list()).data.some(({ id }) => id === 'demo/scripted'));
  const names: (string | undefined)[] = [];
  for await (const { name } of await google.models.list()) names.push(name);
  assert.ok(names.includes('models/demo/scripted'));
  assert.equal((await google.models.get({ model: 'demo/scripted' })).name, 'models/demo/scripted');

  const messages = [{ role: 'user' as const, content: 'hello world' }];
  const few = await anthropic.messages.countTokens({ model: 'chat/m', messages });
  const tool = {
    name: 'Bash',
    description: 'Runs a command. '.repeat(50),
    input_schema: { type: 'object' as const },
  };
  const more = await anthropic.messages.countTokens({ model: 'chat/m', messages, tools: [tool] });
  assert.ok(few.input_tokens > 2 && few.input_tokens < 30);
  assert.ok(more.input_tokens > few.input_tokens + 100);
  const counted = await google.models.countTokens({ model: 'chat/m', contents: 'hello world' });
  assert.ok((counted.totalTokens ?? 0) > 2);
});

test('errors arrive as each package’s own error classes', async () => {
  const { openai, anthropic, google } = clients('wrong');
  const messages = [{ role: 'user' as const, content: 'hi' }];
  await assert.rejects(openai.chat.completions.create({ model: 'chat/m', messages }), AuthenticationError);
  await assert.rejects(
    anthropic.messages.create({ model: 'chat/m', max_tokens: 1, messages }),
    AnthropicAuthError,
  );
  await assert.rejects(
    google.models.generateContent({ model: 'chat/m', contents: 'hi' }),
    (thrown) => thrown instanceof ApiError && thrown.status === 401,
  );
});
