import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import OpenAI from 'openai';
import { protocols } from '../index.ts';
import { fixtureTools } from '../testing/tools.ts';
import { answerContext, decodeBytes, decodeContext } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { openaiResponses } from './index.ts';

/** The Responses stream for a recorded stream of another provider, with heartbeats strewn in. */
function translate(provider: keyof typeof protocols, file: string): string {
  const bytes = readFileSync(new URL(`../${provider}/__fixtures__/${file}.sse`, import.meta.url));
  const encoder = openaiResponses.createStreamEncoder(answerContext(fixtureTools));
  const events = decodeBytes(protocols[provider], bytes, decodeContext(createToolNames(fixtureTools)));
  return encoder.heartbeat() + events.map((event) => encoder.push(event) + encoder.heartbeat()).join('');
}

function answer(text: string) {
  const fetch = () =>
    Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } }));
  const client = new OpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1/v1', fetch, maxRetries: 0 });
  return client.responses.stream({ model: 'm', input: 'hi' }).finalResponse();
}

test('the OpenAI client reads a Messages stream with thinking and parallel calls', async () => {
  const response = await answer(translate('anthropic-messages', 'thinking-parallel-calls'));
  assert.deepEqual(
    response.output.map((item) => (item.type === 'function_call' ? [item.name, item.arguments] : item.type)),
    ['reasoning', 'reasoning', 'message', ['look_up', '{"q": "aß"}'], ['list_files', '{}']],
  );
  assert.equal(response.output_text, 'Looking.');
  assert.equal(response.status, 'completed');
});

test('the OpenAI client gets freeform and namespaced calls of a Chat backend in their own form', async () => {
  const response = await answer(translate('openai-chat', 'freeform-and-namespaced-calls'));
  const calls = response.output.flatMap((item) => {
    if (item.type === 'custom_tool_call') return [['custom', item.name]];
    return item.type === 'function_call' ? [['function', item.name, item.namespace]] : [];
  });
  assert.deepEqual(new Set(calls.map(String)), new Set(['custom,run_code', 'function,read,mcp__files']));
});

test('the OpenAI client sees a cut answer as incomplete and counts its usage', async () => {
  const response = await answer(translate('openai-chat', 'length'));
  assert.equal(response.status, 'incomplete');
  assert.equal(response.incomplete_details?.reason, 'max_output_tokens');
  assert.ok((response.usage?.output_tokens ?? 0) > 0);
});
