import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearerOf, refusalOf } from './refusal.ts';

const codeOf = (headers: Record<string, string>) => refusalOf(headers, 4711)?.code ?? null;

test('a program on this machine is let in, by any of loopback’s names', () => {
  for (const host of ['127.0.0.1:4711', 'localhost:4711', 'LOCALHOST:4711', '[::1]:4711'])
    assert.equal(codeOf({ host }), null);
  assert.equal(codeOf({ host: '127.0.0.1:4711', 'sec-fetch-mode': 'cors' }), null);
});

test('whatever a browser cannot leave out is refused: any Origin, also an empty or opaque one, and Sec-Fetch-Site', () => {
  for (const origin of ['http://127.0.0.1:4711', 'https://evil.example', 'null', '', 'vscode-webview://x'])
    assert.equal(codeOf({ host: '127.0.0.1:4711', origin }), 'browser_refused');
  for (const site of ['same-origin', 'cross-site', 'none'])
    assert.equal(codeOf({ host: '127.0.0.1:4711', 'sec-fetch-site': site }), 'browser_refused');
});

test('a name that was rebound to this machine is not one of its names', () => {
  for (const host of [
    'evil.example:4711',
    '127.0.0.1:80',
    '127.0.0.1',
    'localhost.evil.example:4711',
    '',
    '0.0.0.0:4711',
  ])
    assert.equal(codeOf({ host }), 'host_refused');
  assert.equal(codeOf({}), 'host_refused');
});

test('only a bearer token is one', () => {
  assert.equal(bearerOf({ authorization: 'Bearer abc' }), 'abc');
  for (const authorization of ['abc', 'Basic abc', 'Bearer', 'Bearer a b', `Bearer ${'a'.repeat(513)}`])
    assert.equal(bearerOf({ authorization }), null);
});
