import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { jwtVerify } from 'jose';
import { post, startTestGateway, type TestGateway } from '../../testing/test-gateway.ts';
import { toolClients, TOOL_RESULT } from '../../testing/tool-clients.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
  type SeenRequest,
} from '../../testing/upstreams/scripted-upstream.ts';
import { spokenStream } from '../../testing/upstreams/spoken-answers.ts';
import { startTokenEndpoint, type TokenEndpoint } from '../../testing/upstreams/token-endpoint.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PREFIX = '/v1/projects/my-project/locations/europe-west1/publishers';
const signature = 'c2lnbmVkIHRob3VnaHQ=';

let tokens: TokenEndpoint;
let upstream: ScriptedUpstream;
let gw: TestGateway;
let home: string;

/** What Vertex refuses: unknown tokens, a model in the body, a missing version, ids on Gemini's calls. */
function problemOf(seen: SeenRequest): string | null {
  if (!tokens.knows(seen.headers.authorization)) return 'UNAUTHENTICATED';
  const body = seen.json ?? {};
  if ('model' in body) return 'model: Extra inputs are not permitted';
  if (seen.path.includes('/anthropic/')) {
    return body['anthropic_version'] === 'vertex-2023-10-16' && typeof body['max_tokens'] === 'number'
      ? null
      : 'anthropic_version: Field required';
  }
  const named = /"function(?:Call|Response)":\{"id"/.test(JSON.stringify(body));
  return named && !seen.headers['x-goog-api-client'] ? 'Unknown name "id" at function_call' : null;
}

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'vigiles-vertex-'));
  tokens = await startTokenEndpoint({
    check(form) {
      if (form['grant_type'] === 'refresh_token')
        return form['refresh_token'] === 'rt-user' ? null : 'invalid_grant';
      return form['grant_type'] === 'urn:ietf:params:oauth:grant-type:jwt-bearer'
        ? null
        : 'unsupported_grant_type';
    },
  });
  upstream = await startScriptedUpstream((seen, res) => {
    const problem = problemOf(seen);
    if (problem !== null) {
      const code = problem === 'UNAUTHENTICATED' ? 401 : 400;
      return answerJson(res, code, { error: { code, message: problem, status: problem } });
    }
    const protocol = seen.path.includes('/anthropic/') ? 'anthropic-messages' : 'gemini';
    const answered = seen.body.includes(TOOL_RESULT);
    const call = answered ? undefined : { name: 'look_up', input: '{"q":"grüß"}' };
    return streamPieces(res, [spokenStream(protocol, call, TOOL_RESULT)]);
  });
  const serviceAccount = {
    type: 'service_account',
    client_email: 'gateway@my-project.iam.gserviceaccount.com',
    private_key_id: 'key-1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: tokens.url,
  };
  const user = {
    type: 'authorized_user',
    client_id: 'id',
    client_secret: 'secret-of-gcloud',
    refresh_token: 'rt-user',
    token_uri: tokens.url,
    quota_project_id: 'paying-project',
  };
  const file = join(home, 'adc.json');
  await writeFile(file, JSON.stringify(user));
  const common = { type: 'vertex', base_url: upstream.origin, region: 'europe-west1', project: 'my-project' };
  gw = await startTestGateway({
    providers: [
      { ...common, id: 'vertex', google: JSON.stringify(serviceAccount) },
      { ...common, id: 'user', google: file },
      { ...common, id: 'broken', google: '{"type":"external_account","private_key":"hidden-secret"}' },
      { ...common, id: 'nofile', google: join(home, 'none.json') },
    ],
    retry_wait_max_s: 0,
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
  await tokens.close();
  await rm(home, { recursive: true, force: true });
});

for (const client of toolClients) {
  for (const [model, path] of [
    ['claude-sonnet-4-5@20250929', '/anthropic/models/claude-sonnet-4-5%4020250929:streamRawPredict'],
    ['gemini-2.5-flash', '/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse'],
  ] as const) {
    // Between Gemini's own client and Gemini the bytes pass, ids and all; other clients' are written without.
    if (client.protocol === 'gemini' && model.startsWith('gemini')) continue;
    test(`a ${client.protocol} client runs a tool with ${model} on Vertex, streamed`, async () => {
      const { text, q, last } = await client.run(gw, `vertex/${model}`, true);
      assert.deepEqual([text, q], [TOOL_RESULT, 'grüß']);
      const seen = upstream.requests.at(-1);
      assert.equal(seen?.path, PREFIX + path);
      // This Chat client keeps nothing but what the protocol names.
      assert.equal(seen.body.includes(signature), client.protocol !== 'openai-chat');
      const row = await gw.row(last);
      assert.deepEqual([row.outcome, row.input_tokens, row.output_tokens], ['ok', 90, 20]);
      assert.ok(row.cost_micros !== null && row.cost_micros > 0);
    });
  }
}

