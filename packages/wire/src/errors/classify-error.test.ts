import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireErrorKind } from '../canonical/index.ts';
import { classifyError, type ErrorFacts } from './classify-error.ts';

const CASES: [WireErrorKind, ErrorFacts][] = [
  ['context-length', { status: 400, code: 'context_length_exceeded' }],
  [
    'context-length',
    {
      status: 400,
      type: 'invalid_request_error',
      message: 'prompt is too long: 210000 tokens > 200000 maximum',
    },
  ],
  ['context-length', { status: 400, message: "This model's maximum context length is 128000 tokens." }],
  [
    'context-length',
    {
      status: 400,
      message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    },
  ],
  [
    'context-length',
    {
      status: 400,
      message: "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
    },
  ],
  [
    'context-length',
    { status: 500, message: 'the request exceeds the available context size, try increasing it' },
  ],
  [
    'context-length',
    { status: 400, message: 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000' },
  ],
  [
    'context-length',
    { status: 413, code: 'tokens_limit_reached', message: 'Request body too large for gpt-4o model.' },
  ],
  ['context-length', { status: 400, message: 'prompt token count of 140000 exceeds the limit of 128000' }],
  ['context-length', { message: 'Your input exceeds the context window of this model.' }],
  ['quota', { status: 429, code: 'insufficient_quota', message: 'You exceeded your current quota' }],
  ['quota', { status: 402, message: 'Insufficient Balance' }],
  [
    'quota',
    {
      status: 400,
      type: 'invalid_request_error',
      message: 'Your credit balance is too low to access the API.',
    },
  ],
  ['quota', { status: 429, type: 'usage_limit_reached' }],
  ['rate-limited', { status: 429, message: 'You exceeded your current quota. Please retry in 12.3s.' }],
  ['rate-limited', { status: 429, type: 'rate_limit_error' }],
  ['rate-limited', { code: 'rate_limit_exceeded' }],
  ['overloaded', { status: 529, type: 'overloaded_error', message: 'Overloaded' }],
  ['overloaded', { status: 503 }],
  ['overloaded', { status: 500, message: 'The model is overloaded. Please try again later.' }],
  ['overloaded', { code: 'server_is_overloaded' }],
  ['too-large', { status: 413, type: 'request_too_large' }],
  ['auth', { status: 401, code: 'invalid_api_key' }],
  ['permission', { status: 403 }],
  ['not-found', { status: 404, code: 'model_not_found' }],
  ['timeout', { status: 504 }],
  ['content-filter', { status: 400, code: 'content_filter' }],
  ['invalid-request', { status: 400, type: 'invalid_request_error', message: 'Unknown parameter: foo' }],
  ['invalid-request', { status: 422 }],
  ['server', { status: 500, type: 'api_error' }],
  ['server', {}],
  ['cancelled', { status: 499 }],
];

for (const [kind, facts] of CASES) {
  test(`${JSON.stringify(facts).slice(0, 100)} is ${kind}`, () => {
    assert.equal(classifyError(facts), kind);
  });
}
