import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostile, messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

const alerts = new Map<string, string>();
/** The Alert API: 202 and done later; an alert is known by its alias. */
const opsgenie = await standIn(({ path, headers, json }) => {
  const bad = (status: number, message: string) => ({ status, json: { message, took: 0, requestId: 'r' } });
  if (headers.authorization !== 'GenieKey key-1') return bad(401, 'Could not authenticate');
  const good = { status: 202, json: { result: 'Request will be processed', took: 0.1, requestId: 'r' } };
  if (path === '/v2/alerts') {
    if (text(json, 'message') === '' || text(json, 'message').length > 130) return bad(422, 'message');
    if (text(json, 'alias').length > 512 || text(json, 'description').length > 15_000)
      return bad(422, 'length');
    if (!/^P[1-5]$/.test(text(json, 'priority'))) return bad(422, 'priority');
    alerts.set(text(json, 'alias'), 'open');
    return good;
  }
  const found = /^\/v2\/alerts\/([^/]+)\/(acknowledge|close)\?identifierType=alias$/.exec(path);
  if (!found) return bad(404, 'not found');
  alerts.set(decodeURIComponent(found[1] ?? ''), found[2] ?? '');
  return good;
});
const config = { type: 'opsgenie', api_key: 'key-1', server: opsgenie.url };

test('Opsgenie follows one alert from open to close', async () => {
  for (const phase of ['opened', 'acknowledged', 'resolved'] as const) {
    assert.ok((await sendOn(config, messageOf({ phase, title: hostile.title, message: hostile.body }))).ok);
  }
  assert.deepEqual([...alerts], [['vigiles/inc_1', 'close']]);
});

test('a wrong key is refused for good', async () => {
  const refused = await sendOn({ ...config, api_key: 'other' }, messageOf());
  assert.equal(refused.ok ? null : refused.again, false);
});
