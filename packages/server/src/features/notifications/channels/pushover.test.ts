import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostile, messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

/** Pushover’s rules: both keys, 250, 1024 and 512 characters, a second of Unix time, retry and expire for priority 2. */
const pushover = await standIn(({ path, json }) => {
  const bad = (...errors: string[]) => ({ status: 400, json: { status: 0, errors, request: 'r' } });
  if (path !== '/1/messages.json') return { status: 404, text: '' };
  if (json['token'] !== 'app') return bad('application token is invalid');
  if (json['user'] !== 'me') return bad('user identifier is invalid');
  if (text(json, 'message') === '') return bad('message cannot be blank');
  if (text(json, 'message').length > 1024 || text(json, 'title').length > 250) return bad('message too long');
  if (text(json, 'url').length > 512) return bad('url too long');
  if (json['priority'] === 2) return bad('expire must be supplied with priority=2');
  if ((json['timestamp'] as number) > 1e11) return bad('timestamp is invalid');
  return { status: 200, json: { status: 1, request: 'r' } };
});
const config = { type: 'pushover', server: pushover.url, token: 'app', user_key: 'me' };

test('Pushover takes it', async () => {
  for (const severity of ['critical', 'warning', 'info'] as const) {
    assert.ok(
      (await sendOn(config, messageOf({ severity, title: hostile.title, message: hostile.body }))).ok,
    );
  }
});

test('what Pushover refuses is said in its words', async () => {
  const refused = await sendOn({ ...config, user_key: 'you' }, messageOf());
  assert.deepEqual(refused.ok ? null : refused.reason, 'Pushover refused it: user identifier is invalid');
});
