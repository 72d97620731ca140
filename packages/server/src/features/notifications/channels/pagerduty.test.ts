import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostile, messageOf, sendOn, standIn, text } from '../testing/try-channel.ts';

const open = new Map<string, string>();
/** Events API v2: one incident per dedup_key; a trigger needs summary, source and one of four severities. */
const pagerduty = await standIn(({ path, json }) => {
  const bad = (...errors: string[]) => ({
    status: 400,
    json: { status: 'invalid event', message: 'Event object is invalid', errors },
  });
  if (path !== '/v2/enqueue') return { status: 404, text: '' };
  const key = text(json, 'dedup_key');
  const action = text(json, 'event_action');
  if (text(json, 'routing_key').length !== 32) return bad('Invalid routing key');
  if (!['trigger', 'acknowledge', 'resolve'].includes(action)) return bad("'event_action' is invalid");
  if (action !== 'trigger' && key === '') return bad("'dedup_key' is missing or blank");
  if (key.length > 255) return bad("'dedup_key' is too long");
  if (action === 'trigger') {
    if (text(json, 'payload', 'summary') === '' || text(json, 'payload', 'summary').length > 1024)
      return bad("'payload.summary'");
    if (text(json, 'payload', 'source') === '') return bad("'payload.source' is missing or blank");
    if (!['critical', 'error', 'warning', 'info'].includes(text(json, 'payload', 'severity')))
      return bad("'payload.severity'");
  }
  open.set(key, action);
  return { status: 202, json: { status: 'success', message: 'Event processed', dedup_key: key } };
});
const config = { type: 'pagerduty', routing_key: 'k'.repeat(32), server: pagerduty.url };

test('PagerDuty follows one incident from trigger to resolve', async () => {
  for (const phase of ['opened', 'needs_person', 'acknowledged', 'resolved'] as const) {
    const sent = await sendOn(config, messageOf({ phase, title: hostile.title, message: hostile.body }));
    assert.ok(sent.ok, JSON.stringify(sent));
  }
  assert.deepEqual(
    pagerduty.calls.map(({ json }) => json['event_action']),
    ['trigger', 'trigger', 'acknowledge', 'resolve'],
  );
  assert.deepEqual([...open], [['vigiles/inc_1', 'resolve']]);
});

test('a wrong key is refused for good', async () => {
  const refused = await sendOn({ ...config, routing_key: 'short' }, messageOf());
  assert.equal(refused.ok ? null : refused.again, false);
});
