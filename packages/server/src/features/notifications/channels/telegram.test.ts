import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostile, messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

const decoded = (html: string) => html.replace(/<\/?b>/g, '').replace(/&(lt|gt|amp);/g, '?');

/** The Bot API: `ok`, `description`, and `parameters.retry_after`; unknown tags and more than 4096 characters are refused. */
const telegram = await standIn(({ path, json }) => {
  if (path !== '/bot123:abc/sendMessage')
    return { status: 401, json: { ok: false, error_code: 401, description: 'Unauthorized' } };
  const bad = (description: string) => ({ status: 400, json: { ok: false, error_code: 400, description } });
  const html = text(json, 'text');
  if (json['chat_id'] === '-429') {
    const parameters = { retry_after: 17 };
    return {
      status: 429,
      json: { ok: false, error_code: 429, description: 'Too Many Requests: retry after 17', parameters },
    };
  }
  if (json['chat_id'] !== '-100') return bad('Bad Request: chat not found');
  if (html === '') return bad('Bad Request: message text is empty');
  if (/<(?!\/?b>)/.test(html) || /&(?!lt;|gt;|amp;)/.test(html))
    return bad("Bad Request: can't parse entities");
  if (decoded(html).length > 4096) return bad('Bad Request: message is too long');
  return { status: 200, json: { ok: true, result: { message_id: 1 } } };
});
const config = { type: 'telegram', token: '123:abc', chat_id: '-100', server: telegram.url };

test('Telegram takes it, markup and length included', async () => {
  assert.ok((await sendOn(config, messageOf())).ok);
  const long = await sendOn(config, messageOf({ title: hostile.title, message: hostile.body }));
  assert.ok(long.ok, JSON.stringify(long));
});

test('what Telegram refuses is said in its words, and its wait is heeded', async () => {
  const unknown = await sendOn({ ...config, chat_id: '-1' }, messageOf());
  assert.deepEqual(unknown.ok ? null : [unknown.again, unknown.reason], [
    false,
    'Telegram refused it: Bad Request: chat not found',
  ]);
  const busy = await sendOn({ ...config, chat_id: '-429' }, messageOf());
  assert.deepEqual(busy.ok ? null : [busy.again, busy.waitMs], [true, 17_000]);
  const stranger = await sendOn({ ...config, token: 'wrong' }, messageOf());
  assert.doesNotMatch(JSON.stringify(stranger), /bot|wrong/);
});
