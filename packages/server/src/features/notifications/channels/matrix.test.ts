import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostile, messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

const seen = new Map<string, string>();
let busy = false;
/** A homeserver: rooms by id, aliases by lookup, the same transaction id is the same event. */
const matrix = await standIn(({ method, path, headers, json, body }) => {
  const error = (status: number, errcode: string, more: object = {}) => ({
    status,
    json: { errcode, error: errcode, ...more },
  });
  if (headers.authorization !== 'Bearer syt_1') return error(401, 'M_UNKNOWN_TOKEN');
  if (busy) return error(429, 'M_LIMIT_EXCEEDED', { retry_after_ms: 2500 });
  if (path === `/_matrix/client/v3/directory/room/${encodeURIComponent('#ops:home')}`) {
    return { status: 200, json: { room_id: '!abc:home', servers: ['home'] } };
  }
  if (path.startsWith('/_matrix/client/v3/directory/')) return error(404, 'M_NOT_FOUND');
  const found = /^\/_matrix\/client\/v3\/rooms\/([^/]+)\/send\/m\.room\.message\/([^/]+)$/.exec(path);
  if (method !== 'PUT' || !found) return error(404, 'M_UNRECOGNIZED');
  if (decodeURIComponent(found[1] ?? '') !== '!abc:home') return error(403, 'M_FORBIDDEN');
  if (text(json, 'msgtype') === '' || text(json, 'body') === '') return error(400, 'M_BAD_JSON');
  if (Buffer.byteLength(body) > 65_000) return error(413, 'M_TOO_LARGE');
  const id = found[2] ?? '';
  if (!seen.has(id)) seen.set(id, `$${seen.size}`);
  return { status: 200, json: { event_id: seen.get(id) } };
});
const config = { type: 'matrix', homeserver: matrix.url, room_id: '!abc:home', access_token: 'syt_1' };

test('Matrix takes it, twice as one event, and what it shows is escaped', async () => {
  const message = messageOf({ title: hostile.title, message: hostile.body });
  const first = await sendOn(config, message);
  assert.ok(first.ok, JSON.stringify(first));
  assert.deepEqual(await sendOn(config, message), first);
  assert.equal(seen.size, 1);
  assert.doesNotMatch(text(matrix.calls.at(-1)?.json, 'formatted_body'), /<script|<b>/);
});

test('a room is found by its alias', async () => {
  assert.ok((await sendOn({ ...config, room_id: '#ops:home' }, messageOf())).ok);
  const unknown = await sendOn({ ...config, room_id: '#no:home' }, messageOf());
  assert.deepEqual(unknown.ok ? null : [unknown.again, unknown.reason], [
    false,
    'the room #no:home was not found',
  ]);
});

test('a homeserver’s own wait is heeded', async () => {
  busy = true;
  const told = await sendOn(config, messageOf());
  assert.deepEqual(told.ok ? null : [told.again, told.waitMs], [true, 2500]);
});
