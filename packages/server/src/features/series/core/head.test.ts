import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Head } from './head.ts';

const hour = 1_790_000_000_000 - (1_790_000_000_000 % 3_600_000);

type Sample = [ts: number, value: number, state: number];

function kept(given: readonly Sample[]): Sample[] {
  const head = new Head(hour);
  for (const [ts, value, state] of given) head.push(ts, value, state);
  const found: Sample[] = [];
  head.each((...sample) => found.push(sample));
  assert.equal(head.length, given.length);
  const { ts, values, states } = head.samples();
  assert.deepEqual(
    ts.map((time, at) => [time, values[at], states[at]]),
    found,
  );
  return found;
}

/** Looks every five seconds, of which some find nothing. */
const looks = (count: number): Sample[] =>
  Array.from({ length: count }, (_, n) => [
    hour + n * 5000 + (n % 7),
    n % 11 === 0 ? Number.NaN : Math.round(n * 37.1) / 100,
    n % 3,
  ]);

it('a head gives back an hour of looks exactly as they came', () => {
  assert.deepEqual(kept([]), []);
  assert.deepEqual(kept(looks(720)), looks(720));
});

it('a head gives back exactly what does not fit into few bytes, wherever it comes', () => {
  const odd: Sample[] = [
    [hour + 3_599_999, 1, 1],
    [hour + 10, 2, 1],
    [hour + 10.5, 2, 1],
    [hour + 20, 655.34, 1],
    [hour + 30, 655.35, 1],
    [hour + 40, 1e300, 1],
    [hour + 50, -0.01, 1],
    [hour + 60, -0, 1],
    [hour + 70, 0.1 + 0.2, 1],
    [hour + 80, Number.POSITIVE_INFINITY, 1],
  ];
  for (const [at, sample] of odd.entries()) {
    // Milliseconds are whole where they are kept.
    const given: Sample[] = [...looks(40), sample, ...looks(40), [hour, Number.NaN, 0]];
    const wanted = given.map(([ts, value, state]): Sample => [Math.floor(ts), value, state]);
    assert.deepEqual(kept(given), wanted, String(at));
  }
  assert.deepEqual(kept(odd.slice(3)), odd.slice(3));
});

it('a head that begins in the middle of its hour takes no more room than one that begins with it', () => {
  const roomOf = (from: number) => {
    const head = new Head(hour);
    for (const [ts, value, state] of looks(100)) head.push(ts + from, value, state);
    return head.bytes;
  };
  assert.equal(roomOf(40 * 60_000), roomOf(0));
});
