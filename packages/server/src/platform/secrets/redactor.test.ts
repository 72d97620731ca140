import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedactor, isSecretName } from './index.ts';

test('a value that was taken back is told again, and one beside it is not', () => {
  const redactor = createRedactor();
  redactor.register('token-of-an-hour');
  redactor.register('token-of-a-year');
  redactor.forget('token-of-an-hour');
  assert.equal(redactor.text('token-of-an-hour, token-of-a-year'), 'token-of-an-hour, [redacted]');
  assert.ok(redactor.values().every((form) => !form.includes('hour')));
});

test('a registered value disappears in every form it usually takes', () => {
  const redactor = createRedactor();
  const value = 'p"ss w/rd?';
  redactor.register(value);
  const forms = [
    value,
    JSON.stringify(value),
    encodeURIComponent(value),
    Buffer.from(value).toString('base64'),
  ];
  for (const form of forms) assert.ok(!redactor.text(`x ${form} y`).includes(form.slice(2, -2)), form);
});

test('a secret that contains another one leaves no rest', () => {
  const redactor = createRedactor();
  redactor.register('secret');
  redactor.register('secret-extended');
  assert.equal(redactor.text('a secret-extended b'), 'a [redacted] b');
});

test('token shapes disappear without being registered, ordinary words stay', () => {
  const { text } = createRedactor();
  assert.equal(text('vgl_abc123_0123456789abcdef'), '[redacted]');
  assert.equal(text('key sk-proj-abcdefgh.'), 'key [redacted].');
  assert.equal(text('authorization: Bearer abcdefghijk'), 'authorization: Bearer [redacted]');
  assert.equal(
    text('the task-runner asks a disk-check of the risk-team'),
    'the task-runner asks a disk-check of the risk-team',
  );
});

test('secret fields are known by name, counts are not', () => {
  for (const name of [
    'authorization',
    'Cookie',
    'set-cookie',
    'api_key',
    'x-api-key',
    'token',
    'access_token',
    'clientSecret',
    'password',
  ]) {
    assert.ok(isSecretName(name), name);
  }
  for (const name of ['input_tokens', 'tokens', 'token_count', 'keep_days', 'key', 'model'])
    assert.ok(!isSecretName(name), name);
});

test('data is cleaned at any depth, also errors and things that present themselves', () => {
  const redactor = createRedactor();
  redactor.register('marked-value');
  const clean = redactor.data({
    list: [{ headers: { authorization: 'abc' } }],
    err: new Error('boom marked-value'),
    url: new URL('http://h/?q=marked-value'),
    when: new Date(0),
    input_tokens: 3,
  });
  const text = JSON.stringify(clean);
  assert.ok(!text.includes('marked-value') && !text.includes('abc'), text);
  assert.ok(text.includes('1970-01-01') && text.includes('"input_tokens":3'));
});

test('what others said loses known values and tokens of any vendor, and is left as it was where it has none', () => {
  const redactor = createRedactor();
  redactor.register('p"ss w/rd?');
  const same = '{ "text": "the task-runner, npm_lifecycle",  "n": 1.0 }';
  assert.equal(redactor.json(same), same);
  const github = `ghp_${'a1'.repeat(18)}`;
  const given = {
    text: `first line\nsk-proj-abcdefgh, ${github}`,
    list: [{ deep: 'it is p"ss w/rd?' }],
    [github]: true,
    count: 3,
  };
  assert.deepEqual(JSON.parse(redactor.json(JSON.stringify(given))), {
    text: 'first line\n[redacted], [redacted]',
    list: [{ deep: 'it is [redacted]' }],
    '[redacted]': true,
    count: 3,
  });
});

test('a value is found wherever it stands, among many others', () => {
  const redactor = createRedactor();
  const values = Array.from({ length: 300 }, (_, n) => `value-${n}-${'x'.repeat(n % 7)}end`);
  for (const value of values) redactor.register(value);
  for (const value of values) {
    assert.equal(redactor.text(value), '[redacted]');
    assert.equal(redactor.text(`a ${value}`), 'a [redacted]');
  }
  assert.equal(redactor.text('value-'), 'value-');
});
