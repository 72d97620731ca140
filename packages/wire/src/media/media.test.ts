import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decodeBase64 } from './base64.ts';
import { mediaFromUrl, urlFromMedia } from './data-url.ts';

test('base64 decodes to the bytes that were encoded', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      assert.deepEqual([...decodeBase64(Buffer.from(bytes).toString('base64'))], [...bytes]);
      assert.deepEqual([...decodeBase64(Buffer.from(bytes).toString('base64url'))], [...bytes]);
    }),
  );
});

test('data URLs are taken apart and put together again', () => {
  const url = 'data:image/png;base64,iVBORw0K';
  const source = mediaFromUrl(url);
  assert.deepEqual(source, { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0K' });
  assert.equal(urlFromMedia(source), url);
  assert.deepEqual(mediaFromUrl('data:;base64,QQ=='), {
    kind: 'base64',
    mediaType: 'application/octet-stream',
    data: 'QQ==',
  });
});

test('other URLs stay URLs', () => {
  for (const url of ['https://example.org/a.png', 'data:text/plain,hello', 'data:broken;base64']) {
    assert.deepEqual(mediaFromUrl(url), { kind: 'url', url });
  }
  assert.equal(urlFromMedia({ kind: 'file-id', fileId: 'f' }), undefined);
});
