import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { CiAttempt, CiRunDetail } from '@vigiles/contract';
import { ciRunView } from './github.ts';

const run = {
  id: '7',
  repository: 'octo/hello',
  workflow: 'CI',
  branch: 'main',
  commit: 'abcdef0123456789',
  url: 'https://github.com/octo/hello/actions/runs/7',
  state: 'failed',
  verdict: null,
  action: null,
};

const shown = (attempt: Partial<CiAttempt>): string[] => {
  const first = {
    attempt: 1,
    conclusion: 'failure',
    jobs: [],
    opinion: null,
    opinion_note: null,
    ...attempt,
  };
  const detail = { run, attempts: [first], retries: [], retry_refusal: null } as unknown as CiRunDetail;
  return stripVTControlCharacters(ciRunView(detail)).split('\n');
};

test('a model’s opinion is shown as what it is: nothing is done for it', () => {
  const lines = shown({ opinion: 'infrastructure (80 % sure): A mirror was away.' });
  assert.ok(
    lines.includes(
      '  a model thinks, and nothing is done for it: infrastructure (80 % sure): A mirror was away.',
    ),
  );
  assert.ok(!lines.some((line) => line.includes('no model’s opinion')));
});

test('where there is no opinion, why is shown, and of an attempt that nobody was asked about nothing', () => {
  assert.ok(
    shown({ opinion_note: 'The model does not know either' }).includes(
      '  no model’s opinion: The model does not know either',
    ),
  );
  assert.ok(!shown({}).some((line) => /model/.test(line)));
});

test('words of a model do not steer the terminal', () => {
  const hostile = 'test (1 % sure): \u001b]0;owned\u0007\u001b[2Jx\u202ey';
  const text = shown({ opinion: hostile, opinion_note: hostile }).join('\n');
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  assert.ok(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(text));
});
