import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { RouteDecision } from '@vigiles/contract';
import { post, startTestGateway, until, type TestGateway } from '../../testing/test-gateway.ts';
import { chatCompletion } from '../../testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  type Script,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';

const works: Script = (_seen, res) => answerJson(res, 200, chatCompletion('ok'));
const fails: Script = (_seen, res) => answerJson(res, 503, { error: { message: 'down' } });
let one: ScriptedUpstream;
let two: ScriptedUpstream;
const open: TestGateway[] = [];

before(async () => {
  one = await startScriptedUpstream(works);
  two = await startScriptedUpstream(works);
});
afterEach(async () => {
  for (const gw of open.splice(0)) await gw.close();
});
after(async () => {
  await one.close();
  await two.close();
});

const provider = (id: string, { origin }: { origin: string }, more: object = {}) => ({
  id,
  type: 'openai-compatible',
  base_url: origin,
  side: 'cloud',
  ...more,
});
const ask = (gw: TestGateway, headers: Record<string, string> = {}) =>
  post(
    `${gw.url}/v1/chat/completions`,
    JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'hi' }] }),
    { authorization: 'Bearer tok-agent', ...headers },
  );

test('the name auto finds a local model first and a named cloud model when the cloud is earned', async () => {
  const gw = await startTestGateway({
    providers: [
      provider('one', one, { models: ['nomic-embed-text', 'big'] }),
      provider('two', two, { side: 'local', models: ['nomic-embed-text', 'small'] }),
    ],
    retry_wait_max_s: 0,
  });
  open.push(gw);
  one.script(works);
  two.script(works);
  await ask(gw);
  assert.equal(two.requests.at(-1)?.json?.['model'], 'small');
  two.script(fails);
  const answer = await ask(gw);
  assert.equal(answer.headers['x-vigiles-provider'], 'one');
  assert.equal(one.requests.at(-1)?.json?.['model'], 'big');
  const row = (await gw.row(answer)) as { decision?: string };
  assert.equal((JSON.parse(String(row.decision)) as RouteDecision).why, 'auto');
});

test('auto without a chosen cloud model names what chooses one', async (t) => {
  const rich = await startScriptedUpstream(works, ['found-1', 'found-2']);
  t.after(() => rich.close());
  const gw = await startTestGateway({
    providers: [provider('one', rich), provider('two', two, { side: 'local', models: ['small'] })],
    retry_wait_max_s: 0,
  });
  open.push(gw);
  const found = () => gw.gateway.snapshot().providers.find(({ id }) => id === 'one')?.models ?? [];
  await until(() => found().length === 2, 'the list of models');
  const told = async (headers: Record<string, string>) => {
    const answer = await ask(gw, headers);
    assert.equal(answer.status, 400);
    return String(answer.json().error.message);
  };
  const cure = /gateway\.policy\.default_cloud.*one\/found-1.*`models` of the provider one/;
  assert.match(await told({ 'x-vigiles-route': 'cloud' }), cure);
  const alone = await startTestGateway({ providers: [provider('one', rich)], retry_wait_max_s: 0 });
  open.push(alone);
  await until(() => alone.gateway.snapshot().providers[0]?.models.length === 2, 'the list of models');
  const answer = await ask(alone);
  assert.match(String(answer.json().error.message), cure);
});