test('a Messages body passes to Vertex byte for byte but for the model, whose place the version takes', async () => {
  for (const [body, sent] of [
    [
      '{ "max_tokens":5, "model" : "vertex/claude-x","messages":[{"role":"user","content":"\\u00e9"}],"odd":[1, 2],"stream":true}',
      '{ "max_tokens":5, "anthropic_version":"vertex-2023-10-16","messages":[{"role":"user","content":"\\u00e9"}],"odd":[1, 2],"stream":true}',
    ],
    [
      '{"anthropic_version":"bedrock-2023-05-31","model":"vertex/claude-x","max_tokens":5,"messages":[],"stream":true}',
      '{"anthropic_version":"vertex-2023-10-16","max_tokens":5,"messages":[],"stream":true}',
    ],
  ] as const) {
    const headers = { authorization: 'Bearer tok-agent', 'anthropic-beta': 'context-1m-2025-08-07' };
    const answer = await post(`${gw.url}/v1/messages`, body, headers);
    assert.equal(answer.status, 200, answer.body.toString());
    const seen = upstream.requests.at(-1);
    assert.equal(seen?.body.toString(), sent);
    assert.equal(seen.headers['anthropic-beta'], 'context-1m-2025-08-07');
    assert.ok(!JSON.stringify(seen.headers).includes('tok-agent'));
  }
});

test('a service account proves itself with a signed assertion, once for all turns', async () => {
  const forms = tokens.forms().filter((form) => form['assertion'] !== undefined);
  assert.equal(forms.length, 1);
  const { payload, protectedHeader } = await jwtVerify(forms[0]?.['assertion'] ?? '', publicKey, {
    audience: tokens.url,
    issuer: 'gateway@my-project.iam.gserviceaccount.com',
  });
  assert.deepEqual([protectedHeader.alg, protectedHeader.kid], ['RS256', 'key-1']);
  assert.equal(payload['scope'], 'https://www.googleapis.com/auth/cloud-platform');
  assert.equal(Number(payload.exp) - Number(payload.iat), 3600);
});

const ask = (provider: string) => {
  const body = {
    model: `${provider}/claude-x`,
    max_tokens: 5,
    stream: true,
    messages: [{ role: 'user', content: 'x' }],
  };
  return post(`${gw.url}/v1/messages`, JSON.stringify(body));
};

test('gcloud’s own credentials work from their file, and name who pays', async () => {
  assert.equal((await ask('user')).status, 200);
  assert.equal(upstream.requests.at(-1)?.headers['x-goog-user-project'], 'paying-project');
});

test('credentials that cannot be used are one clear error that quotes nothing of them', async () => {
  for (const [provider, words] of [
    ['broken', /"external_account" are not known; service_account and authorized_user are/],
    ['nofile', /the credentials file cannot be read \(ENOENT\)/],
  ] as const) {
    const refused = await ask(provider);
    assert.equal(refused.status, 401);
    assert.match(refused.json().error.message, words);
    assert.ok(!refused.body.toString().includes('hidden-secret'));
  }
});

test('tokens are counted by Vertex with its token, for Google’s models alone', async () => {
  const key = { 'x-goog-api-key': 'tok-agent' };
  const contents = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'x' }] }] });
  const at = (model: string) => `${gw.url}/v1beta/models/${encodeURIComponent(model)}:countTokens`;
  await post(at('vertex/gemini-2.5-flash'), contents, key);
  const seen = upstream.requests.at(-1);
  assert.equal(seen?.path, `${PREFIX}/google/models/gemini-2.5-flash:countTokens`);
  assert.ok(tokens.knows(seen.headers.authorization));
  const before = upstream.requests.length;
  const counted = await post(at('vertex/claude-x'), contents, key);
  assert.ok(counted.json().totalTokens > 0);
  assert.equal(upstream.requests.length, before);
});

test('a model of no known maker is refused by name', async () => {
  const body = { model: 'vertex/unknown', messages: [{ role: 'user', content: 'x' }] };
  const refused = await post(`${gw.url}/v1/chat/completions`, JSON.stringify(body));
  assert.equal(refused.status, 404);
  assert.match(refused.json().error.message, /speaks no protocol for the model unknown/);
});
