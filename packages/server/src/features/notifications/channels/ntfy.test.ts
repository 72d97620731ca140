import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostile, messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

/** ntfy’s JSON door: the topic in the body, a token where the topic is protected, 4,096 bytes. */
const ntfy = await standIn(({ method, path, headers, json }) => {
  const error = (status: number, code: number, said: string) => ({
    status,
    json: { code, http: status, error: said },
  });
  if (method !== 'POST' || path !== '/') return error(404, 40401, 'page not found');
  if (headers.authorization !== 'Bearer tk_1') return error(403, 40301, 'forbidden');
  if (!/^[-_A-Za-z0-9]{1,64}$/.test(text(json, 'topic'))) return error(400, 40009, 'invalid topic');
  if (Buffer.byteLength(text(json, 'message')) > 4096) return error(413, 41301, 'entity too large');
  if (![1, 2, 3, 4, 5].includes(json['priority'] as number)) return error(400, 40007, 'invalid priority');
  return { status: 200, json: { id: 'x', event: 'message' } };
});
const config = { type: 'ntfy', server: ntfy.url, topic: 'alerts', token: 'tk_1' };

test('ntfy takes it, counted in bytes, and what is over is less urgent', async () => {
  assert.ok((await sendOn(config, messageOf())).ok);
  assert.equal(ntfy.calls.at(-1)?.json['priority'], 5);
  assert.ok((await sendOn(config, messageOf({ message: hostile.body, phase: 'resolved' }))).ok);
  assert.equal(ntfy.calls.at(-1)?.json['priority'], 3);
});

test('a protected topic needs the token', async () => {
  const refused = await sendOn({ ...config, token: undefined, username: 'me', password: 'no' }, messageOf());
  assert.deepEqual(refused.ok ? null : [refused.again, refused.reason], [
    false,
    `${new URL(ntfy.url).host} refused it with 403`,
  ]);
  assert.equal(ntfy.calls.at(-1)?.headers.authorization, `Basic ${Buffer.from('me:no').toString('base64')}`);
});
