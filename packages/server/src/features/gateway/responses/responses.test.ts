import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import OpenAI, { BadRequestError, NotFoundError } from 'openai';
import { startTestGateway, until, type TestGateway } from '../../../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../../../testing/upstreams/chat-answers.ts';
import { brokenRule } from '../../../testing/upstreams/provider-rules.ts';
import { responsesAnswer } from '../../../testing/upstreams/responses-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type Script,
  type ScriptedUpstream,
} from '../../../testing/upstreams/scripted-upstream.ts';

interface ChatBody {
  messages: { role: string; content: string | { text: string }[] }[];
}

const said = (seen: { json: Record<string, unknown> | undefined }): string[] =>
  (seen.json as unknown as ChatBody).messages.map(
    ({ role, content }) =>
      `${role}: ${typeof content === 'string' ? content : content.map(({ text }) => text).join('')}`,
  );

/** A provider of one's own protocol, or of none that keeps anything; numbered answers. */
let count = 0;
const answering: Script = (seen, res) => {
  const broken = seen.method === 'POST' && seen.json ? brokenRule(seen) : null;
  if (broken !== null) return answerJson(res, 400, { error: { message: broken } });
  const text = `answer ${++count}`;
  if (seen.path.endsWith('/chat/completions')) {
    if (seen.json?.['stream'] === true) return streamPieces(res, chatStream([text]));
    return answerJson(res, 200, chatCompletion(text));
  }
  if (seen.method === 'GET')
    return answerJson(res, 200, { ...responsesAnswer('kept there'), path: seen.path });
  if (seen.method === 'DELETE')
    return answerJson(res, 200, { id: 'resp_n', object: 'response', deleted: true });
  return answerJson(res, 200, { ...responsesAnswer(text), id: `resp_n${count}` });
};

let upstream: ScriptedUpstream;
let gw: TestGateway;
let openai: OpenAI;
let other: OpenAI;
const clock = { offset: 0 };

before(async () => {
  upstream = await startScriptedUpstream(answering);
  gw = await startTestGateway(
    {
      providers: [
        { id: 'chat', type: 'openai-compatible', base_url: upstream.origin },
        { id: 'oai', type: 'openai', base_url: `${upstream.origin}/v1`, api_key: 'sk-o' },
        { id: 'bare', type: 'openai-compatible', base_url: upstream.origin, protocol: 'openai-responses' },
      ],
      routes: [{ model: 'm', provider: 'chat' }],
    },
    { clock: { now: () => Date.now() + clock.offset, monotonic: () => performance.now() } },
  );
  openai = new OpenAI({ baseURL: `${gw.url}/v1`, apiKey: 'tok-agent', maxRetries: 0 });
  other = new OpenAI({ baseURL: `${gw.url}/v1`, apiKey: 'tok-other', maxRetries: 0 });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.script(answering);
  upstream.requests.length = 0;
  count = 0;
});

test('a follow-up brings the whole history to a provider that keeps nothing', async () => {
  const first = await openai.responses.create({ model: 'm', instructions: 'Be brief.', input: 'one' });
  const second = await openai.responses.create({
    model: 'm',
    input: [{ role: 'user', content: 'two' }],
    previous_response_id: first.id,
  });
  assert.equal(second.output_text, 'answer 2');
  const stream = openai.responses.stream({ model: 'm', input: 'three', previous_response_id: second.id });
  const third = await stream.finalResponse();
  assert.equal(third.output_text, 'answer 3');
  await openai.responses.create({ model: 'm', input: 'four', previous_response_id: third.id });
  assert.deepEqual(said(upstream.requests[3] ?? { json: undefined }), [
    'user: one',
    'assistant: answer 1',
    'user: two',
    'assistant: answer 2',
    'user: three',
    'assistant: answer 3',
    'user: four',
  ]);
  assert.equal(
    gw.turns.flatMap(({ losses }) => losses).some(({ path }) => /previous/i.test(path)),
    false,
  );
});

test('a follow-up says what it follows, streamed and whole', async () => {
  const first = await openai.responses.create({ model: 'm', input: 'one' });
  const follow = { model: 'm', input: 'two', previous_response_id: first.id };
  assert.equal(first.previous_response_id, null);
  assert.equal((await openai.responses.create(follow)).previous_response_id, first.id);
  const told: unknown[] = [];
  for await (const event of await openai.responses.create({ ...follow, stream: true }))
    if ('response' in event) told.push(event.response.previous_response_id);
  assert.deepEqual(told, [first.id, first.id, first.id]);
});

