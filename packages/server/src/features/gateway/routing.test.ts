import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { RouteDecision } from '@vigiles/contract';
import { post, startTestGateway, until, type TestGateway } from '../../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../../testing/upstreams/chat-answers.ts';
import { messagesStream } from '../../testing/upstreams/messages-answers.ts';
import { responsesOverload, responsesStream } from '../../testing/upstreams/responses-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type Script,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';

let one: ScriptedUpstream;
let two: ScriptedUpstream;
const open: TestGateway[] = [];

before(async () => {
  const silent: Script = (_seen, res) => answerJson(res, 200, chatCompletion('ok'));
  one = await startScriptedUpstream(silent);
  two = await startScriptedUpstream(silent);
});
afterEach(async () => {
  for (const gw of open.splice(0)) await gw.close();
  one.requests.length = 0;
  two.requests.length = 0;
});
after(async () => {
  await one.close();
  await two.close();
});

const KEY = { authorization: 'Bearer tok-agent' };
const provider = (id: string, { origin }: { origin: string }, more: object = {}) => ({
  id,
  type: 'openai-compatible',
  base_url: origin,
  side: 'cloud',
  ...more,
});

/** Two providers behind the alias `both`. */
async function gateway(more: object = {}, route: object = {}, first: object = {}, second: object = {}) {
  const gw = await startTestGateway({
    providers: [provider('one', one, first), provider('two', two, second)],
    routes: [
      {
        model: 'both',
        candidates: [
          { provider: 'one', model: 'm1' },
          { provider: 'two', model: 'm2' },
        ],
        ...route,
      },
    ],
    retry_wait_max_s: 0.1,
    ...more,
  });
  open.push(gw);
  return gw;
}

const chat = (more: object = {}) =>
  JSON.stringify({ model: 'both', messages: [{ role: 'user', content: 'hi' }], ...more });
const responses = (more: object = {}) =>
  JSON.stringify({ model: 'both', input: 'hi', stream: true, ...more });
const ask = (gw: TestGateway, body = chat(), headers: Record<string, string> = {}) =>
  post(`${gw.url}/v1/chat/completions`, body, { ...KEY, ...headers });
const works: Script = (_seen, res) => answerJson(res, 200, chatCompletion('from here'));
const fails =
  (status: number, headers: Record<string, string> = {}): Script =>
  (_seen, res) =>
    answerJson(res, status, { error: { message: `status ${status}` } }, headers);

async function decision(gw: TestGateway, answer: Parameters<TestGateway['row']>[0]): Promise<RouteDecision> {
  const row = (await gw.row(answer)) as { decision?: string };
  assert.ok(row.decision, 'the turn has a recorded decision');
  return JSON.parse(row.decision) as RouteDecision;
}

test('a provider that is at fault in any way hands its turn to the next one', async () => {
  for (const status of [401, 402, 403, 404, 429, 500, 502, 503, 529]) {
    const gw = await gateway();
    one.script(fails(status));
    two.script(works);
    const answer = await ask(gw);
    assert.equal(answer.status, 200, `after ${status}`);
    assert.equal(answer.headers['x-vigiles-provider'], 'two');
    assert.equal(two.requests.at(-1)?.json?.['model'], 'm2');
    const { attempts } = await decision(gw, answer);
    assert.deepEqual(
      attempts.map(({ provider: id, outcome }) => [id, outcome]),
      [
        ['one', 'failed'],
        ['two', 'ok'],
      ],
    );
  }
});

test('a request that is wrong is told to its client and moved nowhere', async () => {
  const gw = await gateway();
  one.script(fails(400));
  const answer = await ask(gw);
  assert.equal(answer.status, 400);
  assert.equal(two.requests.length, 0);
  assert.deepEqual(
    gw.gateway.snapshot().health.filter(({ causes }) => causes.length > 0),
    [],
  );
});

