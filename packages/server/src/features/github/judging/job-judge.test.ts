import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createJobJudge } from './job-judge.ts';
import { lookAtJob } from './look-at-job.ts';

const history = { same_sha_passed: false, same_step_lost_before: false };
const signal = new AbortController().signal;
const question = (log: string) => ({
  job: { name: 'build', conclusion: 'failure', failed_step: { number: 1, name: 'Run tsc' }, log },
  history,
});
const end = [
  'src/a.ts(1,1): error TS2304: Cannot find name x.',
  '##[error]Process completed with exit code 2.',
];
const large = [
  '##[group]Run tsc',
  ...Array.from({ length: 120_000 }, (_, at) => `line ${at} `.padEnd(85, 'x')),
  ...end,
];
const judge = createJobJudge();
after(() => judge.close());

/** How often others had their turn meanwhile. */
async function turnsDuring<T>(work: Promise<T>): Promise<{ value: T; turns: number }> {
  let turns = 0;
  let waiting = setImmediate(function again() {
    turns += 1;
    waiting = setImmediate(again);
  });
  const value = await work.finally(() => clearImmediate(waiting));
  return { value, turns };
}

test('a log of ten megabytes is judged in a thread: others have their turn meanwhile, and the verdict is the same', async () => {
  const asked = question(large.join('\n'));
  assert.ok(asked.job.log.length > 10_000_000);
  const { value, turns } = await turnsDuring(judge.look(asked, signal));
  assert.ok(turns > 0);
  assert.deepEqual(value, { ...lookAtJob(asked), unread: null });
  assert.deepEqual([value.finding.kind, value.finding.line?.number], ['build', large.length - 1]);
});

test('a small log is judged at once, without a thread', async () => {
  const { value, turns } = await turnsDuring(judge.look(question(end.join('\n')), signal));
  assert.deepEqual([value.finding.kind, value.unread, turns], ['build', null, 0]);
});

test('a log that takes too long is told as not judged, nothing is run again for it, and the next one is judged', async () => {
  const hasty = createJobJudge({ logMs: 1 });
  const { finding, unread, reduced } = await hasty.look(question(large.join('\n')), signal);
  assert.equal(unread, 'not judged: it took too long');
  assert.deepEqual([finding.kind, finding.retryable, reduced.lines], ['unknown', false, []]);
  await hasty.close();
  const next = await judge.look(question(large.slice(-2000).join('\n')), signal);
  assert.equal(next.finding.kind, 'build');
});
