import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { post, startTestGateway, type TestGateway } from '../../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../../testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';

/** The memory of long bodies goes back at the end of their turn: whoever still needs one must have it whole. */
let upstream: ScriptedUpstream;
let gw: TestGateway;
let from = 0;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('yes')));
  gw = await startTestGateway({
    providers: [
      { id: 'chat', type: 'openai-compatible', base_url: upstream.origin },
      { id: 'other', type: 'openai-compatible', base_url: upstream.origin },
      { id: 'renamed', type: 'openai-compatible', base_url: upstream.origin },
    ],
    routes: [
      {
        model: 'both',
        candidates: [
          { provider: 'chat', model: 'first' },
          { provider: 'other', model: 'second' },
        ],
      },
      { model: 'named', provider: 'renamed', upstream_model: 'its-own-name' },
    ],
    requests_per_minute: 1000,
    retry_wait_max_s: 0.2,
  });
});
after(async () => {
  await gw.close();
  await upstream.close();
});
beforeEach(() => {
  from = upstream.requests.length;
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('yes')));
});

/** A megabyte that is nowhere the same. */
const long = (name: string): string =>
  Array.from({ length: 60_000 }, (_, at) => `${name} ${at}`).join(' ') + ' é end';
const chat = (content: string, more: object = {}) =>
  JSON.stringify({ model: 'chat/m', messages: [{ role: 'user', content }], ...more });
type Messages = { messages: { content: string }[] } | undefined;
const contents = (): string[] =>
  upstream.requests
    .slice(from)
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/chat/completions'))
    .map(({ json }) => (json as unknown as Messages)?.messages.at(-1)?.content ?? 'nothing');

test('long prompts side by side arrive whole, each its own', async () => {
  const words = Array.from({ length: 12 }, (_, at) => long(`prompt-${at}`));
  const answers = await Promise.all(
    words.map((word, at) =>
      post(
        `${gw.url}/v1/${at % 3 === 0 ? 'messages' : 'chat/completions'}`,
        at % 3 === 0
          ? JSON.stringify({
              model: 'chat/m',
              max_tokens: 9,
              messages: [{ role: 'user', content: word }],
            })
          : chat(word, at % 3 === 1 ? { model: 'named' } : {}),
      ),
    ),
  );
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.deepEqual(contents().toSorted(), words.toSorted());
});

test('a long prompt is whole at each try, and at the provider that comes after', async () => {
  const word = long('again');
  let tries = 0;
  upstream.script((seen, res) => {
    tries += 1;
    const busy = tries <= 2 || seen.json?.['model'] === 'first';
    if (busy) answerJson(res, 503, { error: { message: 'busy' } }, { 'retry-after-ms': '20' });
    else answerJson(res, 200, chatCompletion('yes'));
  });
  const alone = await post(`${gw.url}/v1/chat/completions`, chat(word));
  assert.equal(alone.status, 200, alone.body.toString());
  assert.deepEqual(contents(), [word, word, word]);
  const answer = await post(`${gw.url}/v1/chat/completions`, chat(word, { model: 'both' }));
  assert.equal(answer.status, 200, answer.body.toString());
  assert.ok(contents().length >= 5);
  assert.deepEqual([...new Set(contents())], [word]);
});

test('a long prompt that is kept for a follow-up is whole in it', async () => {
  const word = long('kept');
  const ask = (body: object) => post(`${gw.url}/v1/responses`, JSON.stringify({ model: 'chat/m', ...body }));
  const first = await ask({ input: word });
  assert.equal(first.status, 200, first.body.toString());
  const { id } = first.json() as { id: string };
  const second = await ask({ input: 'and now?', previous_response_id: id });
  assert.equal(second.status, 200, second.body.toString());
  const sent = upstream.requests.at(-1)?.json as unknown as Messages;
  assert.deepEqual(
    sent?.messages.map(({ content }) => content),
    [word, 'yes', 'and now?'],
  );
});

test('an answer that ends before its long prompt was taken, and one whose client leaves, do no harm to the next', async () => {
  const word = long('early');
  upstream.script((seen, res) => {
    if (seen.json?.['stream'] === true) void streamPieces(res, chatStream(['a', 'b', 'c']));
    else answerJson(res, 200, chatCompletion('yes'));
  });
  const left = new AbortController();
  const leaving = fetch(`${gw.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer tok-agent', 'content-type': 'application/json' },
    body: chat(word, { stream: true }),
    signal: left.signal,
  }).catch(() => undefined);
  setImmediate(() => left.abort());
  await leaving;
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, at) =>
      post(`${gw.url}/v1/chat/completions`, chat(long(`after-${at}`), { stream: at % 2 === 0 })),
    ),
  );
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  assert.deepEqual(
    contents()
      .filter((content) => content !== word)
      .toSorted(),
    Array.from({ length: 6 }, (_, at) => long(`after-${at}`)).toSorted(),
  );
});
