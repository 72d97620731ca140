import assert from 'node:assert/strict';
import test from 'node:test';
import { requiredLiterals } from './required-literals.ts';

const of = (regex: string) => requiredLiterals(regex)?.literals ?? null;

test('finds the literals that every match must hold', () => {
  for (const [regex, expected] of [
    ['HTTP (429|5\\d\\d)', ['HTTP ']],
    ['content_type.*array', ['content_type']],
    ['Reconnecting\\.\\.\\. \\d+/5', ['Reconnecting... ']],
    ['^\\s*(?:ECONNREFUSED|ECONNRESET)\\b', ['ECONNREFUSED', 'ECONNRESET']],
    ['(?P<code>E\\d+): failed', [': failed']],
    ['x(abc)+y', ['abc']],
    ['(abc)?def', ['def']],
    ['(abc){2,}', ['abc']],
    ['[[:alpha:]\\]x]+=', ['=']],
    ['a|bc', ['a', 'bc']],
    ['\\bword\\b', ['word']],
  ] as const)
    assert.deepEqual(of(regex), expected, regex);
});

test('says nothing where nothing is certain', () => {
  for (const regex of ['\\d+', '(abc)?', '(abc)*x?', 'abc|\\d', '.', '(abc){0,2}', '[abc]'])
    assert.equal(of(regex), null, regex);
});

test('what it does not understand is no guess', () => {
  for (const regex of ['\\Qa.b\\E', '(?=x)y', '\\x41', '(?#c)x', '*a']) assert.equal(of(regex), null, regex);
});

test('a switch for case holds for all of it', () => {
  assert.deepEqual(requiredLiterals('a(?i)error.*'), { literals: ['aerror'], ignoreCase: true });
});
