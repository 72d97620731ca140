import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { look, reasonOf } from '../testing/check-rig.ts';

const asked: string[] = [];
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.write('220 mail.test ready\r\n');
  socket.on('data', (piece) => {
    asked.push(piece.toString());
    if (piece.toString() === 'PING\r\n') socket.write('+PONG\r\n');
    if (piece.toString() === 'BYE\r\n') socket.end();
  });
});
let port = 0;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
after(() => server.close());

it('is healthy when the port takes a connection', async () => {
  assert.ok((await look({ type: 'tcp', port })).ok);
  const refused = await look({ type: 'tcp', port: 1 });
  assert.match(reasonOf(refused), /ECONNREFUSED/);
});

it('says what it was told to say and waits for the answer, in pieces too', async () => {
  const found = await look({ type: 'tcp', port, send: 'PING\\r\\n', expect: '+PONG' });
  assert.ok(found.ok);
  assert.equal(asked.at(-1), 'PING\r\n');
  assert.equal(found.facts?.['answer'], '220 mail.test ready');
});

it('tells a wrong answer, a closed connection and silence apart', async () => {
  const wrong = await look({ type: 'tcp', port, expect: '250', timeout_s: 0.1 });
  assert.equal(reasonOf(wrong), 'it answered “220 mail.test ready”, without “250”');
  assert.equal(!wrong.ok && wrong.timedOut, false);
  assert.match(reasonOf(await look({ type: 'tcp', port, send: 'BYE\\r\\n', expect: 'x' })), /without “x”/);
});

it('asks again at once as often as it may', async () => {
  let tries = 0;
  const flaky = createServer((socket) => {
    tries += 1;
    socket.end(tries < 3 ? '' : 'ok');
  });
  await new Promise<void>((resolve) => flaky.listen(0, '127.0.0.1', resolve));
  after(() => flaky.close());
  const there = (flaky.address() as AddressInfo).port;
  assert.ok((await look({ type: 'tcp', port: there, expect: 'ok', retries: 2 })).ok);
  assert.equal(tries, 3);
});
