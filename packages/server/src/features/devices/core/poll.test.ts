import assert from 'node:assert/strict';
import { it } from 'node:test';
import { judgePoll, pollIntervalS, type PollPace } from './poll.ts';

/** Polls at these seconds; which of them were told to slow down, and the pace in the end. */
function run(times: readonly number[]) {
  let pace: PollPace = { intervalS: pollIntervalS, nextPollAt: 0 };
  const early = times.map((seconds) => {
    const judged = judgePoll(pace, seconds * 1000);
    pace = judged.pace;
    return judged.early;
  });
  return { early, pace };
}

it('a client that keeps to the interval is never told to slow down', () => {
  assert.deepEqual(run([0, 5, 10, 14.6, 20]).early, [false, false, false, false, false]);
});

it('a client that slows down by five seconds, as it was told, is answered', () => {
  const { early, pace } = run([0, 2, 10, 20]);
  assert.deepEqual(early, [false, true, false, false]);
  assert.equal(pace.intervalS, 10);
});

it('a client that never slows down is still answered, every thirty seconds', () => {
  const { early, pace } = run(Array.from({ length: 92 }, (_, second) => second));
  assert.equal(pace.intervalS, 30);
  assert.deepEqual(
    early.flatMap((refused, second) => (refused ? [] : [second])),
    [0, 30, 60, 90],
  );
});
