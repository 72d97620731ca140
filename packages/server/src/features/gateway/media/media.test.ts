import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import OpenAI, { NotFoundError, RateLimitError, toFile } from 'openai';
import { post, startTestGateway, type TestGateway } from '../../../testing/test-gateway.ts';
import {
  answerJson,
  startScriptedUpstream,
  type Script,
  type ScriptedUpstream,
} from '../../../testing/upstreams/scripted-upstream.ts';

const SOUND = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 31) % 256));

/** Answers as the endpoints of OpenAI do, and refuses what they refuse. */
const media: Script = (seen, res) => {
  const type = seen.headers['content-type'] ?? '';
  if (seen.path === '/v1/embeddings') {
    if (seen.json?.['model'] !== 'text-embedding-3-small')
      return answerJson(res, 404, { error: { message: 'no such model' } });
    return answerJson(res, 200, {
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.25, -0.5] }],
      model: 'text-embedding-3-small',
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });
  }
  if (seen.path === '/v1/images/generations') {
    const usage = {
      input_tokens: 12,
      output_tokens: 300,
      total_tokens: 312,
      input_tokens_details: { text_tokens: 12 },
    };
    return answerJson(res, 200, { created: 1, data: [{ b64_json: 'aGk='.repeat(3000) }], usage });
  }
  if (seen.path === '/v1/audio/speech') {
    res.writeHead(200, { 'content-type': 'audio/mpeg' });
    res.end(SOUND);
    return;
  }
  const boundary = /boundary=(.+)$/.exec(type)?.[1];
  if (!type.startsWith('multipart/form-data') || !boundary || !seen.body.includes(`--${boundary}--`)) {
    return answerJson(res, 400, { error: { message: 'a form was expected' } });
  }
  if (!seen.body.includes('real-model')) return answerJson(res, 404, { error: { message: 'no such model' } });
  if (seen.path.startsWith('/v1/images/'))
    return answerJson(res, 200, { created: 1, data: [{ url: 'https://x.test/1' }] });
  if (!seen.body.includes(SOUND))
    return answerJson(res, 400, { error: { message: 'the file is not whole' } });
  return answerJson(res, 200, {
    text: 'hello',
    usage: { type: 'tokens', input_tokens: 40, output_tokens: 5, total_tokens: 45, input_token_details: {} },
  });
};

let upstream: ScriptedUpstream;
let gw: TestGateway;
let openai: OpenAI;

before(async () => {
  upstream = await startScriptedUpstream(media);
  gw = await startTestGateway({
    max_body_mb: 0.2,
    providers: [
      { id: 'claude', type: 'anthropic', base_url: upstream.origin, api_key: 'sk-a' },
      { id: 'oai', type: 'openai', base_url: `${upstream.origin}/v1`, api_key: 'sk-o' },
    ],
    routes: [
      { model: 'picture', provider: 'oai', upstream_model: 'real-model' },
      { model: 'claude-*', provider: 'claude' },
    ],
  });
  openai = new OpenAI({ baseURL: `${gw.url}/v1`, apiKey: 'tok-agent', maxRetries: 0 });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.requests.length = 0;
  gw.turns.length = 0;
});

test('embeddings reach a provider that has them, and are counted', async () => {
  const made = await openai.embeddings.create({
    model: 'text-embedding-3-small',
    input: 'hi',
    encoding_format: 'float',
  });
  assert.deepEqual(made.data[0]?.embedding, [0.25, -0.5]);
  assert.equal(upstream.requests[0]?.headers.authorization, 'Bearer sk-o');
  const [row] = await gw.settled(1);
  assert.equal(row?.client_protocol, 'openai-embeddings');
  assert.equal(row?.provider, 'oai');
  assert.equal(row?.input_tokens, 7);
  assert.equal(row?.outcome, 'ok');
  assert.ok((row?.cost_micros ?? 0) >= 1, 'priced');
});

test('an image comes back whole, with its usage behind ten thousand bytes of it', async () => {
  const made = await openai.images.generate({ model: 'oai/gpt-image-1', prompt: 'a cat' });
  assert.equal(made.data?.[0]?.b64_json?.length, 12_000);
  assert.equal(upstream.requests[0]?.json?.['model'], 'gpt-image-1');
  const [row] = await gw.settled(1);
  assert.equal(row?.output_tokens, 300);
  assert.equal(row?.client_protocol, 'openai-images');
});