test('litellm#28216: a streamed Responses turn fails over like any other', async () => {
  const gw = await gateway({}, {}, { type: 'openai', api_key: 'k' }, { type: 'openai', api_key: 'k' });
  one.script(fails(503));
  two.script((_seen, res) => streamPieces(res, responsesStream(['one', 'two'])));
  const answer = await post(`${gw.url}/v1/responses`, responses());
  assert.equal(answer.status, 200);
  assert.equal(answer.body.toString(), responsesStream(['one', 'two']).join(''));
  const row = await gw.row(answer);
  assert.equal(row.provider, 'two');
  assert.equal(row.attempts, 2);
});

test('an overload hidden behind status 200 moves the turn while nothing has reached the client', async () => {
  const gw = await gateway({}, {}, { type: 'openai', api_key: 'k' }, { type: 'openai', api_key: 'k' });
  one.script((_seen, res) => streamPieces(res, responsesOverload));
  two.script((_seen, res) => streamPieces(res, responsesStream(['fine'])));
  const answer = await post(`${gw.url}/v1/responses`, responses());
  assert.equal(answer.body.toString(), responsesStream(['fine']).join(''));
  assert.equal((await decision(gw, answer)).attempts[0]?.cause, 'overloaded');
});

test('a turn that moves is encoded anew for a provider of another protocol, and back for its client', async () => {
  const gw = await gateway({}, {}, { type: 'openai', api_key: 'k' }, { type: 'anthropic', api_key: 'k' });
  one.script(fails(500));
  two.script((_seen, res) => streamPieces(res, messagesStream(['hello'])));
  const answer = await post(`${gw.url}/v1/responses`, responses());
  assert.equal(answer.status, 200);
  assert.match(answer.body.toString(), /response\.completed/);
  assert.equal(two.requests.at(-1)?.path, '/v1/messages');
  assert.equal((await gw.row(answer)).provider_protocol, 'anthropic-messages');
});

test('what has reached the client is not sent again elsewhere', async () => {
  const gw = await gateway();
  one.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(chatStream(['one']).slice(0, 2).join(''), () => res.socket?.resetAndDestroy());
  });
  const answer = await ask(gw, chat({ stream: true }));
  assert.match(answer.body.toString(), /error/);
  assert.equal(two.requests.length, 0);
  assert.equal((await gw.row(answer)).outcome, 'upstream_error');
});

test('openai/codex#30471 and litellm#27823: when all candidates cool, the client hears the shortest wait', async () => {
  const gw = await gateway();
  one.script(fails(429, { 'retry-after': '50' }));
  two.script(fails(429, { 'retry-after': '20' }));
  const first = await ask(gw);
  assert.equal(first.status, 429);
  assert.ok(Number(first.headers['retry-after']) <= 20);
  const seen = one.requests.length + two.requests.length;
  const second = await ask(gw);
  assert.equal(second.status, 429);
  assert.ok(Number(second.headers['retry-after']) >= 1 && Number(second.headers['retry-after']) <= 20);
  assert.equal(second.headers['x-vigiles-error-source'], 'gateway');
  assert.equal(one.requests.length + two.requests.length, seen, 'nobody was asked while cooling');
  const { candidates } = await decision(gw, second);
  assert.deepEqual(
    candidates.map(({ rejected }) => rejected?.code),
    ['cooling', 'cooling'],
  );
});

test('a provider that named a wait is not asked before, even where it is the only one', async () => {
  const gw = await gateway();
  one.script(fails(429, { 'retry-after': '30' }));
  assert.equal((await ask(gw, chat({ model: 'one/m1' }))).status, 429);
  const again = await ask(gw, chat({ model: 'one/m1' }));
  assert.equal(again.status, 429);
  assert.ok(Number(again.headers['retry-after']) >= 28);
  assert.equal(one.requests.length, 1);
  one.script(works);
  assert.equal((await ask(gw, chat({ model: 'one/other' }))).status, 200, 'another model is not meant');
});

