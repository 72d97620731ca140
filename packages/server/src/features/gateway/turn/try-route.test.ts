import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RouteTrialAsk } from '@vigiles/contract';
import { post, startTestGateway, type TestGateway } from '../../../testing/test-gateway.ts';
import { chatCompletion } from '../../../testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../../../testing/upstreams/scripted-upstream.ts';
import type { Trial } from './try-route.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('ok')));
  const type = 'openai-compatible';
  const models = ['m'];
  gw = await startTestGateway({
    providers: [
      { id: 'home', type, base_url: upstream.origin, models },
      { id: 'away', type, base_url: upstream.origin, models, side: 'cloud' },
    ],
    routes: [
      {
        model: 'both',
        candidates: [
          { provider: 'away', model: 'm' },
          { provider: 'home', model: 'm' },
        ],
      },
    ],
  });
});
after(async () => {
  await gw.close();
  await upstream.close();
});

async function ask(wish: object): Promise<Trial> {
  const answer = await post(`${gw.url}/monitoring/route`, JSON.stringify(RouteTrialAsk.parse(wish)), {
    authorization: `Bearer ${gw.gateway.secret}`,
  });
  assert.equal(answer.status, 200);
  return answer.json() as Trial;
}

const order = (trial: Trial): string[] =>
  trial.ok
    ? trial.decision.candidates.map(({ provider, rejected }) => `${provider} ${rejected?.code ?? 'yes'}`)
    : [trial.message];

test('a trial decides as the turn that follows it does, and sends nothing', async () => {
  const before = upstream.requests.length;
  assert.deepEqual(order(await ask({ model: 'both' })), ['home yes', 'away not-earned']);
  assert.deepEqual(order(await ask({ model: 'both', tags: ['burst'], route: 'cloud' })), [
    'home override',
    'away yes',
  ]);
  assert.deepEqual(order(await ask({ model: 'both', privacy: 'private', route: 'cloud' })), [
    'home override',
    'away private',
  ]);
  assert.deepEqual(order(await ask({ model: 'both', secret: true, tags: ['burst'] })), [
    'home yes',
    'away secrets',
  ]);
  assert.equal(upstream.requests.length, before);
  const body = JSON.stringify({ model: 'both', messages: [{ role: 'user', content: 'hi' }] });
  const turn = await post(`${gw.url}/v1/chat/completions`, body, { authorization: 'Bearer tok-agent' });
  assert.equal((await gw.row(turn)).provider, 'home');
});

test('routes that are not saved yet are tried without taking effect', async () => {
  const routes = [{ model: 'new', provider: 'away', upstream_model: 'm' }];
  assert.deepEqual(order(await ask({ model: 'new', routes })), ['away yes']);
  // Nobody offers `new`: it goes where unknown names go.
  assert.deepEqual(order(await ask({ model: 'new' })), ['home yes']);
});

test('only control may ask for a trial', async () => {
  const answer = await post(`${gw.url}/monitoring/route`, '{}', { authorization: 'Bearer tok-agent' });
  assert.equal(answer.status, 404);
});
