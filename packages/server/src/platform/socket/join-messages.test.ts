import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createFrame } from './frame.ts';
import { joinMessages, type EnginePacket } from './join-messages.ts';

const text = (data: string): EnginePacket => ({ type: 'message', data, options: { compress: false } });
const framesOf = ({ options }: EnginePacket): Buffer | undefined => options?.wsPreEncodedFrame?.[0];

it('messages that wait together leave as one piece, in which each is a frame of its own', () => {
  const names = ['a', 'ä€😀', 'x'.repeat(200)];
  const frames = names.map((name) =>
    createFrame({ socketIo: () => [name, {}], ws: () => null, sse: () => ({ data: null }) }),
  );
  const joined = joinMessages(frames.map((frame) => text(frame.socketIo[0] ?? '')));
  assert.equal(joined.length, 1);
  assert.deepEqual(framesOf(joined[0] as EnginePacket), Buffer.concat(frames.map((f) => f.socketIoFrames)));
});

it('what only Engine.IO can write stays as it is and where it is', () => {
  const ping: EnginePacket = { type: 'ping' };
  const bytes: EnginePacket = { type: 'message', data: Buffer.from('b') };
  const written: EnginePacket = {
    type: 'message',
    options: { wsPreEncodedFrame: [Buffer.from('f')] },
  };
  const alone = text('2["c"]');
  const joined = joinMessages([text('2["a"]'), text('2["b"]'), ping, alone, bytes, written]);
  assert.deepEqual(joined.slice(1), [ping, alone, bytes, written]);
  assert.equal(framesOf(joined[0] as EnginePacket)?.toString('latin1'), '\x81\x0742["a"]\x81\x0742["b"]');
});