test('local comes first, and the cloud after two local failures', async () => {
  const gw = await gateway({}, {}, { side: 'cloud' }, { side: 'local' });
  one.script(works);
  two.script(works);
  assert.equal((await ask(gw)).headers['x-vigiles-provider'], 'two');
  two.script(fails(500));
  const answer = await ask(gw);
  assert.equal(answer.headers['x-vigiles-provider'], 'one');
  assert.deepEqual(
    (await decision(gw, answer)).attempts.map((each) => each.provider),
    ['two', 'two', 'one'],
  );
});

test('the tag burst and route=cloud go to the cloud at once, in header and address', async () => {
  const gw = await gateway({}, {}, { side: 'cloud' }, { side: 'local' });
  one.script(works);
  two.script(works);
  const cloud = await ask(gw, chat(), { 'x-vigiles-route': 'cloud' });
  assert.equal(cloud.headers['x-vigiles-provider'], 'one');
  assert.equal(one.requests.at(-1)?.headers['x-vigiles-route'], undefined, 'told to nobody');
  const asked = await post(`${gw.url}/v1/chat/completions?route=cloud`, chat(), KEY);
  assert.equal(asked.headers['x-vigiles-provider'], 'one');
  two.script(fails(500));
  const burst = await ask(gw, chat(), { 'x-vigiles-tags': 'Burst, other' });
  assert.equal(burst.headers['x-vigiles-provider'], 'one');
  assert.deepEqual(
    (await decision(gw, burst)).attempts.map((each) => each.provider),
    ['two', 'one'],
  );
});

test('a private turn never leaves, whatever it names and whoever fails', async () => {
  const gw = await gateway({}, {}, { side: 'cloud' }, { side: 'local' });
  two.script(fails(500));
  const headers = { 'x-vigiles-privacy': 'private' };
  assert.equal((await ask(gw, chat(), headers)).status, 500);
  const named = await ask(gw, chat({ model: 'one/m1' }), headers);
  assert.equal(named.status, 403);
  assert.match(named.json().error.message, /private/);
  assert.equal(one.requests.length, 0);
});

test('a privacy that nobody knows is an error that names the field', async () => {
  const gw = await gateway();
  const answer = await ask(gw, chat(), { 'x-vigiles-privacy': 'secret' });
  assert.equal(answer.status, 400);
  assert.match(answer.json().error.message, /x-vigiles-privacy.*private, internal or public/);
  assert.equal((await ask(gw, chat(), { 'x-vigiles-route': 'moon' })).status, 400);
  assert.equal(one.requests.length + two.requests.length, 0);
});

test('a prompt with a secret stays on this machine, and the record names the pattern only', async () => {
  const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
  const gw = await gateway({}, {}, { side: 'cloud' }, { side: 'local' });
  one.script(works);
  two.script(fails(500));
  const body = chat({ messages: [{ role: 'user', content: `use ${token}` }] });
  const answer = await ask(gw, body);
  assert.equal(answer.status, 502);
  assert.equal(one.requests.length, 0);
  const recorded = await decision(gw, answer);
  assert.deepEqual(recorded.secrets, [{ pattern: 'github', count: 1 }]);
  assert.ok(!JSON.stringify(recorded).includes(token));
  two.script(works);
  assert.equal((await ask(gw, body)).headers['x-vigiles-provider'], 'two');
});

test('somebody with one cloud provider is simply served', async () => {
  const gw = await startTestGateway({ providers: [provider('one', one)] });
  open.push(gw);
  one.script(works);
  for (const model of ['one/m', 'm']) assert.equal((await ask(gw, chat({ model }))).status, 200);
  const row = (await gw.settled(2))[0] as { decision?: string };
  assert.equal(row.decision, undefined, 'there is nothing to tell');
});

