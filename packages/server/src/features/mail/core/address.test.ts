import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMailbox } from './address.ts';

const read = (text: string): string => {
  const found = readMailbox(text);
  return typeof found === 'string' ? 'refused' : `${found.name}|${found.address}`;
};

test('an address is read alone or with a plain name, its domain in lower-case ASCII', () => {
  assert.equal(read('a.b+c@Example.COM'), '|a.b+c@example.com');
  assert.equal(read('Ada Lovelace <ada@example.com>'), 'Ada Lovelace|ada@example.com');
  assert.equal(read('"Lovelace, Ada" <ada@example.com>'), 'Lovelace, Ada|ada@example.com');
  assert.equal(read('x@bücher.example'), '|x@xn--bcher-kva.example');
  assert.equal(read(`${'a'.repeat(64)}@example.com`), `|${'a'.repeat(64)}@example.com`);
  assert.equal(read('me@localhost'), '|me@localhost');
});

test('nodemailer#1766, GHSA-mm7p-fcc7-pg87: no spelling of an address leads to another mailbox', () => {
  for (const text of [
    '"a@evil.example b"@ok.example',
    '"a\\"@evil.example"@ok.example',
    'a@ok.example\r\nBcc: x@evil.example',
    'a@ok.example\nRCPT TO:<x@evil.example>',
    'a@ok.example\u2028x@evil.example',
    'a(b)@ok.example',
    'a@ok.example(x@evil.example)',
    'a@(x)evil.example',
    'x@evil.example (Ada) <a@ok.example>',
    'Ada (x@evil.example) <a@ok.example>',
    'group: a@ok.example, x@evil.example;',
    'group:a@ok.example;',
    'a@ok.example, x@evil.example',
    'a@ok.example; x@evil.example',
    'a@ok.example x@evil.example',
    '<@evil.example:a@ok.example>',
    '<a@ok.example> x@evil.example',
    'a@ok.example <x@evil.example>',
    '"a@ok.example" <x@evil.example>',
    '<a@ok.example><x@evil.example>',
    'a@b@ok.example',
    'a@evil.example%00@ok.example',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@ok.example/x',
    'a@ok.example?x',
    'a@-ok.example',
    'a@ok..example',
    '.a@ok.example',
    'a..b@ok.example',
    'a@intranet',
    '@ok.example',
    'a@',
    '',
    ' ',
    `${'a'.repeat(65)}@ok.example`,
    `a@${'b'.repeat(64)}.example`,
    `a@${'b.'.repeat(130)}example`,
    'a\u202e@ok.example',
    'Ada\u0000 <a@ok.example>',
  ])
    assert.equal(read(text), 'refused', JSON.stringify(text));
});

test('what is refused is told without what it would do to a terminal or a header', () => {
  const said = readMailbox('a@ok.example\r\nBcc: \u001b[31mx@evil.example');
  assert.ok(typeof said === 'string');
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  assert.doesNotMatch(said, /[\u0000-\u001f]/);
});
