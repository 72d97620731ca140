import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocols, type Loss, type ProtocolName, type TurnRequest } from './index.ts';

interface Case {
  plain: object;
  /** What only this protocol has. */
  own: Record<string, unknown>;
}

const cases: Record<ProtocolName, Case> = {
  'openai-chat': {
    plain: { messages: [{ role: 'user', content: 'hi' }] },
    own: {
      min_p: 0.1,
      logit_bias: { 5: 1 },
      chat_template_kwargs: { enable_thinking: false },
      reasoning_effort: 'ultra',
      response_format: { type: 'grammar', grammar: 'root ::= "a"' },
    },
  },
  'openai-responses': {
    plain: { input: 'hi' },
    own: { truncation: 'auto', prompt_cache_retention: '24h', max_tool_calls: 2, prompt: { id: 'pmpt_1' } },
  },
  'anthropic-messages': {
    plain: { max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] },
    own: {
      speed: 'fast',
      context_management: { edits: [] },
      mcp_servers: [{ type: 'url', url: 'https://example.com' }],
      output_config: { effort: 'ultra' },
    },
  },
  gemini: {
    plain: { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
    own: {
      someSetting: { a: 1 },
      toolConfig: { retrievalConfig: { languageCode: 'de' } },
      generationConfig: { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a'] } },
    },
  },
};
const names = Object.keys(cases) as ProtocolName[];

function decode(protocol: ProtocolName, body: object): { request: TurnRequest; losses: Loss[] } {
  const decoded = protocols[protocol].decodeRequest({ model: 'm', ...body });
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.message);
  return { request: decoded.value, losses: decoded.losses };
}

for (const name of names) {
  const { plain, own } = cases[name];
  test(`what only ${name} has reaches a backend of that protocol, and every other one with words about it`, () => {
    const { request, losses } = decode(name, { ...plain, ...own });
    assert.deepEqual(losses, []);
    const kept = protocols[name].encodeRequest(request, { model: 'm', issuer: 'x', ownFields: true });
    assert.deepEqual(kept.losses, []);
    for (const [field, value] of Object.entries(own)) assert.deepEqual(kept.body[field], value, field);
    for (const other of names.filter((one) => one !== name)) {
      const lost = protocols[other].encodeRequest(request, { model: 'm', issuer: 'x' }).losses;
      const told = new Set(lost.map(({ path }) => path.replace(/^vendor\./, '')));
      for (const field of Object.keys(own)) assert.ok(told.has(field), `${other}: ${field}`);
    }
  });
}

test('how long a prompt stays cached goes from one of OpenAI’s protocols to the other, and nowhere else unsaid', () => {
  const cache = {
    prompt_cache_key: 'k',
    prompt_cache_retention: '24h',
    prompt_cache_options: { mode: 'explicit' },
  };
  const sides = ['openai-chat', 'openai-responses'] as const;
  for (const [from, to] of [sides, sides.toReversed()] as (typeof sides)[]) {
    const { request } = decode(from, { ...cases[from].plain, ...cache });
    const target = { model: 'm', issuer: 'x', quirks: { openaiFields: true } };
    const { body, losses } = protocols[to].encodeRequest(request, target);
    for (const [field, value] of Object.entries(cache))
      assert.deepEqual(body[field], value, `${to}: ${field}`);
    assert.deepEqual(losses, []);
    for (const other of [to, 'anthropic-messages', 'gemini'] as const) {
      const plain = { model: 'm', issuer: 'x', quirks: { openaiFields: false } };
      const { body: sent, losses: told } = protocols[other].encodeRequest(request, plain);
      assert.equal(sent['prompt_cache_retention'], undefined);
      assert.deepEqual(
        told.map(({ path }) => path).filter((path) => path.includes('cache_')),
        ['vendor.prompt_cache_retention', 'vendor.prompt_cache_options'],
      );
    }
  }
});

test('a backend that refuses what it does not know is spared it, with words about it', () => {
  const { request } = decode('openai-chat', { ...cases['openai-chat'].plain, min_p: 0.1, top_k: 4 });
  const { body, losses } = protocols['openai-chat'].encodeRequest(request, { model: 'm', issuer: 'x' });
  assert.equal(body['min_p'], undefined);
  assert.deepEqual(
    losses.map(({ path }) => path),
    ['topK', 'vendor.min_p'],
  );
});

test('settings that stand in a group are told by their own names', () => {
  const generationConfig = { responseModalities: ['IMAGE'], speechConfig: { languageCode: 'de' } };
  const { request } = decode('gemini', { ...cases.gemini.plain, generationConfig });
  const { losses } = protocols['openai-chat'].encodeRequest(request, { model: 'm', issuer: 'x' });
  assert.deepEqual(
    losses.map(({ what }) => what),
    ['generationConfig (responseModalities, speechConfig)'],
  );
});

test('a long name of a user is one that OpenAI takes, the same each time, and two users stay two', () => {
  const named = (session: string): string =>
    JSON.stringify({ device_id: 'd'.repeat(64), account_uuid: 'a', session_id: session });
  const sent = (user: string, to: 'openai-chat' | 'openai-responses'): unknown => {
    const { request } = decode('anthropic-messages', {
      ...cases['anthropic-messages'].plain,
      metadata: { user_id: user },
      service_tier: 'standard_only',
    });
    const target = { model: 'm', issuer: 'x', quirks: { openaiFields: true } };
    const { body } = protocols[to].encodeRequest(request, target);
    assert.equal(body['service_tier'], 'default');
    return body['user'];
  };
  for (const to of ['openai-chat', 'openai-responses'] as const) {
    assert.equal(sent('short', to), 'short');
    const [one, two] = [sent(named('1'), to), sent(named('2'), to)];
    assert.ok(typeof one === 'string' && one.length <= 64);
    assert.equal(one, sent(named('1'), to));
    assert.notEqual(one, two);
  }
});

test('what asks for more of an answer than a translated one holds is told', () => {
  const told = (name: ProtocolName, more: object): string[] =>
    decode(name, { ...cases[name].plain, ...more }).losses.map(({ path }) => path);
  assert.deepEqual(told('openai-chat', { n: 2, logprobs: true, top_logprobs: 3 }), ['logprobs', 'n']);
  const include = ['reasoning.encrypted_content', 'message.output_text.logprobs'];
  assert.deepEqual(told('openai-responses', { include, top_logprobs: 3, truncation: 'disabled' }), [
    'include',
    'top_logprobs',
  ]);
  assert.deepEqual(told('gemini', { generationConfig: { candidateCount: 3 } }), ['candidateCount']);
});
