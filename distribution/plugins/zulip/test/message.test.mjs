import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escaped, formOf } from '../lib/message.mjs';

const message = {
  title: 'api is down',
  body: 'no answer',
  severity: 'critical',
  phase: 'opened',
  service: 'api',
  link: null,
};
const form = (more = {}, options = { stream: 'ops' }) =>
  new URLSearchParams(formOf({ ...message, ...more }, options));

test('a message goes to the stream, under the service’s name', () => {
  assert.deepEqual(Object.fromEntries(form()), {
    type: 'stream',
    to: 'ops',
    topic: 'api',
    content: ':red_circle: **api is down**\n\nno answer',
  });
  assert.equal(form({ service: null }).get('topic'), 'Vigiles');
  assert.equal(form({}, { stream: 'ops', topic: 'all' }).get('topic'), 'all');
  assert.match(form({ phase: 'resolved' }).get('content'), /^:check:/);
});

test('what a log line says neither mentions anybody nor formats anything', () => {
  assert.equal(escaped('@**all** `x`'), String.raw`@` + '\u200b' + String.raw`\*\*all\*\* \`x\``);
});

test('neither the topic nor the text grows past what the server takes', () => {
  const long = form({ service: 's'.repeat(200), body: 'ü'.repeat(20_000) });
  assert.equal(long.get('topic').length, 60);
  assert.ok(Buffer.byteLength(long.get('content')) <= 10_000);
});
