import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sealSignature } from '@vigiles/wire';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';
import { chatCompletion, chatStream } from '../../testing/upstreams/chat-answers.ts';
import { messagesAnswer } from '../../testing/upstreams/messages-answers.ts';
import { post, startTestGateway, type TestGateway } from '../../testing/test-gateway.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  gw = await startTestGateway({
    providers: [{ id: 'mock', type: 'openai-compatible', base_url: upstream.origin, api_key: 'sk-upstream' }],
    routes: [{ model: 'alias', provider: 'mock', upstream_model: 'real-model' }],
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

const chat = (more: object = {}) =>
  JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...more });

test('a whole answer comes back byte for byte, and its usage is in the ledger', async () => {
  const body = JSON.stringify(chatCompletion('grüße 👋'), null, 2);
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'req-7' });
    res.end(body);
  });
  const answer = await post(`${gw.url}/v1/chat/completions`, chat());
  assert.equal(answer.status, 200);
  assert.equal(answer.body.toString(), body);
  assert.equal(answer.headers['x-request-id'], 'req-7');
  const row = await gw.row(answer);
  assert.equal(row.outcome, 'ok');
  assert.equal(row.input_tokens, 100);
  assert.equal(row.cached_input_tokens, 40);
  assert.equal(row.output_tokens, 20);
  assert.equal(row.cost_micros, 0);
  assert.equal(row.device_id, 'agent');
});

test('the request reaches the provider byte for byte, with the provider’s key instead of the client’s', async () => {
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  const body = `{ "messages":[{"role":"user","content":"\\u00e9 {\\"model\\":1}"}] , "model" : "m","unknown_field":[1, 2] }`;
  await post(`${gw.url}/v1/chat/completions`, body, {
    'x-api-key': 'tok-agent',
    'x-custom': 'kept',
    cookie: 'a=b',
  });
  const seen = upstream.requests.at(-1);
  assert.equal(seen?.body.toString(), body);
  assert.equal(seen?.headers.authorization, 'Bearer sk-upstream');
  assert.equal(seen?.headers['x-api-key'], undefined);
  assert.equal(seen?.headers['cookie'], undefined);
  assert.equal(seen?.headers['x-custom'], 'kept');
  assert.equal(seen?.headers['accept-encoding'], 'identity');
  assert.equal(seen?.path, '/v1/chat/completions');
});

test('a route that renames the model changes that value and no other byte', async () => {
  const body = `{"a":"\\"model\\":\\"alias\\"", "model" : "alias" ,"messages":[]}`;
  await post(`${gw.url}/v1/chat/completions`, body);
  assert.equal(upstream.requests.at(-1)?.body.toString(), body.replace(': "alias"', ': "real-model"'));
});

test('a stream comes back byte for byte however its bytes were cut, also inside a character', async () => {
  const whole = Buffer.from(chatStream(['grü', 'ße ', '👋🏽', ' ende']).join(''));
  for (const size of [1, 2, 3, 7, 64, whole.length]) {
    upstream.script((_seen, res) => streamPieces(res, pieces(whole, size)));
    const answer = await post(`${gw.url}/v1/chat/completions`, chat({ stream: true }));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'text/event-stream');
    assert.ok(answer.body.equals(whole), `pieces of ${size} bytes`);
    const row = await gw.row(answer);
    assert.equal(row.outcome, 'ok');
    assert.equal(row.output_tokens, 20);
    assert.equal(row.stream, true);
    assert.notEqual(row.ttft_ms, null);
  }
});

test('a signature that the gateway sealed is opened, not passed on, where both sides speak one protocol', async (t) => {
  const vendor = await startScriptedUpstream((_seen, res) => answerJson(res, 200, messagesAnswer('hi')));
  const other = await startTestGateway({
    providers: [{ id: 'vendor', type: 'anthropic', base_url: vendor.origin, api_key: 'k', models: ['m'] }],
  });
  t.after(async () => {
    await other.close();
    await vendor.close();
  });
  const thinking = (signature: string) => ({ type: 'thinking', thinking: 'hm', signature });
  const own = sealSignature({ issuer: 'vendor', kind: 'signature', data: 'EqQBCkYIBRgCKkA=' });
  const foreign = sealSignature({ issuer: 'elsewhere', kind: 'encrypted', data: 'gAAAAABo' });
  const body = JSON.stringify({
    model: 'm',
    max_tokens: 10,
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [thinking(own), { type: 'text', text: 'one' }] },
      { role: 'user', content: 'go on' },
      { role: 'assistant', content: [thinking(foreign), { type: 'text', text: 'two' }] },
      { role: 'user', content: 'and?' },
    ],
  });
  const headers = { 'x-api-key': 'tok-agent', 'anthropic-beta': 'kept-2026' };
  const answer = await post(`${other.url}/v1/messages`, body, headers);
  assert.equal(answer.status, 200);
  assert.equal(answer.json().content[0].text, 'hi');
  const seen = vendor.requests.find(({ path }) => path === '/v1/messages');
  const sent = seen?.body.toString() ?? '';
  assert.ok(!sent.includes('vgl1.'));
  assert.ok(sent.includes('"signature":"EqQBCkYIBRgCKkA="'));
  assert.ok(!sent.includes('gAAAAABo'));
  assert.equal(seen?.headers['anthropic-beta'], 'kept-2026');
});

function pieces(bytes: Buffer, size: number): Buffer[] {
  const list: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) list.push(bytes.subarray(at, at + size));
  return list;
}

test('a request nested deeper than anything can be translated is refused as that, in whichever protocol', async () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const bodies: [string, string][] = [
    [
      '/v1/messages',
      `{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"a"}],"tools":[{"name":"b","input_schema":{"type":"object","properties":{"a":${deep}}}}]}`,
    ],
    [
      '/v1beta/models/m:generateContent',
      `{"contents":[{"role":"user","parts":[{"text":"a"}]}],"tools":[{"functionDeclarations":[{"name":"x","parameters":{"type":"OBJECT","properties":{"a":${deep}}}}]}]}`,
    ],
  ];
  const before = upstream.requests.length;
  for (const [path, body] of bodies) {
    const answer = await post(gw.url + path, body);
    assert.equal(answer.status, 400, path);
    assert.match(answer.body.toString(), /nested too deep/);
    assert.equal((await gw.row(answer)).outcome, 'rejected');
  }
  assert.equal(upstream.requests.length, before);
});
