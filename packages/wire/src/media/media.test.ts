import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocols, providerProtocols } from '../index.ts';
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

test('a sound reaches every protocol that hears, and the others say that it was left out', () => {
  const sound = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } };
  const decoded = protocols['openai-chat'].decodeRequest({
    model: 'm',
    messages: [{ role: 'user', content: [{ type: 'text', text: 'What is said?' }, sound] }],
  });
  assert.ok(decoded.ok);
  const sent = (to: keyof typeof providerProtocols) => {
    const { body, losses } = providerProtocols[to].encodeRequest(decoded.value, { model: 'm', issuer: 'x' });
    return { text: JSON.stringify(body), told: losses.map(({ path }) => path) };
  };
  assert.ok(sent('openai-chat').text.includes(JSON.stringify(sound)));
  assert.ok(sent('gemini').text.includes('{"inlineData":{"mimeType":"audio/mpeg","data":"AAAA"}}'));
  for (const deaf of ['openai-responses', 'anthropic-messages', 'bedrock-converse'] as const) {
    const { text, told } = sent(deaf);
    assert.ok(!text.includes('AAAA') && /left out/i.test(text), deaf);
    assert.deepEqual(told, ['messages[0].parts[1]']);
  }
  const fromGemini = protocols.gemini.decodeRequest({
    model: 'm',
    contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'audio/wav', data: 'AAAA' } }] }],
  });
  assert.ok(fromGemini.ok);
  const { body } = protocols['openai-chat'].encodeRequest(fromGemini.value, { model: 'm', issuer: 'x' });
  assert.ok(JSON.stringify(body).includes('{"data":"AAAA","format":"wav"}'));
});
