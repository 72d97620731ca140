import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, reduceLog } from './index.ts';

const at = (second: number) =>
  `2026-10-02T08:${String(Math.floor(second / 60) % 60).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.1234567Z `;
const log = (lines: readonly string[]) => lines.map((line, second) => at(second) + line).join('\n');
const step = (name: string) => ({ number: 2, name });
const run = { event: 'push', workflow_name: 'CI', attempt: 1, conclusion: 'failure' };
const history = { same_sha_passed: false, same_step_lost_before: false };

test('timestamps, colours, groups and progress are gone; the numbers are those of the log as it was served', () => {
  const { lines, dropped } = reduceLog(
    log([
      '##[group]Run npm ci',
      '##[endgroup]',
      'Downloading 12 %',
      '\u001b[31mnpm error\u001b[0m code ECONNRESET',
      '##[error]Process completed with exit code 1.',
    ]),
    { failedStep: step('Run npm ci') },
  );
  assert.deepEqual(lines, [
    { number: 1, text: 'Run npm ci' },
    { number: 4, text: 'npm error code ECONNRESET' },
    { number: 5, text: 'Process completed with exit code 1.' },
  ]);
  assert.equal(dropped, 2);
});

test('only the failed step is kept, found by its name, by its time or as the last with an error', () => {
  const text = log([
    '##[group]Run a',
    'from a',
    '##[error]a broke',
    '##[group]Run b',
    'from b',
    '##[error]b broke',
    'Post job cleanup.',
    'tidy',
  ]);
  const first = (failedStep: Parameters<typeof reduceLog>[1]['failedStep']) =>
    reduceLog(text, { failedStep }).lines[1]?.text;
  assert.equal(first(step('Run a')), 'from a');
  assert.equal(first(null), 'from b');
  const timed = {
    number: 9,
    name: 'Own name',
    started_at: '2026-10-02T08:00:00Z',
    completed_at: '2026-10-02T08:00:02Z',
  };
  assert.equal(first(timed), 'from a');
});

test('what repeats itself but for numbers is kept three times', () => {
  const many = Array.from(
    { length: 50 },
    (_, n) => `npm error request ${n} to https://registry.npmjs.org failed`,
  );
  const { lines } = reduceLog(
    log(['##[group]Run npm ci', ...many, '##[error]Process completed with exit code 1.']),
    { failedStep: null },
  );
  assert.equal(lines.filter(({ text }) => text.startsWith('npm error request')).length, 3);
});

test('the result is bounded whatever the log says, and its last lines are there', () => {
  const words = Array.from(
    { length: 26 * 26 },
    (_, n) => `AssertionError: ${String.fromCodePoint(97 + (n % 26), 97 + Math.floor(n / 26))}`,
  );
  const { lines, dropped } = reduceLog(log(['##[group]Run t', ...words, '##[error]the end']), {
    failedStep: null,
    most: 40,
  });
  assert.equal(lines.length, 40);
  assert.equal(lines.at(-1)?.text, 'the end');
  assert.equal(lines.length + dropped, words.length + 2);
});

test('letters that turn or hide text are taken out, and what a line was rewritten to is what counts', () => {
  const { lines } = reduceLog(
    log(['##[group]Run t', 'a\u202eb\u200bc', 'old\rnew', '\u001b]8;;http://x\u0007link\u001b]8;;\u0007']),
    { failedStep: null },
  );
  assert.deepEqual(
    lines.map(({ text }) => text),
    ['Run t', 'abc', 'new', 'link'],
  );
});

test('a log of ten million letters, hostile ones too, is judged whole: its end decides', () => {
  const hostile = `${'npm error '.repeat(400)}ECONNRESET ${'a '.repeat(300)}`;
  const lines = [
    ...Array.from({ length: 2_200 }, () => hostile),
    'src/a.ts(1,1): error TS2304: Cannot find name x.',
    '##[error]Process completed with exit code 2.',
  ];
  const verdict = judge({
    jobs: [{ name: 'b', conclusion: 'failure', failed_step: null, log: log(['##[group]Run x', ...lines]) }],
    run,
    history,
  });
  assert.equal(verdict.kind, 'build');
  assert.equal(verdict.line?.number, lines.length);
  assert.ok((verdict.line?.text.length ?? 0) <= 500);
});

test('an empty log, a log of empty lines and one without any step say nothing, and nothing is run again', () => {
  for (const text of ['', '\n'.repeat(300_000), '\ufeff', '##[endgroup]'.repeat(1000)]) {
    const verdict = judge({
      jobs: [{ name: 'b', conclusion: 'failure', failed_step: step('Run x'), log: text }],
      run,
      history,
    });
    assert.deepEqual([verdict.kind, verdict.retry], ['unknown', false]);
  }
});

test('what a step prints as the beginning of another step does not hide its errors', () => {
  const text = log([
    '##[group]Run pytest',
    '##[group]Run npm ci',
    'npm error code ECONNRESET',
    'FAILED tests/a.py::b - assert 1 == 2',
    '##[error]Process completed with exit code 1.',
  ]);
  const verdict = judge({
    jobs: [{ name: 'b', conclusion: 'failure', failed_step: step('Run pytest'), log: text }],
    run,
    history,
  });
  assert.deepEqual([verdict.kind, verdict.retry, verdict.runner_up?.kind], ['test', false, 'infrastructure']);
});
