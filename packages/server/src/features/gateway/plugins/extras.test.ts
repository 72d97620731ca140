import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PluginProvider, PluginToolCallFormat } from '@vigiles/contract';
import { post, startTestGateway } from '../../../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../../../testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
} from '../../../testing/upstreams/scripted-upstream.ts';
import { extrasOf, noExtras } from './extras.ts';

const said = '<|house|>{"do":"read_file","with":{"path":"a.txt"}}<|/house|>';
const upstream = await startScriptedUpstream((seen, res) => {
  if (seen.json?.['stream'] === true) return streamPieces(res, chatStream([said.slice(0, 9), said.slice(9)]));
  return answerJson(res, 200, chatCompletion(said));
});
const house = await startTestGateway({
  providers: [
    { id: 'house', type: 'acme/house', base_url: upstream.origin, api_key: 'k', models: ['house-1'] },
  ],
  default_provider: 'house',
});
after(async () => {
  await house.close();
  await upstream.close();
});

const brought = extrasOf(
  new Map([
    [
      'acme',
      {
        providers: {
          house: PluginProvider.parse({
            name: 'House',
            protocols: [{ protocol: 'openai-chat', path: '/own/chat' }],
            auth: 'api-key',
            headers: { 'x-house': 'yes' },
            models_path: null,
          }),
        },
        formats: {
          house: PluginToolCallFormat.parse({
            open: ['<|house|>'],
            close: ['<|/house|>'],
            payload: 'json',
            name_key: 'do',
            arguments_key: 'with',
          }),
        },
      },
    ],
  ]),
);

const tools = [
  {
    type: 'function',
    function: {
      name: 'read_file',
      parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    },
  },
];
const ask = (more: object = {}) =>
  post(
    `${house.url}/v1/chat/completions`,
    JSON.stringify({ model: 'house-1', messages: [{ role: 'user', content: 'read it' }], tools, ...more }),
  );

test('a provider of a sort that nobody brings is not there, and the others serve', async () => {
  assert.equal(
    house.gateway.snapshot().providers.some(({ id }) => id === 'house'),
    false,
  );
  assert.notEqual((await ask()).status, 200);
});

test('with its plugin it is served, as the plugin says and with the key of the configuration', async () => {
  house.gateway.extend(brought);
  assert.equal((await ask({ tools: [] })).status, 200);
  const seen = upstream.requests.at(-1);
  assert.equal(seen?.path, '/v1/own/chat');
  assert.equal(seen?.headers['api-key'], 'k');
  assert.equal(seen?.headers['x-house'], 'yes');
});

test('calls in the format that a plugin describes become calls, whole and streamed', async () => {
  const [choice] = (await ask()).json().choices;
  assert.deepEqual(
    choice.message.tool_calls.map(({ function: call }: { function: object }) => call),
    [{ name: 'read_file', arguments: '{"path":"a.txt"}' }],
  );
  const streamed = (await ask({ stream: true })).body.toString();
  assert.match(streamed, /"name":"read_file"/);
  assert.match(streamed, /"finish_reason":"tool_calls"/);
  assert.ok(!streamed.includes('<|house|>'));
});

test('without the plugin the sort is gone again, and so is its format', () => {
  house.gateway.extend(noExtras);
  assert.equal(
    house.gateway.snapshot().providers.some(({ id }) => id === 'house'),
    false,
  );
});
