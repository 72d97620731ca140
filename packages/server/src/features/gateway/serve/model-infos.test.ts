import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import type { ModelInfo } from '@vigiles/contract';
import OpenAI from 'openai';
import { post, startTestGateway, until } from '../../../testing/test-gateway.ts';
import { chatCompletion } from '../../../testing/upstreams/chat-answers.ts';
import { answerJson, startScriptedUpstream } from '../../../testing/upstreams/scripted-upstream.ts';

const provider = (origin: string) => ({
  id: 'box',
  type: 'ollama',
  base_url: origin,
  models: ['m'],
  model_facts: { m: { context_window: 4096, max_output_tokens: 1024, tools: true } },
});

test('a model list says what is known and leaves out what is not', async (t) => {
  const gateway = await startTestGateway({ providers: [provider('http://127.0.0.1:9')] });
  t.after(() => gateway.close());
  const answer = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: 'Bearer tok-agent' } });
  const { data } = (await answer.json()) as { data: Record<string, unknown>[] };
  const one = data.find(({ id }) => id === 'box/m');
  assert.equal(one?.['object'], 'model');
  assert.equal(one['context_window'], 4096);
  assert.equal(one['max_output_tokens'], 1024);
  assert.deepEqual(one['abilities'], { images: null, tools: true, reasoning: null, structured_output: null });
  const demo = data.find(({ id }) => id === 'demo/scripted');
  assert.ok(demo && !('context_window' in demo) && !('abilities' in demo));
});

test('one model is read by its name, in each client’s way, and the names of routes stand in the list', async (t) => {
  const gateway = await startTestGateway({
    providers: [provider('http://127.0.0.1:9')],
    routes: [
      { model: 'coder', provider: 'box', upstream_model: 'm' },
      { model: 'gpt-*', provider: 'box' },
    ],
  });
  t.after(() => gateway.close());
  const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'tok-agent', maxRetries: 0 });
  const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'tok-agent', maxRetries: 0 });
  const google = new GoogleGenAI({ apiKey: 'tok-agent', httpOptions: { baseUrl: gateway.url } });
  for (const name of ['m', 'box/m', 'coder']) {
    assert.equal((await openai.models.retrieve(name)).id, name);
    assert.equal((await anthropic.models.retrieve(name)).id, name);
    assert.equal((await google.models.get({ model: name })).name, `models/${name}`);
  }
  await assert.rejects(openai.models.retrieve('none'), { status: 404, code: 'model_not_found' });
  await assert.rejects(anthropic.models.retrieve('none'), { status: 404 });
  const listed = new Set((await openai.models.list()).data.map(({ id }) => id));
  assert.ok(listed.has('coder') && !listed.has('gpt-*'));
  assert.equal((await fetch(`${gateway.url}/v1/models/m`)).status, 401);
});

test('only control is told all of it', async (t) => {
  const gateway = await startTestGateway({ providers: [provider('http://127.0.0.1:9')] });
  t.after(() => gateway.close());
  const ask = (token: string) =>
    fetch(`${gateway.url}/monitoring/models`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await ask('tok-reader')).status, 404);
  const infos = (await (await ask(gateway.gateway.secret)).json()) as ModelInfo[];
  assert.deepEqual(
    infos.find(({ id }) => id === 'box/m'),
    {
      id: 'box/m',
      provider: 'box',
      model: 'm',
      local: true,
      context_window: 4096,
      trained_context_window: null,
      cuts_silently: false,
      max_output_tokens: 1024,
      abilities: { images: null, tools: true, reasoning: null, structured_output: null },
      price: { input: 0, output: 0, cache_read: null, cache_write: null, rises_with_length: false },
    },
  );
});

/** hermes-agent#43900 again, from the turn's side. */
test('a prompt that Ollama will cut is noted on its turn, and one that fits is not', async (t) => {
  const upstream = await startScriptedUpstream(
    (seen, res) =>
      answerJson(res, 200, seen.path === '/api/show' ? { parameters: 'num_ctx 4096' } : chatCompletion('ok')),
    ['m'],
  );
  const gateway = await startTestGateway({
    providers: [{ id: 'box', type: 'ollama', base_url: upstream.origin }],
  });
  t.after(async () => {
    await gateway.close();
    await upstream.close();
  });
  await until(() => upstream.requests.some(({ path }) => path === '/api/show'), 'the model to be looked at');
  await until(() => gateway.gateway.snapshot().providers[0]?.state === 'ok', 'its facts');
  const losses = async (length: number) => {
    const messages = [{ role: 'user', content: 'x'.repeat(length) }];
    const answer = await post(
      `${gateway.url}/v1/chat/completions`,
      JSON.stringify({ model: 'box/m', messages }),
    );
    assert.equal(answer.status, 200);
    return (await gateway.row(answer)).losses.filter(({ path }) => path === 'input');
  };
  assert.deepEqual(await losses(100), []);
  const [cut] = await losses(40_000);
  assert.match(cut?.what ?? '', /start of about 100\d\d tokens/);
  assert.match(cut?.why ?? '', /window of 4096 /);
});
