import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CiJob, Verdict, VerdictKind } from '@vigiles/contract';
import { restUntil, usualRestMs } from './rest-until.ts';

const ended = Date.UTC(2026, 10, 21, 10);
const minute = 60_000;
const job = (kind: VerdictKind, ...lines: string[]): CiJob => ({
  id: '1',
  name: 'build',
  conclusion: 'failure',
  failed_step: null,
  minutes: 1,
  url: '',
  verdict: {
    kind,
    retry: true,
    confidence: 0.95,
    rule: 'r',
    line: null,
    reason: '',
    runner_up: null,
  } satisfies Verdict,
  lines: lines.map((text, at) => ({ number: at + 1, text })),
  dropped: 0,
  log_error: null,
});
const rest = (...lines: string[]) => (restUntil([job('rate_limit', ...lines)], ended, null) ?? 0) - ended;

describe('how long a failed run rests after a limit', () => {
  it('is not at all where no limit was reached', () => {
    assert.equal(restUntil([job('infrastructure', 'Retry-After: 60')], ended, null), null);
  });

  it('is half an hour where nothing says when it opens, or as long as GitHub’s own limit is closed', () => {
    assert.equal(rest('toomanyrequests: You have reached your pull rate limit.'), usualRestMs);
    assert.equal(restUntil([job('rate_limit')], ended, ended + 7 * minute), ended + 7 * minute);
  });

  it('is what the log says, in seconds, words, moments and header values; the latest counts', () => {
    for (const [line, ms] of [
      ['Retry-After: 120', 2 * minute],
      ['{"retry_after": 90}', 90_000],
      ['Please try again in 5 minutes.', 5 * minute],
      ['rate limited, retry after 1500 ms', 1500],
      ['API rate limit exceeded; resets in 1h', 60 * minute],
      ['x-ratelimit-reset: 1795255800', 1_795_255_800_000 - ended],
      ['Rate limit will reset at 2026-11-21T10:20:00Z', 20 * minute],
    ] as const)
      assert.equal(rest(line), ms, line);
    assert.equal(rest('Retry-After: 60', 'Retry-After: 240'), 4 * minute);
  });

  it('is never longer than six hours, whatever a log says', () => {
    assert.equal(rest('Retry-After: 9999999'), 360 * minute);
    assert.equal(rest('reset at 2099-01-01T00:00:00Z'), 360 * minute);
  });
});