test('a provider of the same protocol that keeps nothing gets the history, too', async () => {
  const first = await openai.responses.create({ model: 'bare/m', input: 'one' });
  const second = await openai.responses.create({
    model: 'bare/m',
    input: 'two',
    previous_response_id: first.id,
  });
  assert.equal(second.output_text, 'answer 2');
  const body = upstream.requests[1]?.json as {
    input: { content: unknown }[];
    previous_response_id?: unknown;
  };
  assert.equal(body.input.length, 3);
  assert.equal('previous_response_id' in body, false);
});

test('two follow-ups of one answer do not see each other', async () => {
  const root = await openai.responses.create({ model: 'm', input: 'root' });
  await openai.responses.create({ model: 'm', input: 'left', previous_response_id: root.id });
  await openai.responses.create({ model: 'm', input: 'right', previous_response_id: root.id });
  assert.deepEqual(said(upstream.requests[2] ?? { json: undefined }), [
    'user: root',
    'assistant: answer 1',
    'user: right',
  ]);
});

test('a kept response is read, its items listed, and deleted', async () => {
  const first = await openai.responses.create({ model: 'm', input: 'one' });
  const second = await openai.responses.create({ model: 'm', input: 'two', previous_response_id: first.id });
  const read = await openai.responses.retrieve(second.id);
  assert.equal(read.output_text, 'answer 2');
  assert.equal(read.previous_response_id, first.id);
  assert.equal(read.usage?.input_tokens, 100);
  const items: string[] = [];
  for await (const item of openai.responses.inputItems.list(second.id, { order: 'asc', limit: 2 })) {
    items.push('role' in item ? item.role : item.type);
  }
  assert.deepEqual(items, ['user', 'assistant', 'user']);
  await openai.responses.delete(second.id);
  await assert.rejects(openai.responses.retrieve(second.id), NotFoundError);
  assert.equal((await openai.responses.retrieve(first.id)).output_text, 'answer 1');
});

test('an unknown id, another device’s, and one whose time is over are told with 404 in the Responses envelope', async () => {
  const first = await openai.responses.create({ model: 'm', input: 'one' });
  const notFound = (error: unknown): boolean =>
    error instanceof NotFoundError &&
    error.code === 'previous_response_not_found' &&
    error.param === 'previous_response_id' &&
    error.type === 'not_found_error' &&
    error.message.includes('600 seconds');
  const ask = { model: 'm', input: 'two' };
  await assert.rejects(openai.responses.create({ ...ask, previous_response_id: 'resp_x' }), notFound);
  await assert.rejects(other.responses.create({ ...ask, previous_response_id: first.id }), notFound);
  await assert.rejects(other.responses.retrieve(first.id), NotFoundError);
  await assert.rejects(other.responses.delete(first.id), NotFoundError);
  clock.offset += 600_000;
  await assert.rejects(openai.responses.create({ ...ask, previous_response_id: first.id }), notFound);
  await assert.rejects(openai.responses.retrieve(first.id), NotFoundError);
});

test('what is not to be stored is not, streamed or whole', async () => {
  const whole = await openai.responses.create({ model: 'm', input: 'one', store: false });
  await assert.rejects(openai.responses.retrieve(whole.id), NotFoundError);
  const streamed = await openai.responses.stream({ model: 'm', input: 'one', store: false }).finalResponse();
  await assert.rejects(openai.responses.retrieve(streamed.id), NotFoundError);
});

test('a provider that keeps its responses stays their keeper', async () => {
  const first = await openai.responses.create({ model: 'oai/gpt-5', input: 'one' });
  const second = await openai.responses.create({
    model: 'oai/gpt-5',
    input: 'two',
    previous_response_id: first.id,
  });
  const body = upstream.requests[1]?.json;
  assert.equal(body?.['previous_response_id'], first.id, 'its own id goes back as it is');
  assert.equal(body?.['input'], 'two');
  clock.offset += 3_600_000;
  const read = await openai.responses.retrieve(second.id, { include: ['reasoning.encrypted_content'] });
  assert.equal(read.output_text, 'kept there');
  const seen = upstream.requests[2];
  assert.match(seen?.path ?? '', /^\/v1\/responses\/resp_n2\?include/);
  assert.equal(seen?.headers.authorization, 'Bearer sk-o');
  await assert.rejects(other.responses.retrieve(second.id), NotFoundError);
  assert.equal(upstream.requests.length, 3, 'another device’s question goes nowhere');
  await openai.responses.delete(second.id);
  assert.equal(upstream.requests[3]?.method, 'DELETE');
  await assert.rejects(openai.responses.retrieve(second.id), NotFoundError);
});

test('a follow-up that would leave the provider that keeps its beginning is refused with the reason', async () => {
  const first = await openai.responses.create({ model: 'oai/gpt-5', input: 'one' });
  await assert.rejects(
    openai.responses.create({ model: 'm', input: 'two', previous_response_id: first.id }),
    (error: unknown) => error instanceof BadRequestError && /kept by the provider oai/.test(error.message),
  );
});

