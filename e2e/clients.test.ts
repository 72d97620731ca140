import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic, { AuthenticationError as AnthropicAuthError } from '@anthropic-ai/sdk';
import OpenAI, { AuthenticationError } from 'openai';
import { startTestGateway, type TestGateway } from '../packages/server/src/testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../packages/server/src/testing/upstreams/chat-answers.ts';
import { messagesAnswer, messagesStream } from '../packages/server/src/testing/upstreams/messages-answers.ts';
import { brokenRule } from '../packages/server/src/testing/upstreams/provider-rules.ts';
import {
  responsesAnswer,
  responsesStream,
} from '../packages/server/src/testing/upstreams/responses-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../packages/server/src/testing/upstreams/scripted-upstream.ts';

/** The official client packages against the gateway, for every pairing of client and provider protocol. */

const WORDS = ['Hello', ' — ', 'grüße', ' 👋🏽'];
const TEXT = WORDS.join('');

let upstream: ScriptedUpstream;
let gw: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;

before(async () => {
  upstream = await startScriptedUpstream((seen, res) => {
    const broken = brokenRule(seen);
    if (broken !== null)
      return answerJson(res, 400, { error: { type: 'invalid_request_error', message: broken } });
    const stream = seen.json?.['stream'] === true;
    if (seen.path.endsWith('/chat/completions')) {
      return stream ? streamPieces(res, chatStream(WORDS)) : answerJson(res, 200, chatCompletion(TEXT));
    }
    if (seen.path.endsWith('/messages')) {
      return stream ? streamPieces(res, messagesStream(WORDS)) : answerJson(res, 200, messagesAnswer(TEXT));
    }
    return stream ? streamPieces(res, responsesStream(WORDS)) : answerJson(res, 200, responsesAnswer(TEXT));
  });
  gw = await startTestGateway({
    providers: [
      { id: 'chat', type: 'openai-compatible', base_url: upstream.origin },
      { id: 'messages', type: 'anthropic', base_url: upstream.origin, api_key: 'sk-a' },
      {
        id: 'responses',
        type: 'openai',
        base_url: `${upstream.origin}/v1`,
        api_key: 'sk-o',
        protocol: 'openai-responses',
      },
    ],
  });
  openai = new OpenAI({ baseURL: `${gw.url}/v1`, apiKey: 'tok-agent', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gw.url, apiKey: 'tok-agent', maxRetries: 0 });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

for (const provider of ['chat', 'messages', 'responses']) {
  const model = `${provider}/m`;

  test(`openai chat.completions, whole and streamed, from a provider that speaks ${provider}`, async () => {
    const messages = [{ role: 'user' as const, content: 'hi' }];
    const whole = await openai.chat.completions.create({ model, messages });
    assert.equal(whole.choices[0]?.message.content, TEXT);
    assert.equal(whole.usage?.prompt_tokens, 100);
    const stream = await openai.chat.completions.create({
      model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let finish: string | null | undefined;
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, TEXT);
    assert.equal(finish, 'stop');
    assert.equal(usage?.completion_tokens, 20);
  });

  test(`openai responses, whole and streamed, from a provider that speaks ${provider}`, async () => {
    const whole = await openai.responses.create({ model, input: 'hi' });
    assert.equal(whole.output_text, TEXT);
    assert.equal(whole.usage?.input_tokens, 100);
    const stream = openai.responses.stream({ model, input: 'hi' });
    let text = '';
    stream.on('response.output_text.delta', ({ delta }) => (text += delta));
    const final = await stream.finalResponse();
    assert.equal(text, TEXT);
    assert.equal(final.output_text, TEXT);
    assert.equal(final.status, 'completed');
    assert.equal(final.usage?.output_tokens, 20);
    assert.equal(final.usage?.input_tokens_details.cached_tokens, 40);
  });

  test(`anthropic messages, whole and streamed, from a provider that speaks ${provider}`, async () => {
    const ask = { model, max_tokens: 100, messages: [{ role: 'user' as const, content: 'hi' }] };
    const whole = await anthropic.messages.create(ask);
    assert.deepEqual(
      whole.content.map((block) => (block.type === 'text' ? block.text : block.type)),
      [TEXT],
    );
    assert.equal(whole.stop_reason, 'end_turn');
    let text = '';
    const stream = anthropic.messages.stream(ask).on('text', (delta) => (text += delta));
    const final = await stream.finalMessage();
    assert.equal(text, TEXT);
    assert.equal(final.usage.output_tokens, 20);
    assert.equal(final.usage.input_tokens, 60);
    assert.equal(final.usage.cache_read_input_tokens, 40);
  });
}

test('models and token counts answer both packages', async () => {
  const listed = await openai.models.list();
  assert.ok(listed.data.some(({ id }) => id === 'demo/scripted'));
  const models = await anthropic.models.list();
  assert.ok(models.data.some(({ id }) => id === 'demo/scripted'));
  const messages = [{ role: 'user' as const, content: 'hello world' }];
  const few = await anthropic.messages.countTokens({ model: 'chat/m', messages });
  const tool = {
    name: 'Bash',
    description: 'Runs a command. '.repeat(50),
    input_schema: { type: 'object' as const },
  };
  const more = await anthropic.messages.countTokens({ model: 'chat/m', messages, tools: [tool] });
  assert.ok(few.input_tokens > 2 && few.input_tokens < 30);
  assert.ok(more.input_tokens > few.input_tokens + 100);
});

test('errors arrive as each package’s own error classes', async () => {
  const noKey = new OpenAI({ baseURL: `${gw.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
  await assert.rejects(noKey.chat.completions.create({ model: 'chat/m', messages: [] }), AuthenticationError);
  const noClaude = new Anthropic({ baseURL: gw.url, apiKey: 'wrong', maxRetries: 0 });
  const ask = { model: 'chat/m', max_tokens: 1, messages: [{ role: 'user' as const, content: 'hi' }] };
  await assert.rejects(noClaude.messages.create(ask), AnthropicAuthError);
});
