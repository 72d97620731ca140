import assert from 'node:assert/strict';
import { test } from 'node:test';
import { field, hostile, messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

/** A workflow answers 202 and takes one Adaptive Card of at most 28 KB. */
const teams = await standIn(({ body, json }) => {
  const card = field(json, 'attachments', 0);
  if (Buffer.byteLength(body) > 28 * 1024) return { status: 413, text: 'too large' };
  const right =
    json['type'] === 'message' &&
    text(card, 'contentType') === 'application/vnd.microsoft.card.adaptive' &&
    text(card, 'content', 'type') === 'AdaptiveCard' &&
    Array.isArray(field(card, 'content', 'body'));
  return right ? { status: 202 } : { status: 400, json: { error: { code: 'TriggerInputSchemaMismatch' } } };
});
const config = { type: 'teams', webhook_url: `${teams.url}/workflows/1?sig=secret` };

test('Teams takes it, and nothing in it is markup', async () => {
  assert.ok((await sendOn(config, messageOf())).ok);
  const long = await sendOn(config, messageOf({ title: hostile.title, message: hostile.body }));
  assert.ok(long.ok, JSON.stringify(long));
  assert.match(
    text(teams.calls.at(-1)?.json, 'attachments', 0, 'content', 'body', 1, 'text'),
    /\\\[link\\\]/,
  );
});
