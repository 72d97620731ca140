import assert from 'node:assert/strict';
import test from 'node:test';
import * as fc from 'fast-check';
import { findLiterals } from './find-literals.ts';
import { buildLiteralAutomaton, type AutomatonLiteral } from './literal-automaton.ts';
import { createMatcher } from './matcher.ts';
import type { LogPattern } from './pattern.ts';

const letters = ['a', 'b', 'B', 'é', ' '];
const word = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 5 });
/** Lines of which some are longer than a quarter of the whole. */
const text = fc
  .array(fc.tuple(fc.string({ unit: fc.constantFrom(...letters), maxLength: 40 }), fc.integer({ max: 90 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((lines) => lines.map(([line, times]) => line.repeat(Math.max(1, times))).join('\n'));

const fold = (value: string) => value.replace(/[A-Z]/g, (one) => one.toLowerCase());

/** Where a literal ends, found the slow way. */
function endsOf({ bytes, ignoreCase }: AutomatonLiteral, lines: Buffer): number[] {
  const folded = (value: Uint8Array) =>
    ignoreCase ? Buffer.from(fold(Buffer.from(value).toString('latin1')), 'latin1') : Buffer.from(value);
  const wanted = folded(bytes);
  const all = folded(lines);
  const ends: number[] = [];
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1))
    ends.push(at + wanted.length - 1);
  return ends;
}

test('finds each end of each literal, in order, in texts of any length and lines of any length', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      text,
      fc.integer({ min: 1, max: 12 }),
      (words, ignoreCase, some, times) => {
        const literals = words.map((one) => ({ bytes: Buffer.from(one), ignoreCase }));
        const automaton = buildLiteralAutomaton(literals);
        const lines = Buffer.from(`${some}\n`.repeat(times));
        const ends = findLiterals(automaton, lines);
        const places = ends.filter((_, at) => at % 2 === 0);
        assert.deepEqual(
          places,
          places.toSorted((a, b) => a - b),
        );
        const found = literals.map((): number[] => []);
        for (const [at, place] of places.entries())
          for (const literal of automaton.endsIn(ends[at * 2 + 1] ?? 0)) found[literal]?.push(place);
        for (const [index, literal] of literals.entries())
          assert.deepEqual(found[index], endsOf(literal, lines), words[index]);
      },
    ),
    { numRuns: 150 },
  );
});

const regex = (pattern: string): LogPattern => ({ id: pattern, kind: 'regex', pattern });

test('a block gives what its lines give one by one, in their order, however it is cut between lines', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 5 }),
      fc.constantFrom([], [regex('(?i)a+b')], [regex('b.b'), regex('^.{3}$')]),
      text,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom('\n', '\r\n'),
      (words, more, some, cuts, end) => {
        const patterns = [
          ...words.map((pattern): LogPattern => ({ id: `literal ${pattern}`, kind: 'literal', pattern })),
          ...more,
        ];
        const lines = some.split('\n').map((line) => `${line}${end}`);
        const each = createMatcher(patterns);
        const wanted = lines.map((line) =>
          each
            .match(line.slice(0, -end.length))
            .map(({ id }) => id)
            .sort(),
        );
        const whole = createMatcher(patterns);
        const found: string[][] = lines.map(() => []);
        let first = 0;
        for (let turn = 0; first < lines.length; turn += 1) {
          const block = lines.slice(first, first + (cuts[turn % cuts.length] ?? 1));
          const starts = new Map<number, number>();
          let at = 0;
          for (const [index, line] of block.entries()) {
            starts.set(at, first + index);
            at += Buffer.byteLength(line);
          }
          let last = -1;
          whole.scan(Buffer.from(block.join('')), ({ pattern, start }) => {
            assert.ok(start >= last, 'lines come in their order');
            last = start;
            found[starts.get(start) ?? -1]?.push(pattern.id);
          });
          first += block.length;
        }
        assert.deepEqual(
          found.map((ids) => ids.sort()),
          wanted,
        );
      },
    ),
    { numRuns: 150 },
  );
});
