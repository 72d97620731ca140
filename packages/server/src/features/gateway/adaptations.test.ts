import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  post,
  startTestGateway,
  until,
  type RawAnswer,
  type TestGateway,
} from '../../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../../testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
  type SeenRequest,
} from '../../testing/upstreams/scripted-upstream.ts';
import type { Adaptation } from './core/adapt/adaptation-table.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;
const kept: Adaptation[] = [];
let now = 1_800_000_000_000;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, {}));
  gw = await startTestGateway(
    {
      providers: [
        { id: 'chat', type: 'openai-compatible', base_url: upstream.origin },
        {
          id: 'oai',
          type: 'openai',
          base_url: `${upstream.origin}/v1`,
          api_key: 'k',
          protocol: 'openai-chat',
        },
      ],
      retry_wait_max_s: 0,
    },
    {
      clock: { now: () => now, monotonic: () => performance.now() },
      redact: (text) => text.replaceAll('sk-secret', '[redacted]'),
      memory: {
        list: async () => kept,
        async keep(one, replaced) {
          for (const gone of [one, ...replaced]) {
            const at = kept.findIndex(({ id }) => id === gone.id);
            if (at !== -1) kept.splice(at, 1);
          }
          kept.push(one);
        },
      },
    },
  );
});

after(async () => {
  await gw.close();
  await upstream.close();
});

const unsupported = (field: string) => ({
  error: {
    message: `Unsupported parameter: '${field}' is not supported with this model.`,
    type: 'invalid_request_error',
    param: field,
    code: 'unsupported_parameter',
  },
});
const body = (model: string, more: object = {}) =>
  JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }], ...more });

/** Answers like a provider that takes none of these fields. */
function refuseFields(...fields: string[]): void {
  upstream.script((seen, res) => {
    const found = fields.find((field) => seen.json && field in seen.json);
    if (found !== undefined) answerJson(res, 400, unsupported(found));
    else if (seen.json?.['stream'] === true) void streamPieces(res, chatStream(['fine']));
    else answerJson(res, 200, chatCompletion('fine'));
  });
}

async function sentFor(work: () => Promise<unknown>): Promise<SeenRequest[]> {
  const from = upstream.requests.length;
  await work();
  return upstream.requests.slice(from);
}

test('a refused field is left out, told, and not sent again', async () => {
  refuseFields('temperature');
  const answers: RawAnswer[] = [];
  const first = await sentFor(async () => {
    answers.push(await post(`${gw.url}/v1/chat/completions`, body('chat/a', { temperature: 0.1 })));
  });
  assert.equal(first.length, 2);
  const second = await sentFor(async () => {
    answers.push(await post(`${gw.url}/v1/chat/completions`, body('chat/a', { temperature: 0.1 })));
  });
  assert.equal(second.length, 1);
  assert.equal(second[0]?.json?.['temperature'], undefined);
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['x-vigiles-adapted'], '-temperature');
    const row = await gw.row(answer);
    assert.deepEqual(
      row.losses.map(({ path, what }) => [path, what]),
      [['temperature', 'temperature was left out']],
    );
  }
  await until(() => kept.length === 1, 'the lesson to be kept');
  const [lesson] = kept;
  assert.deepEqual(lesson?.edit, { do: 'drop', field: 'temperature' });
  assert.equal(lesson?.provider, 'chat');
  assert.equal(lesson?.model, 'a');
  assert.match(lesson?.evidence ?? '', /Unsupported parameter/);
});

test('the same holds for a stream, and for bytes that pass through', async () => {
  refuseFields('top_p');
  for (const model of ['chat/s', 'oai/s']) {
    const seen = await sentFor(async () => {
      const answer = await post(`${gw.url}/v1/chat/completions`, body(model, { top_p: 0.5, stream: true }));
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['x-vigiles-adapted'], '-top_p');
      assert.match(answer.body.toString(), /fine/);
    });
    assert.equal(seen.length, 2, model);
  }
});

test('a turn that needs nothing is not told of anything, though its neighbour is', async () => {
  refuseFields('temperature');
  const answer = await post(`${gw.url}/v1/chat/completions`, body('chat/a'));
  assert.equal(answer.headers['x-vigiles-adapted'], undefined);
  assert.deepEqual((await gw.row(answer)).losses, []);
});

