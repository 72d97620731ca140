import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { it } from 'node:test';
import { freePort } from './free-port.ts';

it('a free port can be listened on, and is none that the system gives away by itself', async () => {
  const port = await freePort();
  assert.ok(port >= 1024 && port < 32_768, String(port));
  const server = createServer();
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  await new Promise((closed) => server.close(closed));
});

it('a host that is none of ours is an error, not a search', async () => {
  await assert.rejects(freePort('192.0.2.1'), /EADDRNOTAVAIL/);
});
