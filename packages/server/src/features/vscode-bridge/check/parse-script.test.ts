// Alone: its nonsense breaks Node's TypeScript parser for the rest of the process.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScriptLanguage } from '@vigiles/contract';
import { parseScript } from './parse-script.ts';

/** Null where nothing is wrong, else the first line that is. */
const wrongLine = (code: string, language: ScriptLanguage) => {
  const { valid, errors } = parseScript(code, language);
  assert.equal(valid, errors.length === 0);
  return errors[0]?.line ?? null;
};

test('each language is read by its own parser, and the line of what is wrong is told', () => {
  assert.equal(wrongLine('enum A { B }\nexport const a: A = A.B;\nawait a;', 'typescript'), null);
  assert.equal(wrongLine('const a: number = 1;\nlet y = {;', 'typescript'), 2);
  assert.equal(wrongLine('with (a) { b }', 'javascript'), null);
  assert.equal(wrongLine("import a from 'a';\nexport { a };", 'javascript'), null);
  assert.equal(wrongLine('const a = 1;\nlet y = {;', 'javascript'), 2);
  assert.equal(wrongLine("import a from 'a';\nlet y = {;", 'javascript'), 2);
  assert.equal(wrongLine('{ "a": [1, 2] }', 'json'), null);
  assert.equal(wrongLine('{\n  "a": 1,\n}', 'json'), 3);
  assert.equal(wrongLine('a: 1\nb: [1, 2]', 'yaml'), null);
  assert.equal(wrongLine('a: 1\nb: x\n c: [', 'yaml') !== null, true);
});

test('nonsense that a parser breaks on is not valid, and does no harm', () => {
  assert.equal(parseScript('{'.repeat(60_000), 'typescript').valid, false);
  assert.equal(parseScript('['.repeat(60_000), 'json').valid, false);
});