test('two complaints in a row are met, and both are known afterwards', async () => {
  refuseFields('seed', 'presence_penalty');
  const wanted = body('chat/two', { seed: 1, presence_penalty: 1 });
  const first = await sentFor(() => post(`${gw.url}/v1/chat/completions`, wanted));
  assert.equal(first.length, 3);
  const second = await sentFor(() => post(`${gw.url}/v1/chat/completions`, wanted));
  assert.equal(second.length, 1);
});

test('a third complaint is passed on in the provider’s words, and what had worked is kept', async () => {
  refuseFields('seed', 'presence_penalty', 'frequency_penalty');
  const wanted = body('chat/three', { seed: 1, presence_penalty: 1, frequency_penalty: 1 });
  const seen = await sentFor(async () => {
    const answer = await post(`${gw.url}/v1/chat/completions`, wanted);
    assert.equal(answer.status, 400);
    assert.match(answer.json().error.message, /frequency_penalty/);
  });
  assert.equal(seen.length, 3);
  const answer = await post(`${gw.url}/v1/chat/completions`, wanted);
  assert.equal(answer.status, 200);
});

test('what changes the meaning is never left out: the refusal reaches the client', async () => {
  refuseFields('tools', 'stop');
  for (const more of [
    { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] },
    { stop: ['x'] },
  ]) {
    const seen = await sentFor(async () => {
      const answer = await post(`${gw.url}/v1/chat/completions`, body('oai/never', more));
      assert.equal(answer.status, 400);
      assert.equal(answer.headers['x-vigiles-adapted'], undefined);
    });
    assert.equal(seen.length, 1);
  }
});

test('an edit that does not help is not kept', async () => {
  upstream.script((_seen, res) => answerJson(res, 400, unsupported('user')));
  const answer = await post(`${gw.url}/v1/chat/completions`, body('chat/stubborn', { user: 'u' }));
  assert.equal(answer.status, 400);
  assert.equal(
    kept.some(({ model }) => model === 'stubborn'),
    false,
  );
});

test('what was learned is asked again after a day, unless it is pinned', async () => {
  refuseFields('verbosity');
  const wanted = body('oai/day', { verbosity: 'low' });
  await post(`${gw.url}/v1/chat/completions`, wanted);
  await until(() => kept.some(({ model }) => model === 'day'), 'the lesson');
  now += 24 * 3_600_000 + 1;
  assert.equal((await sentFor(() => post(`${gw.url}/v1/chat/completions`, wanted))).length, 2);
  await until(() => kept.some(({ model, count }) => model === 'day' && count === 2), 'the second time');
  const at = kept.findIndex(({ model }) => model === 'day');
  kept[at] = { ...(kept[at] as Adaptation), pinned: true };
  await gw.gateway.relearn();
  now += 48 * 3_600_000;
  assert.equal((await sentFor(() => post(`${gw.url}/v1/chat/completions`, wanted))).length, 1);
});

test('what is taken back is sent again', async () => {
  refuseFields('logit_bias_extra');
  const wanted = body('oai/back', { logit_bias_extra: 1 });
  await post(`${gw.url}/v1/chat/completions`, wanted);
  await until(() => kept.some(({ model }) => model === 'back'), 'the lesson');
  kept.splice(0, kept.length);
  await gw.gateway.relearn();
  assert.equal((await sentFor(() => post(`${gw.url}/v1/chat/completions`, wanted))).length, 2);
});

test('secrets in a provider’s words are not kept', async () => {
  upstream.script((seen, res) => {
    if (seen.json && 'temperature' in seen.json) {
      answerJson(res, 400, {
        error: {
          message: "Unsupported parameter: 'temperature' is not supported. Key sk-secret",
          param: 'temperature',
        },
      });
    } else answerJson(res, 200, chatCompletion('fine'));
  });
  const answer = await post(`${gw.url}/v1/chat/completions`, body('chat/secret', { temperature: 1 }));
  const row = await gw.row(answer);
  await until(() => kept.some(({ model }) => model === 'secret'), 'the lesson');
  assert.doesNotMatch(JSON.stringify([kept, row.losses]), /sk-secret/);
});
