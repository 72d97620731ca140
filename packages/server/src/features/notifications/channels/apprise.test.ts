import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

/** Apprise API: with a key its own configuration, without one the URLs of the call; 424 when a service failed. */
const apprise = await standIn(({ path, json }) => {
  if (text(json, 'body') === '')
    return { status: 400, json: { error: 'Payload lacks minimum requirements' } };
  if (!['info', 'success', 'warning', 'failure'].includes(text(json, 'type')))
    return { status: 400, json: { error: 'type' } };
  if (path === '/notify/home') return { status: 200, json: { error: null } };
  if (path === '/notify/empty') return { status: 204 };
  if (path === '/notify' && text(json, 'urls') !== '') {
    return text(json, 'urls').includes('broken')
      ? { status: 424, json: { error: 'One or more notifications' } }
      : { status: 200 };
  }
  return { status: 404 };
});
const config = { type: 'apprise', server: apprise.url };

test('Apprise takes it under a key and with URLs of its own', async () => {
  assert.ok((await sendOn({ ...config, config_key: 'home' }, messageOf())).ok);
  assert.equal(text(apprise.calls.at(-1)?.json, 'type'), 'failure');
  assert.ok(
    (await sendOn({ ...config, urls: ['signal://a', 'sms://b'] }, messageOf({ phase: 'resolved' }))).ok,
  );
  assert.equal(text(apprise.calls.at(-1)?.json, 'urls'), 'signal://a,sms://b');
});

test('nothing under a key, a service that failed, and no services at all are told apart', async () => {
  const again = async (more: object) => {
    const sent = await sendOn({ ...config, ...more }, messageOf());
    return sent.ok ? 'ok' : sent.again;
  };
  assert.equal(await again({ config_key: 'empty' }), false);
  assert.equal(await again({ urls: ['broken://x'] }), true);
  assert.equal(await again({}), false);
});
