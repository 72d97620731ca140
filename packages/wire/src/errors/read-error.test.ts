import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHttpError } from './read-error.ts';

const page = (title: string, body: string) =>
  `<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`;

test('a web page is told by its title', () => {
  assert.equal(readHttpError(502, {}, page('Bad gateway', '<h1>502</h1>')).message, 'Bad gateway');
  assert.equal(
    readHttpError(502, {}, page('', '<h1>502</h1>')).message,
    'the provider answered with a web page',
  );
});

test('Cloudflare’s number of a refusal is kept, wherever its page has it', () => {
  for (const body of [
    'error code: 1010',
    '<h1>Error 1010</h1>',
    '<span>Error</span> <b>Error code <i>1010</i></b>',
  ])
    assert.equal(
      readHttpError(403, {}, page('Access denied', body)).message,
      'Access denied (error code: 1010)',
    );
  assert.equal(
    readHttpError(403, {}, page('Error 1020: Access denied', 'error code: 1020')).message,
    'Error 1020: Access denied',
  );
});