test('a form keeps its files byte for byte while its model is replaced', async () => {
  const file = await toFile(SOUND, 'talk.mp3');
  const heard = await openai.audio.transcriptions.create({ model: 'picture', file });
  assert.equal(heard.text, 'hello');
  await openai.audio.translations.create({ model: 'picture', file });
  const image = await toFile(Buffer.from('png'), 'a.png', { type: 'image/png' });
  await openai.images.edit({ model: 'picture', image, prompt: 'a hat' });
  await openai.images.createVariation({ model: 'picture', image });
  const rows = await gw.settled(4);
  assert.deepEqual(
    rows.map(({ client_protocol, outcome }) => [client_protocol, outcome]),
    [
      ['openai-audio', 'ok'],
      ['openai-audio', 'ok'],
      ['openai-images', 'ok'],
      ['openai-images', 'ok'],
    ],
  );
  assert.equal(rows[0]?.input_tokens, 40);
  assert.equal(rows[0]?.model_requested, 'picture');
});

test('speech is passed on as sound, not as text', async () => {
  const spoken = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hi' });
  assert.equal(spoken.headers.get('content-type'), 'audio/mpeg');
  assert.ok(Buffer.from(await spoken.arrayBuffer()).equals(SOUND));
  const [row] = await gw.settled(1);
  assert.equal(row?.outcome, 'ok');
  assert.equal(row?.input_tokens, null, 'unknown, not zero');
});

test('a provider without the endpoint is named, with those that have it', async () => {
  await assert.rejects(
    openai.embeddings.create({ model: 'claude-opus', input: 'hi' }),
    (error: unknown) =>
      error instanceof NotFoundError && /claude.*serves no embeddings.*oai/s.test(error.message),
  );
  const [row] = await gw.settled(1);
  assert.equal(row?.outcome, 'rejected');
  assert.equal(upstream.requests.length, 0);
});

test('a form without a model, a bad form and a body over the limit are each told apart', async () => {
  const authorization = 'Bearer tok-agent';
  const form = (body: string, type = 'multipart/form-data; boundary=x'): Promise<string> =>
    post(`${gw.url}/v1/audio/transcriptions`, body, { authorization, 'content-type': type }).then(
      (answer) => `${answer.status} ${answer.json().error.message}`,
    );
  const part = (name: string, value: string): string =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  assert.match(await form(`${part('prompt', 'hi')}--x--\r\n`), /^400 .*`model` is missing/);
  assert.match(await form(part('model', 'm').repeat(2)), /^400 .*never closed|^400 .*twice/);
  assert.match(await form('nothing', 'multipart/form-data'), /^400 .*names no boundary/);
  assert.match(await form('a'.repeat(300_000)), /^413 /);
  await gw.settled(4);
  assert.equal(upstream.requests.length, 0);
});

test('limits hold here as for turns', async () => {
  const small = await startTestGateway({
    requests_per_minute: 1,
    providers: [{ id: 'oai', type: 'openai', base_url: `${upstream.origin}/v1`, api_key: 'sk-o' }],
  });
  const client = new OpenAI({ baseURL: `${small.url}/v1`, apiKey: 'tok-agent', maxRetries: 0 });
  const ask = { model: 'text-embedding-3-small', input: 'hi' };
  await client.embeddings.create(ask);
  await assert.rejects(client.embeddings.create(ask), RateLimitError);
  await small.close();
});

test('an answer that breaks off is not passed for a whole one', async () => {
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'audio/mpeg' });
    res.write(SOUND);
    setImmediate(() => res.destroy());
  });
  const spoken = await openai.audio.speech
    .create({ model: 'tts-1', voice: 'alloy', input: 'hi' })
    .catch(() => null);
  if (spoken) await assert.rejects(spoken.arrayBuffer());
  upstream.script(media);
  const [row] = await gw.settled(1);
  assert.equal(row?.outcome, 'upstream_error');
});
