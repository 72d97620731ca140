import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import { createMatcher, fits } from './matcher.ts';
import type { LogPattern } from './pattern.ts';

const literal = (pattern: string, more: Partial<LogPattern> = {}): LogPattern => ({
  id: pattern,
  kind: 'literal',
  pattern,
  ...more,
});
const regex = (pattern: string, more: Partial<LogPattern> = {}): LogPattern => ({
  id: pattern,
  kind: 'regex',
  pattern,
  ...more,
});
const ids = (patterns: readonly LogPattern[], line: string, options = {}): string[] =>
  createMatcher(patterns, options)
    .match(line)
    .map(({ id }) => id)
    .sort();

test('a literal in brackets is no character class', () => {
  const stuck = [literal('[STUCK-RECOVERY]')];
  assert.deepEqual(ids(stuck, 'the model said [STUCK-RECOVERY] again'), ['[STUCK-RECOVERY]']);
  // Each of these holds one of the letters S, T, U, C, K, … and was a C3 to the seed.
  for (const line of ['INFO: request OK', 'Connection refused', 'HTTP 429', 'STUCK-RECOVERY'])
    assert.deepEqual(ids(stuck, line), [], line);
});

test('every pattern that a line holds is found, none shadows another', () => {
  const all = [
    literal('HTTP 429'),
    literal('HTTP 42'),
    regex('HTTP 4\\d\\d'),
    literal('429 Too'),
    literal('P 4'),
  ];
  assert.deepEqual(
    ids(all, 'upstream said HTTP 429 Too Many Requests'),
    ['HTTP 429', 'HTTP 42', 'HTTP 4\\d\\d', '429 Too', 'P 4'].sort(),
  );
});

test('a pattern is found once in a line and again in the next', () => {
  const seen: number[] = [];
  createMatcher([literal('err')]).scan(Buffer.from('err err\nfine\nerr\r\nerr'), ({ start }) =>
    seen.push(start),
  );
  assert.deepEqual(seen, [0, 13, 18]);
});

test('finds what String.includes finds, whatever the literals and the text', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'B', 'é', ' '), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      fc.uniqueArray(letters, { minLength: 1, maxLength: 8 }),
      fc.array(
        letters.map((text) => text.repeat(3)),
        { maxLength: 12 },
      ),
      fc.boolean(),
      (words, lines, ignoreCase) => {
        const matcher = createMatcher(words.map((word) => literal(word, { ignoreCase })));
        const found = new Set<string>();
        const number = new Map<number, number>();
        let at = 0;
        for (const [index, line] of lines.entries()) {
          number.set(at, index);
          at += Buffer.byteLength(line) + 1;
        }
        matcher.scan(Buffer.from(lines.map((line) => `${line}\n`).join('')), ({ pattern, start }) =>
          found.add(`${number.get(start)} ${pattern.id}`),
        );
        const fold = (text: string) =>
          ignoreCase ? text.replace(/[A-Z]/g, (one) => one.toLowerCase()) : text;
        const wanted = lines.flatMap((line, index) =>
          words.filter((word) => fold(line).includes(fold(word))).map((word) => `${index} ${word}`),
        );
        assert.deepEqual([...found].sort(), wanted.sort());
      },
    ),
    { numRuns: 200 },
  );
});

test('case counts unless it is said not to, beside each other', () => {
  const both = [literal('Timeout'), literal('timeout', { id: 'any', ignoreCase: true })];
  assert.deepEqual(ids(both, 'Timeout'), ['Timeout', 'any']);
  assert.deepEqual(ids(both, 'TIMEOUT'), ['any']);
});

test('a regex is tried only on lines with a literal of it', () => {
  const matcher = createMatcher([regex('(?:ECONNREFUSED|ENOTFOUND) .*:\\d+'), regex('(?i)oom.?kill')]);
  matcher.scan(Buffer.from('nothing here\n'.repeat(1000)), () => assert.fail('found'));
  assert.equal(matcher.work().regexCharacters, 0);
  assert.deepEqual(matcher.unfiltered, []);
  assert.equal(matcher.match('connect ECONNREFUSED 127.0.0.1:8080').length, 1);
  assert.equal(matcher.match('Memory: OOM-Kill of process 12').length, 1);
  assert.equal(matcher.match('ECONNREFUSED without a port').length, 0);
});

test('a regex without any literal says so and is tried on each line', () => {
  const matcher = createMatcher([regex('\\b\\d{4}\\b', { id: 'pin' }), literal('x9')]);
  assert.deepEqual(matcher.unfiltered, ['pin']);
  const seen: string[] = [];
  matcher.scan(Buffer.from('a\n1234 x9\nx9\n'), ({ pattern, start }) => seen.push(`${start} ${pattern.id}`));
  assert.deepEqual(seen, ['2 x9', '2 pin', '10 x9']);
});