test('a circuit that opened lets one turn try, and closes when that works', async () => {
  const gw = await gateway({}, { policy: false });
  one.script(fails(429, { 'retry-after-ms': '60' }));
  two.script(works);
  assert.equal((await ask(gw)).headers['x-vigiles-provider'], 'two');
  assert.equal((await ask(gw)).headers['x-vigiles-provider'], 'two');
  const circuit = () => gw.gateway.snapshot().health.find((each) => each.model === 'm1')?.circuit;
  await until(() => circuit() === 'half-open', 'the circuit to cool');
  let answering = () => {};
  one.script((_seen, res) => {
    answering = () => answerJson(res, 200, chatCompletion('back'));
  });
  one.requests.length = 0;
  const racing = Array.from({ length: 8 }, () => ask(gw));
  await until(() => one.requests.length > 0 && two.requests.length >= 9, 'all eight to be sent');
  answering();
  const answers = await Promise.all(racing);
  assert.equal(one.requests.length, 1, 'one probe');
  assert.equal(answers.filter(({ headers }) => headers['x-vigiles-provider'] === 'one').length, 1);
  assert.equal(circuit(), 'closed');
});

test('what only the cloud can do goes there at once: pictures, tools, a long prompt', async () => {
  const blind = { images: false, tools: false, context_window: 500 };
  const gw = await gateway({}, {}, { side: 'cloud' }, { side: 'local', model_facts: { m2: blind } });
  one.script(works);
  two.script(works);
  const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
  const tool = { type: 'function', function: { name: 'ls', parameters: { type: 'object' } } };
  const cases: [object, string, string?][] = [
    [{}, 'two'],
    [{ messages: [{ role: 'user', content: [picture] }] }, 'one', 'ability'],
    [{ tools: [tool] }, 'one', 'ability'],
    [{ messages: [{ role: 'user', content: 'word '.repeat(1000) }] }, 'one', 'context'],
  ];
  for (const [more, provides, code] of cases) {
    const answer = await ask(gw, chat(more));
    assert.equal(answer.headers['x-vigiles-provider'], provides);
    const { candidates } = await decision(gw, answer);
    assert.equal(candidates.find((each) => each.provider === 'two')?.rejected?.code, code);
  }
});

test('a prompt that one model finds too long goes to the next, and nobody’s health suffers', async () => {
  const gw = await gateway();
  const error = {
    message: 'This model’s maximum context length is 9 tokens',
    code: 'context_length_exceeded',
  };
  one.script((_seen, res) => answerJson(res, 400, { error }));
  two.script(works);
  const answer = await ask(gw);
  assert.equal(answer.headers['x-vigiles-provider'], 'two');
  assert.equal((await decision(gw, answer)).attempts[0]?.outcome, 'refused');
  assert.equal(gw.gateway.snapshot().health.find(({ model }) => model === 'm1')?.causes.length ?? 0, 0);
});

test('a turn is sent no more often than the policy allows', async () => {
  const gw = await gateway({ policy: { max_attempts: 1 } });
  one.script(fails(500));
  assert.equal((await ask(gw)).status, 500);
  assert.equal(two.requests.length, 0);
});

test('a place that no budget covers is passed over for one that is free', async () => {
  const price = { input: 1000, output: 1000 };
  const gw = await startTestGateway(
    {
      providers: [
        provider('one', one, { model_facts: { m1: { price } } }),
        provider('two', two, { side: 'local' }),
      ],
      routes: [
        {
          model: 'both',
          policy: false,
          candidates: [
            { provider: 'one', model: 'm1' },
            { provider: 'two', model: 'm2' },
          ],
        },
      ],
      policy: { secrets: 'off' },
    },
    { budgets: { dailyMicros: 1 } },
  );
  open.push(gw);
  one.script(works);
  two.script(works);
  const answer = await ask(gw);
  assert.equal(answer.headers['x-vigiles-provider'], 'two');
  assert.equal(one.requests.length, 0);
  assert.equal((await decision(gw, answer)).candidates[0]?.rejected?.code, 'budget');
});
