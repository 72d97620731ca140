import assert from 'node:assert/strict';
import { test } from 'node:test';
import { providerProtocols, type ProviderProtocolName } from '@vigiles/wire';
import { applyEdits } from './apply-edits.ts';
import type { Body } from './body.ts';
import { readComplaint } from './complaint.ts';
import { describeEdit } from './edit.ts';
import { planEdits } from './plan-edits.ts';
import { readReasons } from './read-reasons.ts';
import { refusals } from './testing/refusals.ts';

/** Reads a refusal as the attempt does, and edits the body. */
function adapt(protocol: ProviderProtocolName, status: number, answer: unknown, sent: Body) {
  const body = structuredClone(sent);
  const error = providerProtocols[protocol].decodeError(status, {}, answer);
  const reasons = readReasons(readComplaint(protocol, status, error, answer));
  const planned = planEdits(reasons, body, protocol);
  const applied =
    planned &&
    applyEdits(
      body,
      planned.map(({ edit }) => edit),
      'asked for',
    );
  return { reasons, planned, body, losses: applied?.losses ?? [], changed: applied?.changed ?? [] };
}

for (const {
  name,
  protocol = 'openai-chat',
  status = 400,
  answer,
  sent,
  told,
  becomes,
  loses = [],
} of refusals) {
  test(`${name}: ${told === null ? 'passed on' : told.join(', ')}`, () => {
    const found = adapt(protocol, status, answer, sent);
    if (told === null) {
      assert.equal(found.planned, null, JSON.stringify(found.reasons));
      assert.deepEqual(found.body, sent);
      return;
    }
    assert.deepEqual(found.changed.map(describeEdit), told, JSON.stringify(found.reasons));
    assert.deepEqual(found.body, becomes);
    assert.deepEqual(
      found.losses.map(({ what }) => what),
      loses,
    );
  });
}

test('words that no rule knows change nothing', () => {
  const sent = { model: 'm', messages: [{ role: 'user', content: 'hi' }], temperature: 1 };
  for (const message of [
    'Bad request',
    '',
    'Your card was declined',
    'temperature too hot',
    'x'.repeat(9000),
  ]) {
    assert.equal(adapt('openai-chat', 400, { error: { message } }, sent).planned, null, message);
  }
});

test('hostile words end quickly and change nothing that was not sent', () => {
  const sent = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
  const hostile = [
    "Unknown parameter: '__proto__'.",
    "Unknown parameter: 'constructor.prototype'.",
    `Unknown parameter: '${'a.'.repeat(3000)}'`,
    `${'x: '.repeat(2000)}Extra inputs are not permitted`,
    `'type': 'missing', 'loc': (${"'a', ".repeat(2000)}`,
    '['.repeat(5000),
  ];
  for (const message of hostile) {
    const found = adapt('openai-chat', 400, { error: { message } }, sent);
    assert.deepEqual(found.body, sent);
  }
});
