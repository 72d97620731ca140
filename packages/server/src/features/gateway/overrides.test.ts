import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { ProviderOverride } from '@vigiles/contract';
import { post, startTestGateway, until, type TestGateway } from '../../testing/test-gateway.ts';
import { chatCompletion } from '../../testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';

let one: ScriptedUpstream;
let two: ScriptedUpstream;
let overrides: ProviderOverride[] = [];
const open: TestGateway[] = [];

before(async () => {
  one = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('from one')));
  two = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('from two')));
});
afterEach(async () => {
  for (const gw of open.splice(0)) await gw.close();
  overrides = [];
});
after(async () => {
  await one.close();
  await two.close();
});

const provider = (id: string, { origin }: { origin: string }, side: string) => ({
  id,
  type: 'openai-compatible',
  base_url: origin,
  models: [`m-${id}`],
  side,
});

async function gateway(sideOfTwo = 'cloud') {
  const gw = await startTestGateway(
    { providers: [provider('one', one, 'cloud'), provider('two', two, sideOfTwo)], retry_wait_max_s: 0.05 },
    { overrides: { list: async () => overrides } },
  );
  open.push(gw);
  return gw;
}

const hold = (more: Partial<ProviderOverride> = {}): ProviderOverride => ({
  id: 'ovr_1',
  provider: 'one',
  hold: true,
  detour_to: 'two/m-two',
  idle_timeout_s: null,
  connect_timeout_s: null,
  until: Date.now() + 60_000,
  reason: 'test',
  actor: 'watchdog',
  created_at: 0,
  ...more,
});

const ask = (gw: TestGateway, headers: Record<string, string> = {}) =>
  post(
    `${gw.url}/v1/chat/completions`,
    JSON.stringify({ model: 'one/m-one', messages: [{ role: 'user', content: 'hi' }] }),
    { authorization: 'Bearer tok-agent', ...headers },
  );

test('a provider that is held back is led around while it lasts, and used again afterwards', async () => {
  const gw = await gateway();
  assert.equal((await ask(gw)).headers['x-vigiles-provider'], 'one');
  overrides = [hold({ until: Date.now() + 700 })];
  await gw.gateway.override();
  const led = await ask(gw);
  assert.deepEqual([led.status, led.headers['x-vigiles-provider']], [200, 'two']);
  await until(() => Date.now() > (overrides[0]?.until ?? 0) + 100, 'the end of the override');
  assert.equal((await ask(gw)).headers['x-vigiles-provider'], 'one');
  overrides = [hold()];
  await gw.gateway.override();
  assert.equal((await ask(gw)).headers['x-vigiles-provider'], 'two');
  overrides = [];
  await gw.gateway.override();
  assert.equal((await ask(gw)).headers['x-vigiles-provider'], 'one');
});

test('a hold without a way around answers that it is busy, and when to come again', async () => {
  const gw = await gateway();
  overrides = [hold({ detour_to: null, until: Date.now() + 30_000 })];
  await gw.gateway.override();
  const answer = await ask(gw);
  assert.ok(answer.status === 503 || answer.status === 429, String(answer.status));
  assert.ok(Number(answer.headers['retry-after']) > 0);
});

test('a way around does not lead out of this machine what may not leave it', async () => {
  const gw = await gateway('cloud');
  overrides = [hold()];
  await gw.gateway.override();
  const answer = await ask(gw, { 'x-vigiles-privacy': 'private' });
  assert.ok(answer.status >= 400);
});
