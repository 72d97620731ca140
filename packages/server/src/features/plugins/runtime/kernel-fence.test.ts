import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { runProgram } from '../../../platform/process/index.ts';
import { findKernelFence } from './kernel-fence.ts';

test('where the system lets us, the kernel keeps a process off the network; elsewhere that is said', async () => {
  const fence = await findKernelFence(process.env['PATH'] ?? '');
  if (fence === null) return;
  let reached = false;
  const server = createServer((socket) => {
    reached = true;
    socket.end();
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const script = `require('net').connect(${port}, '127.0.0.1').on('error', (error) => console.log(error.code))`;
  const end = await runProgram({
    command: [...fence, process.execPath, '-e', script],
    env: {},
    timeoutMs: 20_000,
  });
  server.close();
  assert.equal(reached, false);
  assert.match(end.output, /ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL/);
});

test('a system without the program for it has none', async () => {
  assert.equal(await findKernelFence('/nonexistent'), null);
});
