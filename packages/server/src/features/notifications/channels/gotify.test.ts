import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

const gotify = await standIn(({ path, headers, json }) => {
  const error = (status: number, errorDescription: string) => ({
    status,
    json: { error: 'Error', errorCode: status, errorDescription },
  });
  if (path !== '/sub/message') return error(404, 'page not found');
  if (headers['x-gotify-key'] !== 'A1') return error(401, 'you need to provide a valid access token');
  if (text(json, 'message') === '') return error(400, "Field 'message' is required");
  return { status: 200, json: { id: 1 } };
});
const config = { type: 'gotify', server: `${gotify.url}/sub/`, token: 'A1' };

test('Gotify takes it below a path, without a body, too, and shows it as plain text', async () => {
  assert.ok((await sendOn(config, messageOf())).ok);
  assert.ok((await sendOn(config, messageOf({ message: '' }))).ok);
  assert.equal(text(gotify.calls.at(-1)?.json, 'extras', 'client::display', 'contentType'), 'text/plain');
});

test('a wrong token is refused for good', async () => {
  const refused = await sendOn({ ...config, token: 'B' }, messageOf());
  assert.deepEqual(refused.ok ? null : refused.again, false);
});
