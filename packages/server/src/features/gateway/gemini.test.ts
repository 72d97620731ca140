import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { sealSignature } from '@vigiles/wire';
import type { Log } from '../../kernel/log.ts';
import { post, startTestGateway, type TestGateway } from '../../testing/test-gateway.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';

const usageMetadata = {
  promptTokenCount: 100,
  candidatesTokenCount: 15,
  thoughtsTokenCount: 5,
  cachedContentTokenCount: 40,
  totalTokenCount: 120,
};
const part = (text: string, finishReason?: string) => ({
  candidates: [
    { content: { role: 'model', parts: [{ text }] }, ...(finishReason && { finishReason }), index: 0 },
  ],
  usageMetadata,
  modelVersion: 'gemini-2.5-flash',
  responseId: 'r1',
});
const stream = (words: string[]): string[] => [
  ...words.map((word) => `data: ${JSON.stringify(part(word))}\r\n\r\n`),
  `data: ${JSON.stringify(part('', 'STOP'))}\r\n\r\n`,
];

let upstream: ScriptedUpstream;
let gw: TestGateway;
const logged: string[] = [];

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, part('hi', 'STOP')));
  gw = await startTestGateway({
    providers: [{ id: 'google', type: 'gemini', base_url: upstream.origin, api_key: 'key-google' }],
    routes: [{ model: 'alias', provider: 'google', upstream_model: 'gemini-2.5-flash' }],
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

const at = (verb: string, model = 'gemini-2.5-flash') => `${gw.url}/v1beta/models/${model}:${verb}`;
const key = { 'x-goog-api-key': 'tok-agent' };
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];

test('a Gemini request reaches Gemini byte for byte, with the provider’s key and no trace of the client’s', async () => {
  upstream.script((_seen, res) => answerJson(res, 200, part('hi', 'STOP')));
  const body = `{ "contents" : [{"parts":[{"text":"\\u00e9 {"}]}],"unknown_field":[1, 2] }`;
  for (const [query, headers] of [
    ['', { ...key, 'x-custom': 'kept' }],
    ['?key=tok-agent', { 'x-custom': 'kept' }],
    ['', { authorization: 'Bearer tok-agent', 'x-custom': 'kept' }],
  ] as const) {
    const answer = await post(at('generateContent') + query, body, headers);
    assert.equal(answer.status, 200);
    const seen = upstream.requests.at(-1);
    assert.equal(seen?.body.toString(), body);
    assert.equal(seen?.path, '/v1beta/models/gemini-2.5-flash:generateContent');
    assert.equal(seen?.headers['x-goog-api-key'], 'key-google');
    assert.equal(seen?.headers.authorization, undefined);
    assert.equal(seen?.headers['x-custom'], 'kept');
    assert.ok(!JSON.stringify(seen.headers).includes('tok-agent'));
  }
});

test('its usage and price are in the ledger, whole and streamed', async () => {
  upstream.script((seen, res) =>
    seen.path.includes('stream')
      ? streamPieces(res, stream(['grü', 'ße']))
      : answerJson(res, 200, part('hi', 'STOP')),
  );
  for (const verb of ['generateContent', 'streamGenerateContent?alt=sse', 'streamGenerateContent']) {
    const row = await gw.row(await post(at(verb), JSON.stringify({ contents }), key));
    assert.deepEqual(
      [row.outcome, row.input_tokens, row.cached_input_tokens, row.output_tokens, row.client_protocol],
      ['ok', 100, 40, 20, 'gemini'],
    );
    assert.equal(row.model, 'gemini-2.5-flash');
    // 60 at 0.30, 40 cached at 0.03 and 20 at 2.50 dollars a million.
    assert.equal(row.cost_micros, 70);
  }
});

test('a stream is passed on byte for byte, or as the elements of one array without alt=sse', async () => {
  const whole = Buffer.from(stream(['grü', 'ße ', '👋🏽']).join(''));
  for (const size of [1, 3, 64, whole.length]) {
    const cut: Buffer[] = [];
    for (let from = 0; from < whole.length; from += size) cut.push(whole.subarray(from, from + size));
    upstream.script((_seen, res) => streamPieces(res, cut));
    const events = await post(at('streamGenerateContent?alt=sse'), JSON.stringify({ contents }), key);
    assert.ok(events.body.equals(whole), `pieces of ${size} bytes`);
    assert.equal(
      upstream.requests.at(-1)?.path,
      '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    );
    const array = await post(at('streamGenerateContent'), JSON.stringify({ contents }), key);
    assert.equal(array.headers['content-type'], 'application/json');
    assert.deepEqual(array.json(), [part('grü'), part('ße '), part('👋🏽'), part('', 'STOP')]);
  }
});

test('a route renames the model in the URL; a model in the body counts for nothing', async () => {
  upstream.script((_seen, res) => answerJson(res, 200, part('hi', 'STOP')));
  const body = JSON.stringify({ model: 'models/other', contents });
  assert.equal((await post(at('generateContent', 'alias'), body, key)).status, 200);
  const seen = upstream.requests.at(-1);
  assert.equal(seen?.path, '/v1beta/models/gemini-2.5-flash:generateContent');
  assert.deepEqual(seen?.json, { contents });
  assert.equal((await post(at('generateContent', 'google%2Fgemini-x'), body, key)).status, 200);
  assert.equal(upstream.requests.at(-1)?.path, '/v1beta/models/gemini-x:generateContent');
});

test('a signature that the gateway sealed is opened, not passed on, between a Gemini client and Gemini', async () => {
  upstream.script((_seen, res) => answerJson(res, 200, part('hi', 'STOP')));
  const seal = (issuer: string, data: string) =>
    Buffer.from(sealSignature({ issuer, kind: 'signature', data })).toString('base64');
  const call = (id: string, thoughtSignature: string) => [
    { role: 'model', parts: [{ functionCall: { id, name: 'f', args: {} }, thoughtSignature }] },
    { role: 'user', parts: [{ functionResponse: { id, name: 'f', response: { output: 'x' } } }] },
  ];
  const history = [
    ...contents,
    ...call('a', seal('google', 'b3du+/==')),
    ...call('b', seal('elsewhere', 'Zm9yZWlnbg==')),
  ];
  await post(at('generateContent', 'google/gemini-3-pro'), JSON.stringify({ contents: history }), key);
  const sent = upstream.requests.at(-1)?.body.toString() ?? '';
  assert.ok(sent.includes('"thoughtSignature":"b3du+/=="'));
  assert.ok(sent.includes('"thoughtSignature":"skip_thought_signature_validator"'));
  assert.ok(!sent.includes('dmdsMS5') && !sent.includes('"model":') && !sent.includes('"stream"'));
});

test('errors are Google’s: the provider’s own words, or the gateway’s in the same envelope', async () => {
  const words = { error: { code: 400, message: 'Invalid value at contents', status: 'INVALID_ARGUMENT' } };
  upstream.script((_seen, res) => answerJson(res, 400, words));
  const passed = await post(at('generateContent'), JSON.stringify({ contents }), key);
  assert.deepEqual([passed.status, passed.json()], [400, words]);
  for (const [url, body, headers, status, word] of [
    [at('generateContent'), '{}', {}, 401, 'UNAUTHENTICATED'],
    [at('generateContent'), '{"contents":', key, 400, 'INVALID_ARGUMENT'],
    [at('embedContent'), '{}', key, 404, 'NOT_FOUND'],
    [at('streamGenerateContent', 'nowhere/x%20y'), '{"contents":[1]}', {}, 401, 'UNAUTHENTICATED'],
  ] as const) {
    const refused = await post(url, body, headers);
    const { error } = refused.json() as typeof words;
    assert.deepEqual([refused.status, error.code, error.status], [status, status, word]);
  }
});

test('a key in the URL is in no log line and no ledger row', async (t) => {
  const keep = (fields: object, message: string): void =>
    void logged.push(inspect(fields, { depth: 8 }), message);
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep, child: () => log };
  const loud = await startTestGateway(
    { providers: [{ id: 'google', type: 'gemini', base_url: upstream.origin, api_key: 'k' }] },
    { log },
  );
  t.after(() => loud.close());
  upstream.script((_seen, res) => void res.destroy());
  for (const verb of ['generateContent', 'streamGenerateContent', 'countTokens', 'nothing']) {
    await post(`${loud.url}/v1beta/models/m:${verb}?key=tok-agent`, JSON.stringify({ contents }), {});
    await post(`${loud.url}/v1beta/models/m:${verb}?key=tok-wrong`, JSON.stringify({ contents }), {});
  }
  const written = logged.join('') + JSON.stringify(loud.turns);
  assert.ok(!written.includes('tok-agent') && !written.includes('tok-wrong'));
});
