import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { anthropicMessages } from './anthropic-messages/index.ts';
import { openaiChat } from './openai-chat/index.ts';
import type { Protocol } from './protocol.ts';
import { fixtureTools } from './testing/tools.ts';
import { answerContext, decodeBytes, decodeContext, encodeEvents } from './testing/turn.ts';
import { createToolNames } from './tools/index.ts';

/** The stream a client of one protocol gets for a recorded stream of the other. */
function translate(provider: Protocol, file: string, client: Protocol): string {
  const bytes = readFileSync(new URL(`./${provider.name}/__fixtures__/${file}.sse`, import.meta.url));
  const events = decodeBytes(provider, bytes, decodeContext(createToolNames(fixtureTools)));
  return encodeEvents(client, events, answerContext(fixtureTools));
}

const answering = (text: string) => () =>
  Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } }));

const openai = (text: string) =>
  new OpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1/v1', fetch: answering(text), maxRetries: 0 });
const anthropic = (text: string) =>
  new Anthropic({ apiKey: 'k', baseURL: 'http://127.0.0.1', fetch: answering(text), maxRetries: 0 });

const chatRequest = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };

test('the OpenAI client reads a Messages stream as a chat completion', async () => {
  const text = translate(anthropicMessages, 'thinking-parallel-calls', openaiChat);
  const answer = await openai(text).chat.completions.stream(chatRequest).finalChatCompletion();
  const message = answer.choices[0]?.message;
  assert.equal(message?.content, 'Looking.');
  assert.deepEqual(
    message.tool_calls?.map(
      (call) => call.type === 'function' && [call.function.name, call.function.arguments],
    ),
    [
      ['look_up', '{"q": "aß"}'],
      ['list_files', '{}'],
    ],
  );
  assert.equal(answer.choices[0]?.finish_reason, 'tool_calls');
});

test('the OpenAI client throws when the provider fails in the middle', async () => {
  const text = translate(anthropicMessages, 'error-event', openaiChat);
  const stream = await openai(text).chat.completions.create({ ...chatRequest, stream: true });
  await assert.rejects(async () => {
    for await (const _ of stream) continue;
  }, /Overloaded/);
});

test('the Anthropic client reads a Chat stream with interleaved calls as a message', async () => {
  const text = translate(openaiChat, 'parallel-interleaved-calls', anthropicMessages);
  const message = await anthropic(text)
    .messages.stream({ ...chatRequest, max_tokens: 10 })
    .finalMessage();
  assert.deepEqual(
    message.content.map((block) => block.type === 'tool_use' && [block.name, block.input]),
    [
      ['look_up', { q: 'aße' }],
      ['list_files', { dir: 'src' }],
    ],
  );
  assert.equal(message.stop_reason, 'tool_use');
  assert.equal(message.usage.output_tokens, 30);
  assert.equal(message.usage.cache_read_input_tokens, 64);
});

test('the Anthropic client reads thinking and a freeform call', async () => {
  const thinking = translate(openaiChat, 'openrouter-reasoning', anthropicMessages);
  const first = await anthropic(thinking)
    .messages.stream({ ...chatRequest, max_tokens: 10 })
    .finalMessage();
  assert.deepEqual(
    first.content.map(({ type }) => type),
    ['thinking', 'text'],
  );
  const calls = translate(openaiChat, 'freeform-and-namespaced-calls', anthropicMessages);
  const second = await anthropic(calls)
    .messages.stream({ ...chatRequest, max_tokens: 10 })
    .finalMessage();
  assert.deepEqual(
    second.content.map((block) => block.type === 'tool_use' && [block.name, block.input]),
    [
      ['run_code', { input: 'line 1\nsay("hi")' }],
      ['mcp__files__read', { path: 'a.txt' }],
    ],
  );
});

test('the Anthropic client throws when the provider fails in the middle', async () => {
  const text = translate(openaiChat, 'error-chunk', anthropicMessages);
  await assert.rejects(
    anthropic(text)
      .messages.stream({ ...chatRequest, max_tokens: 10 })
      .finalMessage(),
    /overloaded/,
  );
});
