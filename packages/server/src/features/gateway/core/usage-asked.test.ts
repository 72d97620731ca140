import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withEdits } from './body-edit.ts';
import { readRequestHead } from './request-head.ts';
import { isUsageChunk, withoutUsageChunks } from './usage-chunk.ts';
import { usageEdit } from './usage-request.ts';

function asked(text: string): string {
  const body = Buffer.from(text);
  const head = readRequestHead(body);
  assert.ok(typeof head !== 'string');
  const edit = usageEdit(body, head);
  return edit ? withEdits(body, [edit]).toString() : text;
}

test('usage is asked for in every shape of request, and no other byte changes', () => {
  const asks = '"stream_options":{"include_usage":true}';
  assert.equal(asked('{"model":"m"}'), `{"model":"m",${asks}}`);
  assert.equal(
    asked('{ "stream":true , "model" : "m" ,"x":[ 1 ] }'),
    `{ "stream":true , "model" : "m",${asks} ,"x":[ 1 ] }`,
  );
  assert.equal(asked('{"stream_options":null,"model":"m"}'), `{${asks},"model":"m"}`);
  assert.equal(asked('{"stream_options":{},"model":"m"}'), `{${asks},"model":"m"}`);
  assert.equal(
    asked('{"model":"m","stream_options":{"include_obfuscation":false,"include_usage":false}}'),
    '{"model":"m","stream_options":{"include_obfuscation":false,"include_usage":true}}',
  );
});

test('a client that asked for usage, or whose options cannot be read, keeps its bytes', () => {
  for (const options of ['{ "include_usage": true }', '"yes"', '[]', `{"x":"${'a'.repeat(2000)}"}`]) {
    const body = `{"model":"m","stream_options":${options}}`;
    assert.equal(asked(body), body);
  }
});

test('edits keep their places in any order', () => {
  const body = Buffer.from('{"a":1,"b":2}');
  const edits = [
    { span: { start: 11, end: 12 }, text: '"two"' },
    { span: { start: 5, end: 6 }, text: '"one"' },
  ];
  assert.equal(withEdits(body, edits).toString(), '{"a":"one","b":"two"}');
});

test('only the chunk that carries usage alone is taken out, whatever ends its lines', () => {
  const text = 'data: {"choices":[{"delta":{"content":"\\"usage\\":{ \\"choices\\":[] ü"}}],"usage":null}';
  const last = 'data: {"choices":[{"finish_reason":"stop"}],"usage":{"total_tokens":1}}';
  const extra = 'data: {"choices": [],"usage": {"total_tokens":1}}';
  const filter = 'data: {"choices":[],"prompt_filter_results":[],"usage":null}';
  for (const end of ['\n\n', '\r\n\r\n', '\r\r', '\n\r\n']) {
    const kept = (events: string[]) => Buffer.from(events.map((event) => event + end).join(''));
    const bytes = withoutUsageChunks(kept([filter, text, extra, last, extra, 'data: [DONE]']));
    assert.equal(bytes.toString(), kept([filter, text, last, 'data: [DONE]']).toString());
  }
  assert.equal(isUsageChunk('{"choices":[],"usage":null}'), false);
});