test('levels are those of JSON lines, of words, and of journald; no level is none of them', () => {
  const only = [literal('disk', { levels: ['error', 'fatal'] })];
  assert.equal(ids(only, '{"level":50,"msg":"disk is full"}').length, 1);
  assert.equal(ids(only, '{"level":"info","msg":"disk is fine"}').length, 0);
  assert.equal(ids(only, '2026-01-01T00:00:00Z [ERROR] disk is full').length, 1);
  assert.equal(ids(only, '{"PRIORITY":"3","MESSAGE":"disk is full"}').length, 1);
  assert.equal(ids(only, 'disk is full').length, 0);
});

test('a field is looked at alone, also where JSON writes it with escapes', () => {
  const field = [literal('say "no" <b>', { field: 'err.message' })];
  const line = JSON.stringify({ msg: 'failed', err: { message: 'they say "no" <b>' } });
  assert.equal(ids(field, line).length, 1);
  assert.equal(ids(field, line.replaceAll('<', '\\u003c')).length, 1);
  assert.equal(ids(field, JSON.stringify({ msg: 'say "no" <b>' })).length, 0);
  assert.equal(ids(field, 'say "no" <b>').length, 0);
  assert.equal(ids(field, '{"err":{"message":"say \\"no\\" <b>"', { format: 'text' }).length, 0);
});

test('a message is found through the escapes of its JSON, and raw text as it stands', () => {
  const quoted = [literal('content_type": "array"')];
  assert.equal(ids(quoted, '{"msg":"bad content_type\\": \\"array\\" in cache"}').length, 1);
  assert.equal(ids(quoted, '{"content_type": "array", "msg":"x"}').length, 1);
  assert.equal(ids([literal('größer')], '{"msg":"gr\\u00f6\\u00dfer"}').length, 1);
});

test('patterns for other sources are left out', () => {
  const scoped = [literal('up', { sources: ['service:*', 'file:/var/log/*.log'] })];
  assert.equal(ids(scoped, 'up', { source: 'service:api' }).length, 1);
  assert.equal(ids(scoped, 'up', { source: ['x', 'file:/var/log/api.log'] }).length, 1);
  assert.equal(ids(scoped, 'up', { source: 'agent:7' }).length, 0);
});

test('a star stands for any text, and nothing else does', () => {
  for (const [name, wild, expected] of [
    ['service:api', 'service:*', true],
    ['service:api', 'service:a?i', false],
    ['ab', 'a*b*b', false],
    ['abab', 'a*b*b', true],
    ['a', 'a*a', false],
    ['x.y', '*', true],
    ['xzy', 'x.y', false],
  ] as const)
    assert.equal(fits(name, wild), expected, `${name} ${wild}`);
});

test('invalid UTF-8, empty lines and a block without an end are nothing special', () => {
  const seen: string[] = [];
  const matcher = createMatcher([literal('bad'), regex('b.d')]);
  matcher.scan(
    Buffer.concat([Buffer.from('\n\nbad '), Buffer.from([0xff, 0xfe, 10, 13, 10]), Buffer.from('bad')]),
    (m) => seen.push(`${m.start} ${m.pattern.id} ${m.line.text()}`),
  );
  assert.deepEqual(seen.sort(), ['11 b.d bad', '11 bad bad', '2 b.d bad ��', '2 bad bad ��']);
});

test('what cannot be used is refused by name', () => {
  for (const bad of [
    literal(''),
    literal('two\nlines'),
    regex('(unclosed'),
    regex('x*'),
    regex('(?=look)ahead'),
    regex('(((a{30}){30}){30})'),
    regex('((a{99}){9}b){9}'),
  ])
    assert.throws(() => createMatcher([bad]), { name: 'FaultError' }, bad.pattern);
});

test('work grows with the input alone, whatever the input', () => {
  const patterns = [
    regex('(a+)+$'),
    regex('(x|xx)+y'),
    regex('a.*b.*c.*d'),
    literal('aaaaaaaaab'),
    literal('aAaA', { ignoreCase: true }),
  ];
  const workOf = (line: string) => {
    const matcher = createMatcher(patterns);
    matcher.scan(Buffer.from(line), () => undefined);
    const { bytes, regexCharacters } = matcher.work();
    return bytes + regexCharacters;
  };
  for (const make of [
    (size: number) => `${'a'.repeat(size)}!`,
    (size: number) => 'x'.repeat(size),
    (size: number) => 'abc'.repeat(size / 3),
    (size: number) => `${'a'.repeat(63)}\n`.repeat(size / 64),
  ]) {
    const [small, large] = [workOf(make(30_000)), workOf(make(300_000))];
    assert.ok(large <= small * 10.1, `${large} is more than ten times ${small}`);
    assert.ok(large <= 300_000 * (patterns.length + 2), `${large} for 300,000 bytes`);
  }
});

test('a line of 1 MB on which a backtracking engine would hang is passed over', { timeout: 20_000 }, () => {
  const matcher = createMatcher([regex('(a+)+$'), regex('(a|aa)+b'), regex('a.*a.*a.*a.*a!')]);
  const line = Buffer.from(`${'a'.repeat(1_000_000)}?\n`);
  matcher.scan(line, () => assert.fail('found'));
});
