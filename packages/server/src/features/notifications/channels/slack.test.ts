import assert from 'node:assert/strict';
import { test } from 'node:test';
import { field, hostile, messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

/** Slack’s own answers: plain text, and 400 for blocks that break a limit. */
const slack = await standIn(({ path, json }) => {
  if (path !== '/services/T/B/key') return { status: 404, text: 'no_service' };
  const blocks = json['blocks'] as unknown[];
  const wrong =
    typeof json['text'] !== 'string' ||
    blocks.length > 50 ||
    blocks.some(
      (block) =>
        (text(block, 'type') === 'header' && text(block, 'text', 'text').length > 150) ||
        (text(block, 'type') === 'section' && !/^[^]{1,3000}$/.test(text(block, 'text', 'text'))),
    );
  return wrong ? { status: 400, text: 'invalid_blocks' } : { status: 200, text: 'ok' };
});
const config = { type: 'slack', webhook_url: `${slack.url}/services/T/B/key` };

test('Slack takes it, and no text in it is markup or a mention', async () => {
  assert.deepEqual(await sendOn(config, messageOf()), { ok: true, answer: 'HTTP 200: ok' });
  const long = await sendOn(config, messageOf({ title: hostile.title, message: hostile.body }));
  assert.ok(long.ok, JSON.stringify(long));
  const sent = slack.calls.at(-1)?.json;
  assert.doesNotMatch(text(sent, 'text'), /<!channel>|<b>/);
  const types = (field(sent, 'blocks') as unknown[])
    .map((block) => text(block, 'text', 'type'))
    .filter(Boolean);
  assert.deepEqual(new Set(types), new Set(['plain_text']));
});

test('a webhook that was revoked is not tried again, a busy one is when it says', async () => {
  const gone = await sendOn({ ...config, webhook_url: `${slack.url}/services/T/B/other` }, messageOf());
  assert.deepEqual(gone.ok ? null : [gone.again, gone.answer], [false, 'HTTP 404: no_service']);
  const busy = await standIn(() => ({ status: 429, headers: { 'retry-after': '30' } }));
  const told = await sendOn({ ...config, webhook_url: `${busy.url}/x` }, messageOf());
  assert.deepEqual(told.ok ? null : [told.again, told.waitMs], [true, 30_000]);
});
