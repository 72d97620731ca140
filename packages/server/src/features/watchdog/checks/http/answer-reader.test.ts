import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerReader, type Wanted } from './answer-reader.ts';

const wanted: Wanted = { method: 'GET', readBytes: 1000, dumpBytes: 1000 };

/** Reads an answer that comes in pieces of so many bytes. */
function read(text: string, more: Partial<Wanted> = {}, pieceBytes = text.length): AnswerReader {
  const reader = new AnswerReader({ ...wanted, ...more });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length && !reader.done; at += pieceBytes)
    reader.take(bytes.subarray(at, at + pieceBytes));
  return reader;
}

const ok = (headers: string, body: string) => `HTTP/1.1 200 OK\r\n${headers}\r\n${body}`;

/** Each with what has to come out of it, however it is cut. */
const answers: [
  string,
  string,
  { status: number; text: string; reusable: boolean; more?: Partial<Wanted> },
][] = [
  ['a length', ok('Content-Length: 5\r\n', 'hello'), { status: 200, text: 'hello', reusable: true }],
  ['no body', 'HTTP/1.1 204 \r\n\r\n', { status: 204, text: '', reusable: true }],
  [
    'a status without words',
    'HTTP/1.1 503\r\ncontent-length: 0\r\n\r\n',
    { status: 503, text: '', reusable: true },
  ],
  [
    'chunks with extensions and trailers',
    ok('transfer-encoding: chunked\r\n', '3;a=b\r\nhel\r\n2 \r\nlo\r\n0\r\nx-sum: 1\r\n\r\n'),
    { status: 200, text: 'hello', reusable: true },
  ],
  [
    'answers that come before the answer',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${ok('content-length: 2\r\n', 'ok')}`,
    { status: 200, text: 'ok', reusable: true },
  ],
  [
    'lines that end with a bare line feed',
    'HTTP/1.1 200 OK\ncontent-length: 2\n\nok',
    { status: 200, text: 'ok', reusable: true },
  ],
  [
    'a header that goes on in the next line',
    ok('x-long: a\r\n  b\r\ncontent-length: 2\r\n', 'ok'),
    { status: 200, text: 'ok', reusable: true },
  ],
  [
    'a request for the head alone',
    ok('content-length: 5\r\n', ''),
    { status: 200, text: '', reusable: true, more: { method: 'HEAD' } },
  ],
  [
    'a wish to close',
    ok('Connection: Close\r\ncontent-length: 2\r\n', 'ok'),
    { status: 200, text: 'ok', reusable: false },
  ],
  [
    'HTTP/1.0',
    'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok',
    { status: 200, text: 'ok', reusable: false },
  ],
  [
    'HTTP/1.0 that stays',
    'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok',
    { status: 200, text: 'ok', reusable: true },
  ],
  [
    'a length beside chunks',
    ok('content-length: 100\r\ntransfer-encoding: chunked\r\n', '2\r\nok\r\n0\r\n\r\n'),
    { status: 200, text: 'ok', reusable: false },
  ],
];

describe('the reader of answers', () => {
  for (const [what, text, { more, ...expected }] of answers) {
    it(`reads ${what}, in one piece and byte by byte`, () => {
      for (const pieceBytes of [text.length, 1, 3]) {
        const reader = read(text, more, pieceBytes);
        assert.equal(reader.done, true);
        const { head, reusable } = reader;
        assert.deepEqual({ status: head?.status, text: reader.text(), reusable }, expected);
      }
    });
  }

  it('takes what has no length until the connection is closed', () => {
    const reader = read('HTTP/1.1 200 OK\r\n\r\nall of it');
    assert.equal(reader.done, false);
    reader.end();
    assert.deepEqual([reader.done, reader.text(), reader.reusable], [true, 'all of it', true]);
  });

  it('misses what was promised and did not come', () => {
    for (const text of [
      'HTTP/1.1 200',
      ok('content-length: 5\r\n', 'hell'),
      ok('transfer-encoding: chunked\r\n', '5\r\nhello'),
    ])
      assert.throws(() => read(text).end(), /closed the connection before/);
  });

  it('keeps as much as it was asked for and leaves the rest with its connection', () => {
    const long = read(ok('content-length: 5000\r\n', 'x'.repeat(5000)), {}, 700);
    assert.deepEqual([long.text().length, long.cut, long.done, long.reusable], [1000, true, true, false]);
    const exact = read(ok('content-length: 1000\r\n', 'x'.repeat(1000)), {}, 700);
    assert.deepEqual([exact.text().length, exact.cut, exact.done, exact.reusable], [1000, false, true, true]);
    const unread = read(ok('content-length: 900\r\n', 'x'.repeat(900)), { readBytes: 0 }, 700);
    assert.deepEqual([unread.text(), unread.cut, unread.done, unread.reusable], ['', false, true, true]);
    const endless = read(ok('', 'x'.repeat(5000)), { readBytes: 0 }, 700);
    assert.deepEqual([endless.text(), endless.cut, endless.done, endless.reusable], ['', false, true, false]);
  });

  it('does not use a connection again on which more came than was asked for', () => {
    assert.equal(read(ok('content-length: 2\r\n', 'okHTTP/1.1 200 OK\r\n')).reusable, false);
  });

  it('refuses what is no answer, and what contradicts itself', () => {
    for (const [text, why] of [
      ['SSH-2.0-OpenSSH_9.6\r\n\r\n', /not answer in HTTP: “SSH-2.0-OpenSSH_9.6”/],
      ['HTTP/2 200\r\n\r\n', /not answer in HTTP/],
      ['HTTP/1.1 20 OK\r\n\r\n', /not answer in HTTP/],
      [ok('content-length: 5\r\ncontent-length: 6\r\n', ''), /no length/],
      [ok('content-length: -1\r\n', ''), /no length/],
      [ok('content-length: 1e3\r\n', ''), /no length/],
      [ok('content length: 5\r\n', ''), /is no header/],
      [ok('content-length : 5\r\n', ''), /is no header/],
      [ok(': 5\r\n', ''), /is no header/],
      [ok('transfer-encoding: chunked\r\n', 'zz\r\n'), /has no size/],
      [ok('transfer-encoding: chunked\r\n', '2\r\nokay\r\n'), /longer than it says/],
      [ok('transfer-encoding: chunked\r\n', '1'.repeat(5000)), /has no size/],
      [ok('transfer-encoding: chunked\r\n', `0\r\n${'a: b\r\n'.repeat(100)}`), /does not end/],
      [ok(`x: ${'y'.repeat(70_000)}\r\n`, ''), /do not end/],
    ] as const)
      assert.throws(() => read(text, {}, 1000), why, text.slice(0, 80));
  });

  it('says where a redirect leads and how long its connection is kept', () => {
    const { head } = read(
      'HTTP/1.1 302 Found\r\nLocation: /there\r\nkeep-alive: timeout=5, max=100\r\ncontent-length: 0\r\n\r\n',
    );
    assert.deepEqual([head?.headers['location'], head?.idleMs], ['/there', 5000]);
  });
});
