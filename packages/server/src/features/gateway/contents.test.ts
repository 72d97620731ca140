import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Turn, TurnRecord } from '@vigiles/contract';
import { openWriter } from '../../platform/store/writer.ts';
import { eventLogMigrations } from '../../platform/event-log/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { post, startTestGateway, type TestGateway } from '../../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../../testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';
import { pruneContents } from './contents/prune-contents.ts';
import type { TurnContent } from './contents/turn-content.ts';
import { writeContents, type StoreContents } from './contents/write-contents.ts';
import { replayTurn } from './core/replay/replay-turn.ts';
import { gatewayMigrations } from './ledger/migrations.ts';
import type { GatewayTables } from './ledger/tables.ts';
import { provider as compatible } from './providers/openai-compatible.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;

/** What the provider says, piece by piece. */
let words: readonly string[] = ['one ', 'two'];

before(async () => {
  upstream = await startScriptedUpstream((seen, res) => {
    if (seen.json?.['stream'] === true) void streamPieces(res, chatStream(words));
    else answerJson(res, 200, chatCompletion(words.join('')));
  });
  gw = await startTestGateway({
    providers: [{ id: 'chat', type: 'openai-compatible', base_url: upstream.origin }],
    store_prompts: 'redacted',
    prompts_max_kb: 8,
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

function recordOf(turn: Turn): TurnRecord {
  const kept = gw.contents.find(({ id }) => id === turn.id);
  return {
    format: 'vigiles-turn',
    version: 1,
    exported_at: 1,
    turn,
    provider_type: 'openai-compatible',
    content: kept?.content ?? null,
  };
}

for (const stream of [true, false]) {
  test(`a recorded ${stream ? 'stream' : 'answer'} is replayed without a difference`, async () => {
    const body = JSON.stringify({ model: 'chat/m', input: 'hi', stream });
    const answer = await post(`${gw.url}/v1/responses`, body);
    const record = recordOf(await gw.row(answer));
    assert.equal(record.content?.request, body);
    assert.equal(record.content?.answered, answer.body.toString());
    const report = replayTurn(record, compatible.quirks);
    assert.deepEqual(report.sent_differences, []);
    assert.deepEqual(report.answer_differences, []);
    assert.equal(report.answer?.text, 'one two');
    assert.deepEqual(report.notes, []);
  });
}

for (const [path, stream] of [
  ['/v1/chat/completions', true],
  ['/v1/chat/completions', false],
  ['/v1/responses', true],
  ['/v1/responses', false],
] as const) {
  test(`a call that was found in a text is found again, ${stream ? 'streamed' : 'whole'} at ${path}`, async () => {
    const call = ['<tool_call>{"name": "read", ', '"arguments": {"path": "a"}}</tool_call>'];
    words = call;
    const parameters = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] };
    const tool = { name: 'read', parameters };
    const body =
      path === '/v1/responses'
        ? { model: 'chat/m', input: 'hi', stream, tools: [{ type: 'function', ...tool }] }
        : {
            model: 'chat/m',
            messages: [{ role: 'user', content: 'hi' }],
            stream,
            tools: [{ type: 'function', function: tool }],
          };
    const record = recordOf(await gw.row(await post(gw.url + path, JSON.stringify(body))));
    words = ['one ', 'two'];
    const report = replayTurn(record, compatible.quirks);
    assert.deepEqual(report.answer_differences, []);
    assert.deepEqual(report.answer?.calls, [{ name: 'read', input: '{"path":"a"}' }]);
  });
}

test('a replay shows what is translated otherwise than it was', async () => {
  const answer = await post(
    `${gw.url}/v1/responses`,
    JSON.stringify({ model: 'chat/m', input: 'hi', temperature: 1 }),
  );
  const record = recordOf(await gw.row(answer));
  const sent = JSON.parse(record.content?.sent ?? '') as object;
  if (record.content) record.content.sent = JSON.stringify({ ...sent, temperature: 0.5, added: true });
  assert.deepEqual(replayTurn(record, compatible.quirks).sent_differences, [
    { path: 'temperature', recorded: 0.5, replayed: 1 },
    { path: 'added', recorded: true, replayed: null },
  ]);
});

test('what is too long is cut, and says so', async () => {
  const answer = await post(
    `${gw.url}/v1/responses`,
    JSON.stringify({ model: 'chat/m', input: 'x'.repeat(20_000) }),
  );
  const { content } = recordOf(await gw.row(answer));
  assert.equal(content?.cut, true);
  assert.equal(content?.request.length, 8192);
});

test('where nothing is to be kept, nothing is', async () => {
  const silent = await startTestGateway({
    providers: [{ id: 'chat', type: 'openai-compatible', base_url: upstream.origin }],
  });
  try {
    const answer = await post(`${silent.url}/v1/responses`, JSON.stringify({ model: 'chat/m', input: 'hi' }));
    await silent.row(answer);
    assert.deepEqual(silent.contents, []);
  } finally {
    await silent.close();
  }
});

const said = (id: string, ts: number, more: Partial<StoreContents> = {}, text = 'hi'): StoreContents => ({
  id,
  ts,
  mode: 'redacted',
  secrets: ['hunter2secret'],
  maxTotalBytes: 1e9,
  keepFrom: 0,
  content: {
    request: text,
    sent: text,
    path: '/x',
    received: { status: 200, body: text },
    answered: text,
    cut: false,
  },
  ...more,
});

forEachStore('kept contents', (openStore, newPlace) => {
  test('secrets are taken out, and what is old or too much goes', async (t) => {
    const place = await newPlace();
    const store = await openStore({ place, migrations: { ...eventLogMigrations, ...gatewayMigrations } });
    const writer = await openWriter(place);
    t.after(() => writer.close());
    const kept = () =>
      store.db<GatewayTables>().selectFrom('turn_content').select(['id', 'content']).orderBy('ts').execute();
    // Put together here: a scanner must not take this file for a leak.
    const shaped = `AKIA${'A'.repeat(16)} ghp_${'b'.repeat(30)}`;
    await writeContents(writer, said('a', 1, {}, `key hunter2secret ${shaped}`));
    await writeContents(writer, said('b', 2, { mode: 'full' }, `key hunter2secret ${shaped}`));
    const [redacted, full] = (await kept()).map(({ content }) => JSON.parse(content) as TurnContent);
    for (const text of [redacted?.request, redacted?.sent, redacted?.received?.body, redacted?.answered]) {
      assert.equal(text, 'key [redacted] [redacted] [redacted]');
    }
    assert.equal(full?.request, `key [redacted] ${shaped}`);

    await writeContents(writer, said('c', 3, { keepFrom: 2 }));
    assert.deepEqual(
      (await kept()).map(({ id }) => id),
      ['b', 'c'],
    );
    await writeContents(writer, said('d', 4, { maxTotalBytes: 400 }));
    assert.deepEqual(
      (await kept()).map(({ id }) => id),
      ['c', 'd'],
    );
    assert.equal(await pruneContents(store, 4), 1);
    assert.deepEqual(
      (await kept()).map(({ id }) => id),
      ['d'],
    );
  });
});
