import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { messageOf, sendOn, standIn } from '../testing/try-channel.ts';

/** A receiver that believes nobody without a good signature. */
const receiver = await standIn(({ headers, body }) => {
  const [, seconds, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-vigiles-signature'])) ?? [];
  const wanted = createHmac('sha256', 'shared').update(`${seconds}.${body}`).digest('hex');
  return given === wanted ? { status: 204 } : { status: 401, text: 'bad signature' };
});
const config = { type: 'webhook', url: `${receiver.url}/in`, secret: 'shared', headers: { 'x-team': 'a' } };

test('a webhook is signed over its bytes and says what it is', async () => {
  assert.ok((await sendOn(config, messageOf({ title: 'naïve 😀' }))).ok);
  const call = receiver.calls.at(-1);
  assert.deepEqual(
    ['id', 'event', 'severity', 'title', 'incident_id', 'count'].map((name) => call?.json[name]),
    ['dlv_1', 'opened', 'critical', 'naïve 😀', 'inc_1', 1],
  );
  assert.deepEqual([call?.headers['x-team'], call?.headers['x-vigiles-delivery']], ['a', 'dlv_1']);
});

test('a receiver that has moved is named, and neither content nor signature follows', async () => {
  const moved = await standIn(() => ({ status: 307, headers: { location: 'http://169.254.169.254/' } }));
  const sent = await sendOn({ ...config, url: `${moved.url}/in?key=hidden` }, messageOf());
  assert.match(sent.ok ? '' : sent.reason, /redirects to 169\.254\.169\.254; use the address it has now/);
  assert.doesNotMatch(JSON.stringify(sent), /hidden/);
});

test('another secret is refused for good', async () => {
  const refused = await sendOn({ ...config, secret: 'other!' }, messageOf());
  assert.equal(refused.ok ? null : refused.again, false);
});
