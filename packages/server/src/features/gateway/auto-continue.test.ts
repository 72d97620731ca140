import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  post,
  startTestGateway,
  until,
  type RawAnswer,
  type TestGateway,
} from '../../testing/test-gateway.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, {}));
  gw = await startTestGateway({
    providers: [
      { id: 'chat', type: 'openai-compatible', base_url: upstream.origin, repair_tool_calls: true },
      { id: 'claude', type: 'anthropic', base_url: upstream.origin, api_key: 'k' },
      { id: 'oai', type: 'openai', base_url: `${upstream.origin}/v1`, api_key: 'k', auto_continue: 1 },
    ],
    retry_wait_max_s: 0,
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

const TEXT =
  'The first half of the answer tells how the file is opened and read, line by line, and the second half tells how the words in it are counted.';
const CUTS = [60, 100, TEXT.length];

const usage = (part: number) => ({
  prompt_tokens: 100 + part,
  completion_tokens: 20,
  total_tokens: 120 + part,
});

/** A Chat provider whose output limit is reached again and again; it repeats the last words, as models do. */
function chatInParts(stop = 'stop'): void {
  let part = 0;
  upstream.script((seen, res) => {
    const from = part === 0 ? 0 : (CUTS[part - 1] as number) - 20;
    const text = TEXT.slice(from, CUTS[part]);
    const finish = part === CUTS.length - 1 ? stop : 'length';
    const used = usage(part);
    part += 1;
    if (seen.json?.['stream'] !== true) {
      const message = { role: 'assistant', content: text };
      answerJson(res, 200, {
        id: 'c',
        model: 'm',
        choices: [{ index: 0, message, finish_reason: finish }],
        usage: used,
      });
      return;
    }
    const data = (body: object) => `data: ${JSON.stringify({ id: 'c', model: 'm', ...body })}\n\n`;
    const half = Math.floor(text.length / 2);
    void streamPieces(res, [
      data({ choices: [{ index: 0, delta: { role: 'assistant', content: text.slice(0, half) } }] }),
      data({ choices: [{ index: 0, delta: { content: text.slice(half) } }] }),
      data({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }),
      data({ choices: [], usage: used }),
      'data: [DONE]\n\n',
    ]);
  });
}

const ask = (model: string, more: object = {}): Promise<RawAnswer> =>
  post(`${gw.url}/v1/responses`, JSON.stringify({ model, input: 'hi', stream: true, ...more }));

interface Told {
  type: string;
  delta?: string;
  response?: { status: string; output: { content: { text: string }[] }[]; usage: Record<string, number> };
}
const told = (answer: RawAnswer): Told[] =>
  answer.body
    .toString()
    .split('\n\n')
    .flatMap((block) =>
      block.includes('data: ') ? [JSON.parse(block.split('data: ')[1] ?? '') as Told] : [],
    );

test('a Codex turn that its provider cuts twice is one whole answer', async () => {
  chatInParts();
  const from = upstream.requests.length;
  const answer = await ask('chat/m');
  const events = told(answer);
  assert.equal(events.map(({ type, delta }) => (type.endsWith('text.delta') ? delta : '')).join(''), TEXT);
  const last = events.at(-1);
  assert.equal(last?.type, 'response.completed');
  assert.equal(last?.response?.output.length, 1);
  assert.equal(last?.response?.output[0]?.content[0]?.text, TEXT);
  // One unbroken answer would have read the prompt once.
  assert.equal(last?.response?.usage['input_tokens'], 100);
  assert.equal(last?.response?.usage['output_tokens'], 60);
  assert.equal(events.filter(({ type }) => type === 'response.output_item.added').length, 1);

  const row = await gw.row(answer);
  assert.equal(row.outcome, 'ok');
  assert.equal(row.input_tokens, 303);
  assert.equal(row.output_tokens, 60);
  assert.deepEqual(
    row.continuations.map(({ resumed, seam }) => [resumed, seam]),
    [
      ['text', 'overlap'],
      ['text', 'overlap'],
    ],
  );
  const sent = upstream.requests
    .slice(from)
    .map(({ json }) => json?.['messages'] as { role: string; content: string }[]);
  assert.equal(sent.length, 3);
  assert.deepEqual(
    sent[2]?.map(({ role }) => role),
    ['user', 'assistant', 'user'],
  );
  assert.equal(sent[2]?.[1]?.content, TEXT.slice(0, 100));
});

test('a whole answer is joined the same way', async () => {
  chatInParts();
  const answer = await ask('chat/m', { stream: false });
  assert.equal(answer.json().status, 'completed');
  assert.equal(answer.json().output[0].content[0].text, TEXT);
  assert.equal((await gw.row(answer)).continuations.length, 2);
});

test('clients that can go on by themselves are told the limit', async () => {
  chatInParts();
  const body = JSON.stringify({ model: 'chat/m', messages: [{ role: 'user', content: 'hi' }] });
  const answer = await post(`${gw.url}/v1/chat/completions`, body);
  assert.equal(answer.json().choices[0].finish_reason, 'length');
  assert.deepEqual((await gw.row(answer)).continuations, []);
});

test('a limit that the client named itself is its own', async () => {
  chatInParts();
  const answer = await ask('chat/m', { max_output_tokens: 20 });
  assert.equal(told(answer).at(-1)?.type, 'response.incomplete');
  assert.deepEqual((await gw.row(answer)).continuations, []);
});

test('a continuation that fails leaves the answer as it stood', async () => {
  let part = 0;
  upstream.script((_seen, res) => {
    part += 1;
    if (part > 1) {
      answerJson(res, 500, { error: { message: 'broken' } });
      return;
    }
    const message = { role: 'assistant', content: 'one two' };
    answerJson(res, 200, {
      id: 'c',
      model: 'm',
      choices: [{ index: 0, message, finish_reason: 'length' }],
      usage: usage(0),
    });
  });
  const answer = await ask('chat/m');
  const last = told(answer).at(-1);
  assert.equal(last?.type, 'response.incomplete');
  assert.equal((await gw.row(answer)).outcome, 'ok');
});

test('the budget stops continuations, not the answer', async () => {
  // Mistral's prices do not change with the hour, as DeepSeek's do.
  const poor = await startTestGateway(
    { providers: [{ id: 'paid', type: 'mistral', base_url: `${upstream.origin}/v1`, api_key: 'k' }] },
    { budgets: { dailyMicros: 1237, monthlyMicros: undefined } },
  );
  try {
    chatInParts();
    const from = upstream.requests.length;
    const answer = await post(
      `${poor.url}/v1/responses`,
      JSON.stringify({ model: 'paid/mistral-small-latest', input: 'hi', stream: true }),
    );
    assert.equal(told(answer).at(-1)?.type, 'response.incomplete');
    assert.equal(upstream.requests.length - from, 1);
    assert.equal((await poor.row(answer)).cost_micros, 16);
  } finally {
    await poor.close();
  }
});

test('a provider of the client’s own protocol is decoded only where it is named', async () => {
  let part = 0;
  upstream.script((_seen, res) => {
    part += 1;
    const text = part === 1 ? 'one two three four' : 'three four five';
    const item = {
      type: 'message',
      id: `msg_${part}`,
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    };
    const cut =
      part === 1
        ? { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
        : { status: 'completed' };
    answerJson(res, 200, {
      id: `resp_${part}`,
      object: 'response',
      created_at: 1,
      model: 'm',
      output: [item],
      usage: { input_tokens: 10, output_tokens: 4, total_tokens: 14 },
      ...cut,
    });
  });
  const answer = await ask('oai/m', { stream: false });
  assert.equal(answer.json().status, 'completed');
  assert.equal(answer.json().output[0].content[0].text, 'one two three four five');
});

test('a client that leaves between two parts ends the turn', async () => {
  let part = 0;
  upstream.script((_seen, res) => {
    part += 1;
    if (part > 1) return;
    void streamPieces(res, [
      'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"one two"}}]}\n\n',
      'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"length"}]}\n\n',
      'data: [DONE]\n\n',
    ]);
  });
  const abort = new AbortController();
  const asked = fetch(`${gw.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: 'Bearer tok-agent', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'chat/m', input: 'hi', stream: true }),
    signal: abort.signal,
  }).then((answer) => answer.text());
  await until(() => part === 2, 'the second part to be asked for');
  abort.abort();
  await assert.rejects(asked);
  await until(() => gw.turns.some(({ outcome }) => outcome === 'client_aborted'), 'the turn to be settled');
});
