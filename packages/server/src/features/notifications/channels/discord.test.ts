import assert from 'node:assert/strict';
import { test } from 'node:test';
import { field, hostile, messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

let busy = false;
/** Limits of an embed and of a webhook, as Discord answers them. */
const discord = await standIn(({ path, json }) => {
  if (busy)
    return { status: 429, json: { message: 'You are being rate limited.', retry_after: 1.5, global: false } };
  if (!path.startsWith('/api/webhooks/1/token'))
    return { status: 404, json: { message: 'Unknown Webhook', code: 10015 } };
  const embeds = json['embeds'] as unknown[] | undefined;
  const wrong =
    !embeds ||
    embeds.length > 10 ||
    text(embeds[0], 'title').length > 256 ||
    text(embeds[0], 'description').length > 4096;
  if (wrong) return { status: 400, json: { message: 'Invalid Form Body', code: 50035 } };
  return new URL(path, 'http://x').searchParams.get('wait') === 'true'
    ? { status: 200, json: { id: '1' } }
    : { status: 204 };
});
const config = { type: 'discord', webhook_url: `${discord.url}/api/webhooks/1/token` };

test('Discord takes it, and it calls nobody', async () => {
  assert.ok((await sendOn(config, messageOf())).ok);
  assert.ok((await sendOn(config, messageOf({ title: hostile.title, message: hostile.body }))).ok);
  const sent = discord.calls.at(-1)?.json;
  assert.deepEqual(field(sent, 'allowed_mentions'), { parse: [] });
  assert.match(text(sent, 'embeds', 0, 'description'), /\\\*\\\*bold\\\*\\\*/);
});

test('Discord’s own wait is heeded', async () => {
  busy = true;
  const told = await sendOn(config, messageOf());
  assert.deepEqual(told.ok ? null : [told.again, told.waitMs], [true, 1500]);
});
