import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { WebSocket } from 'ws';
import { startTestControl, until } from '../testing/test-control.ts';

const served = await startTestControl({ yaml: 'gateway: { enabled: false }\nwatchdog: { enabled: false }' });
after(() => served.close());
await served.call('POST', '/api/v1/sessions', { body: { session_id: 's1' } });
const inward = served.url.replace('http', 'ws');
const headers = { authorization: `Bearer ${served.admin}` };
const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

interface Line {
  socket: WebSocket;
  heard: string[];
}

async function connect(path: string): Promise<Line> {
  const socket = new WebSocket(inward + path, { headers });
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => heard.push(data.toString()));
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return { socket, heard };
}

test('no message over a plain WebSocket is answered with more than an error, and the next one is understood', async () => {
  const { socket, heard } = await connect('/ws');
  const said = (type: string): number => heard.filter((text) => text.includes(`"type":"${type}"`)).length;
  const messages = [
    'x',
    'null',
    '7',
    '[]',
    '{}',
    deep,
    '{"type":7}',
    // Names that every object has.
    '{"type":"__proto__"}',
    '{"type":"constructor","id":1,"payload":{}}',
    '{"type":"toString"}',
    '{"type":"hasOwnProperty","payload":"a"}',
    `{"type":"subscribe","topics":${deep}}`,
    '{"type":"subscribe","after_seq":"x"}',
    `{"type":"command","payload":${deep}}`,
    `{"type":"command","payload":{"type":"HALT","session_id":"s1","reason":${deep}}}`,
    `{"type":"command","payload":{"type":"__proto__","session_id":"s1"}}`,
    `{"type":"cli_event","session_id":"s1","event_type":"a:b","data":{"x":${deep}}}`,
    '{"type":"cli_event","session_id":"__proto__","event_type":"a:b","data":{"__proto__":1}}',
    `{"type":"${'x'.repeat(20_000)}"}`,
  ];
  for (const [at, message] of messages.entries()) {
    socket.send(message);
    socket.send('{"type":"ping"}');
    await until(`message ${at} to be got over`, () => said('pong') === at + 1);
  }
  for (const text of heard) assert.doesNotMatch(text, /\bat .*\.[jt]s:\d+|internal_error/);
  socket.terminate();
});

test('no packet over Socket.IO ends more than its own connection', async () => {
  const packets = [
    '42[]',
    '42{"a":1}',
    '42[7]',
    '42["__proto__",{}]',
    '42["constructor",{}]',
    '42["disconnect"]',
    '42["subscribe",null]',
    `42["subscribe",${deep}]`,
    `421["command",{"type":"HALT","session_id":"s1","reason":${deep}}]`,
    '421["command",null]',
    '421["command"]',
    `421["cli_event",{"session_id":"s1","event_type":"a:b","data":{"x":${deep}}}]`,
    '421["cli_event",7]',
    '45-["x",{"_placeholder":true,"num":0}]',
    '451-["cli_event",{"_placeholder":true,"num":9}]',
    '9',
    '4',
    'x',
  ];
  for (const [at, packet] of packets.entries()) {
    const { socket, heard } = await connect('/socket.io/?EIO=4&transport=websocket');
    socket.send('40');
    await until('the greeting', () => heard.some((text) => text.startsWith('42["connected"')));
    socket.send(packet);
    // Packets are read in order: what comes after it is answered, or the connection is over.
    socket.send('42["ping"]');
    await until(
      `packet ${at} to be got over`,
      () => socket.readyState !== WebSocket.OPEN || heard.some((text) => text.startsWith('42["pong"')),
    );
    socket.terminate();
    for (const text of heard)
      assert.doesNotMatch(text, /\bat .*\.[jt]s:\d+|internal_error/, packet.slice(0, 60));
  }
  assert.equal((await served.call('GET', '/api/v1/sessions')).status, 200);
});