test('a background response is answered at once and read when it is done', async () => {
  let release = (): void => {};
  upstream.script(async (seen, res) => {
    await new Promise<void>((resolve) => (release = resolve));
    await answering(seen, res);
  });
  const started = await openai.responses.create({ model: 'm', input: 'long', background: true });
  assert.equal(started.status, 'queued');
  assert.equal((await openai.responses.retrieve(started.id)).status, 'in_progress');
  await assert.rejects(
    openai.responses.create({ model: 'm', input: 'more', previous_response_id: started.id }),
    /still being answered/,
  );
  await until(() => upstream.requests.length === 1, 'the provider to be asked');
  release();
  let read = await openai.responses.retrieve(started.id);
  while (read.status === 'in_progress') read = await openai.responses.retrieve(started.id);
  assert.equal(read.status, 'completed');
  assert.equal(read.id, started.id);
  assert.equal(read.background, true);
  assert.equal(read.output_text, 'answer 1');
  await assert.rejects(openai.responses.cancel(started.id), BadRequestError);
  upstream.script(answering);
  await openai.responses.create({ model: 'm', input: 'two', previous_response_id: started.id });
  assert.deepEqual(said(upstream.requests[1] ?? { json: undefined }), [
    'user: long',
    'assistant: answer 1',
    'user: two',
  ]);
});

test('a background response repeats its request from the first answer on', async () => {
  upstream.script(answering);
  const tools = [
    { type: 'function' as const, name: 'f', parameters: { type: 'object' }, strict: false, description: 'd' },
  ];
  const said = { instructions: 'Be brief.', tools, metadata: { a: 'b' }, tool_choice: 'none' as const };
  const started = await openai.responses.create({ model: 'm', input: 'long', background: true, ...said });
  let read = await openai.responses.retrieve(started.id);
  while (read.status === 'in_progress') read = await openai.responses.retrieve(started.id);
  for (const response of [started, read]) {
    const { instructions, metadata, tool_choice } = response;
    assert.deepEqual({ instructions, tools: response.tools, metadata, tool_choice }, said);
  }
});

test('a background response that is cancelled stops its provider', async () => {
  upstream.script(() => {});
  const started = await openai.responses.create({ model: 'm', input: 'long', background: true });
  await until(() => upstream.requests.length === 1, 'the provider to be asked');
  const cancelled = await openai.responses.cancel(started.id);
  assert.equal(cancelled.status, 'cancelled');
  await until(() => upstream.requests[0]?.aborted === true, 'the provider to be left');
  assert.equal((await openai.responses.retrieve(started.id)).status, 'cancelled');
  assert.equal((await openai.responses.cancel(started.id)).status, 'cancelled');
});

test('a background response that fails says so, and one that is refused was never started', async () => {
  upstream.script((_seen, res) => answerJson(res, 400, { error: { message: 'too many words' } }));
  const started = await openai.responses.create({ model: 'm', input: 'long', background: true });
  let read = await openai.responses.retrieve(started.id);
  while (read.status === 'in_progress') read = await openai.responses.retrieve(started.id);
  assert.equal(read.status, 'failed');
  assert.match(read.error?.message ?? '', /too many words/);
  const ask = { model: 'm', input: 'x', background: true };
  await assert.rejects(
    openai.responses.create({ ...ask, model: ' ' }),
    (error: unknown) => error instanceof BadRequestError && error.headers.has('x-vigiles-error-source'),
  );
  await assert.rejects(openai.responses.create({ ...ask, store: false }), /has to be stored/);
  await assert.rejects(openai.responses.create({ ...ask, stream: true }), /leave `stream` out/);
});

test('items that are only named are put in for a provider that keeps none', async () => {
  const first = await openai.responses.create({ model: 'm', input: 'one' });
  const id = first.output[0]?.id ?? '';
  const input = [
    { role: 'user' as const, content: 'one' },
    { type: 'item_reference' as const, id },
    { role: 'user' as const, content: 'two' },
  ];
  await openai.responses.create({ model: 'm', input });
  assert.deepEqual(said(upstream.requests[1] ?? { json: undefined }), [
    'user: one',
    'assistant: answer 1',
    'user: two',
  ]);
  await assert.rejects(
    other.responses.create({ model: 'm', input }),
    (error: unknown) => error instanceof NotFoundError && error.code === 'item_not_found',
  );
  await openai.responses.create({ model: 'oai/gpt-5', input });
  assert.ok(upstream.requests[2]?.body.includes('item_reference'), 'the keeper knows its own');
});

test('a conversation of the provider’s own is refused where nobody keeps one', async () => {
  await assert.rejects(
    openai.responses.create({ model: 'm', input: 'x', conversation: 'conv_1' }),
    /keeps no conversations/,
  );
});
