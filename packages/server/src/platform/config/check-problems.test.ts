import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkProblems } from './check-problems.ts';

const problemsOf = (check: object, hasProcess = true): string[] =>
  checkProblems([check], ['watchdog', 'services', 0], ['backup'], hasProcess).map(
    ({ path, message }) => `${path.slice(3).join('.')}: ${message}`,
  );

it('names a pattern, a schedule and a script that cannot work, each at its place', () => {
  assert.match(problemsOf({ type: 'http', matches: '(?=x)' })[0] ?? '', /^checks\.0\.matches: not a regular/);
  const schedule = problemsOf({ type: 'heartbeat', schedule: '99 * * * *' })[0] ?? '';
  assert.match(schedule, /^checks\.0\.schedule: not a schedule/);
  const zone = problemsOf({ type: 'heartbeat', schedule: '0 3 * * *', timezone: 'Europe/Nowhere' })[0] ?? '';
  assert.match(zone, /^checks\.0\.schedule: not a schedule/);
  assert.match(
    problemsOf({ type: 'heartbeat', token: 'too short' })[0] ?? '',
    /^checks\.0\.token: has to be/,
  );
  assert.match(problemsOf({ type: 'script', script: 'bakcup' })[0] ?? '', /no entry "bakcup".*backup/);
});

it('wants one pattern for a log and one way to find a process', () => {
  assert.equal(problemsOf({ type: 'log' }).length, 1);
  assert.equal(problemsOf({ type: 'log', contains: 'a', matches: 'b' }).length, 1);
  assert.equal(problemsOf({ type: 'process', pid_file: 'a', command_contains: 'b' }).length, 1);
  assert.deepEqual(problemsOf({ type: 'process' }, false), [
    'checks.0.type: says of no process: give it pid_file or command_contains',
  ]);
  for (const right of [
    { type: 'log', contains: '[a' },
    { type: 'process' },
    { type: 'script', script: 'backup' },
    { type: 'heartbeat', schedule: '0 3 * * *', timezone: 'Europe/Berlin' },
    { type: 'heartbeat', token: 'abcdefgh-12345678' },
    { type: 'heartbeat', token: '${secret:push}' },
    'not a check at all',
  ])
    assert.deepEqual(problemsOf(right as object), []);
});
