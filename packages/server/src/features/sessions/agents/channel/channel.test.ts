import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLineSplitter } from './line-splitter.ts';
import { createRpcPeer, RpcFailure, rpcCodes } from './rpc-peer.ts';

/** A peer whose lines a test reads and answers. */
function peerWith(answer: (message: Record<string, unknown>) => object | null) {
  const heard: unknown[] = [];
  const waits: number[] = [];
  const peer = createRpcPeer({
    write(line) {
      const message = JSON.parse(line) as Record<string, unknown>;
      const reply = answer(message);
      if (reply) queueMicrotask(() => peer.receive(JSON.stringify({ id: message['id'], ...reply })));
      return true;
    },
    onRequest: (id, method, params) => heard.push({ id, method, params }),
    onNotification: (method, params) => heard.push({ method, params }),
    onGarbage: (what) => heard.push(what),
    idPrefix: 'a-',
    timeoutMs: 50,
    delay: async (ms) => void waits.push(ms),
  });
  return { peer, heard, waits };
}

test('lines come out whole however they are cut, and one that is too long is dropped without being kept', () => {
  const splitter = createLineSplitter(10);
  assert.deepEqual(splitter.push('a'), []);
  assert.deepEqual(splitter.push('b\r\n\ncd\ne'), ['ab', 'cd']);
  assert.deepEqual(splitter.push('x'.repeat(1000)), []);
  assert.equal(splitter.dropped(), 1);
  assert.deepEqual(splitter.push('still the same line\nnext\n'), ['next']);
  assert.equal(splitter.dropped(), 1);
});

test('what is no message is reported and nothing else; requests and notifications are told apart', () => {
  const { peer, heard } = peerWith(() => null);
  for (const line of ['{', '[]', '7', '{"params":{}}', '{"id":{},"result":1}']) peer.receive(line);
  assert.equal(heard.length, 5);
  heard.length = 0;
  peer.receive('{"id":0,"method":"ask","params":{"a":1}}');
  peer.receive('{"method":"tell"}');
  peer.receive('{"id":"nobody","result":1}');
  assert.deepEqual(heard, [
    { id: 0, method: 'ask', params: { a: 1 } },
    { method: 'tell', params: undefined },
  ]);
});

test('an overloaded other side is asked again with growing pauses, a refusal is not', async () => {
  let count = 0;
  const busy = { error: { code: rpcCodes.overloaded, message: 'overloaded' } };
  const { peer, waits } = peerWith(() => (++count < 4 ? busy : { result: 'done' }));
  assert.equal(await peer.request('go', {}), 'done');
  assert.deepEqual(waits, [100, 200, 400]);
  count = -100;
  await assert.rejects(peer.request('go', {}), { code: rpcCodes.overloaded });

  const refusing = peerWith(() => ({ error: { code: -32_600, message: 'no active turn' } }));
  await assert.rejects(refusing.peer.request('go', {}), { code: -32_600, message: 'no active turn' });
  assert.deepEqual(refusing.waits, []);
});

test('a call that nobody answers ends, and closing ends all of them', async () => {
  const { peer } = peerWith(() => null);
  await assert.rejects(peer.request('go', {}), { code: rpcCodes.timeout });
  const under = peer.request('go', {}, 60_000);
  peer.close('it is gone');
  await assert.rejects(under, RpcFailure);
  await assert.rejects(peer.request('go', {}), /it is gone/);
  assert.equal(peer.respond(1, {}), false);
});
