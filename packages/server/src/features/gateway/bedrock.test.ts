import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { providerProtocols, type AssistantPart, type Message } from '@vigiles/wire';
import { post, startTestGateway, type TestGateway } from '../../testing/test-gateway.ts';
import { toolClients, TOOL_RESULT } from '../../testing/tool-clients.ts';
import { startBedrock, THOUGHT_SIGNATURE } from '../../testing/upstreams/bedrock-upstream.ts';
import { converseFrame } from '../../testing/upstreams/converse-frames.ts';
import { brokenConverseRule } from '../../testing/upstreams/converse-rules.ts';
import { answerJson, type ScriptedUpstream } from '../../testing/upstreams/scripted-upstream.ts';

const MODEL = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const ARN =
  'arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const account = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'FwoGZXIvYXdzE+/==',
  region: 'eu-central-1',
};

let upstream: ScriptedUpstream;
let gw: TestGateway;

before(async () => {
  upstream = await startBedrock({ ...account, apiKey: 'bedrock-api-key-abc' });
  const common = { type: 'bedrock', base_url: upstream.origin, region: 'eu-central-1' };
  const keys = { access_key_id: account.accessKeyId, session_token: account.sessionToken };
  gw = await startTestGateway({
    providers: [
      { ...common, id: 'aws', aws: { ...keys, secret_access_key: account.secretAccessKey } },
      { ...common, id: 'keyed', api_key: 'bedrock-api-key-abc' },
      { ...common, id: 'wrong', aws: { ...keys, secret_access_key: 'another' } },
    ],
    retry_wait_max_s: 0,
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

for (const client of toolClients) {
  for (const stream of [true, false]) {
    test(`a ${client.protocol} client runs a tool with Bedrock, ${stream ? 'streamed' : 'whole'}, every request signed`, async () => {
      const { text, q, last } = await client.run(gw, `aws/${MODEL}`, stream);
      assert.deepEqual([text, q], [TOOL_RESULT, 'grüß']);
      const seen = upstream.requests.at(-1);
      assert.equal(seen?.path, `/model/${encodeURIComponent(MODEL)}/converse${stream ? '-stream' : ''}`);
      const sent = JSON.stringify(seen.json);
      // Chat has no place for a signature; every other client brings it back byte for byte.
      assert.equal(sent.includes(`"signature":"${THOUGHT_SIGNATURE}"`), client.protocol !== 'openai-chat');
      assert.ok(!JSON.stringify(seen.headers).includes('tok-agent'));
      const row = await gw.row(last);
      assert.deepEqual(
        [
          row.outcome,
          row.provider_protocol,
          row.input_tokens,
          row.cached_input_tokens,
          row.cache_write_tokens,
        ],
        ['ok', 'bedrock-converse', 90, 30, 10],
      );
      // 50 at 3.30, 30 read at 0.33, 10 written at 4.125, 20 out at 16.50 dollars a million, rounded up.
      assert.equal(row.cost_micros, 547);
    });
  }
}

test('an ARN goes into the path whole, a Bedrock API key goes as a bearer token and nothing is signed', async () => {
  const body = { model: `keyed/${ARN}`, messages: [{ role: 'user', content: 'hi' }] };
  const answer = await post(`${gw.url}/v1/chat/completions`, JSON.stringify(body));
  assert.equal(answer.json().choices[0].message.content, 'Hello.');
  const seen = upstream.requests.at(-1);
  assert.equal(seen?.path, `/model/${encodeURIComponent(ARN)}/converse`);
  assert.equal(seen.headers.authorization, 'Bearer bedrock-api-key-abc');
  assert.equal(seen.headers['x-amz-date'], undefined);
  const signed = await post(
    `${gw.url}/v1/chat/completions`,
    JSON.stringify({ ...body, model: `aws/${ARN}` }),
  );
  assert.equal(signed.status, 200);
});

test('a signature with the wrong secret is refused in the client’s own envelope, and the secret is not in it', async () => {
  const body = { model: `wrong/${MODEL}`, max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] };
  const refused = await post(`${gw.url}/v1/messages`, JSON.stringify(body));
  assert.deepEqual([refused.status, refused.json().error.type], [401, 'authentication_error']);
  assert.ok(!refused.body.toString().includes('another'));
});

test('complaint 17: a failure inside a stream that has said nothing becomes a real status; after words it ends the stream', async (t) => {
  const script = upstream.script;
  t.after(() => upstream.script((_seen, res) => answerJson(res, 500, {})));
  const failing = (...frames: [string, unknown][]) =>
    script((_seen, res) => {
      res.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      res.end(Buffer.concat(frames.map(([type, data]) => converseFrame(type, data))));
    });
  const ask = () => {
    const body = {
      model: `aws/${MODEL}`,
      stream: true,
      max_tokens: 9,
      messages: [{ role: 'user', content: 'hi' }],
    };
    return post(`${gw.url}/v1/messages`, JSON.stringify(body));
  };
  const busy: [string, unknown] = ['!throttlingException', { message: 'Too many requests' }];
  failing(['messageStart', { role: 'assistant' }], busy);
  const early = await ask();
  assert.equal(early.status, 429);
  assert.ok(Number(early.headers['retry-after']) > 0);
  failing(
    ['messageStart', { role: 'assistant' }],
    ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hal' } }],
    busy,
  );
  const late = await ask();
  assert.equal(late.status, 200);
  assert.match(late.body.toString(), /event: error\ndata: .*rate_limit_error/);
  assert.equal((await gw.row(late)).outcome, 'upstream_error');
  // A frame whose checksum is wrong says nothing that could be trusted.
  script((_seen, res) => {
    const bytes = Buffer.from(converseFrame('messageStart', { role: 'assistant' }));
    bytes[20] = 0;
    res.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    res.end(bytes);
  });
  const damaged = await ask();
  assert.equal(damaged.status, 500);
  assert.match(damaged.body.toString(), /damaged/);
});

test('any history keeps the rules of Converse', () => {
  const text = fc.constantFrom('hi', ' ', '', 'grüß\n');
  const id = fc.constantFrom('a', 'b', 'functions.x:0', 'c'.repeat(80));
  const part = (value: string) => ({ type: 'text', text: value }) as const;
  const call = (callId: string) =>
    ({ type: 'tool-call', kind: 'function', id: callId, name: 'look_up', input: '{' }) as const;
  const thought = (): AssistantPart => ({
    type: 'reasoning',
    text: 't',
    summary: [],
    signature: { issuer: 'aws', kind: 'signature', data: 's' },
  });
  const message: fc.Arbitrary<Message> = fc.oneof(
    text.map((value): Message => ({ role: 'system', parts: [part(value)] })),
    text.map((value): Message => ({ role: 'user', parts: [part(value)] })),
    fc.constant<Message>({
      role: 'user',
      parts: [{ type: 'file', source: { kind: 'base64', mediaType: 'application/pdf', data: 'J' } }],
    }),
    fc.tuple(text, fc.array(id, { maxLength: 3 }), fc.boolean()).map(([value, ids, thinks]): Message => ({
      role: 'assistant',
      parts: [...(thinks ? [thought()] : []), part(value), ...ids.map(call)],
    })),
    fc.tuple(id, text).map(([callId, value]): Message => ({
      role: 'tool',
      parts: [{ type: 'tool-result', kind: 'function', callId, content: [part(value)], cache: {} }],
    })),
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 10 }), (messages) => {
      const { body } = providerProtocols['bedrock-converse'].encodeRequest(
        { model: MODEL, messages, tools: [], stream: false },
        { model: MODEL, issuer: 'aws' },
      );
      assert.equal(brokenConverseRule(JSON.parse(JSON.stringify(body))), null, JSON.stringify(body));
    }),
    { numRuns: 500 },
  );
});
