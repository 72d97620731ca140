import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { findPeer, hasProc } from '../../../../platform/process/index.ts';
import { connectedFrom } from '../../../../platform/process/listening-sockets.ts';
import { createProcessWatch, isClaude } from './process-watch.ts';

test('Claude Code is known by its program, and not by words in the arguments of another', () => {
  for (const line of [
    'claude',
    '/home/u/.local/bin/claude --resume',
    'node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js -p x',
    '/usr/bin/node /opt/claude/cli.js',
  ])
    assert.ok(isClaude(line), line);
  for (const line of [
    'curl -d @- http://127.0.0.1:8765/api/v1/agents/claude/hooks',
    'ssh -R 8765:localhost:8765 claude',
    'docker-proxy -host-port 8765',
    'node /srv/proxy.js claude',
    '',
  ])
    assert.ok(!isClaude(line), line);
});

test('the socket of a connection is found by the address it comes from, and only where it is connected', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1',
    // One port may lead to several places.
    '   4: 0100007F:C001 0100007F:1F91 01 00000000:00000000 00:00000000 00000000  1000        0 44 1',
    '   1: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 22 1',
    '   2: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 33 1',
    '   3: 0100007F:C002 0100007F:1F90 06 00000000:00000000 00:00000000 00000000     0        0 0 1',
  ].join('\n');
  const from = (address: string, port: number) => connectedFrom(table, { address, port, toPort: 0x1f90 });
  assert.equal(from('127.0.0.1', 0xc001), '22');
  assert.equal(from('127.0.0.2', 0xc001), null);
  assert.equal(from('127.0.0.1', 0xc002), null);
});

test('the process at the other end of a connection is found where it is on this machine', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const accepted = new Promise<Socket>((done) => server.once('connection', done));
  const client = connect(port, '127.0.0.1');
  const { remoteAddress = '', remotePort = 0 } = await accepted;
  const found = await findPeer({ address: `::ffff:${remoteAddress}`, port: remotePort, toPort: port });
  assert.equal(found?.identity.pid ?? null, hasProc ? process.pid : null);
  assert.equal(await findPeer({ address: '192.0.2.7', port: remotePort, toPort: port }), null);
  assert.equal(await findPeer({ address: remoteAddress, port: 0, toPort: port }), null);
  client.destroy();
  server.close();
});

test('a hook is answered once it is seen whose it is, while its connection still tells; those after it at once', async () => {
  const looks: PromiseWithResolvers<Awaited<ReturnType<typeof findPeer>>>[] = [];
  const watch = createProcessWatch({
    now: () => 0,
    gone: async () => undefined,
    quiet: async () => undefined,
    failed: assert.ifError,
    find: () => {
      const look = Promise.withResolvers<Awaited<ReturnType<typeof findPeer>>>();
      looks.push(look);
      return look.promise;
    },
  });
  let answered = false;
  const first = watch.heard('s', { address: '127.0.0.1', port: 1, toPort: 9 }).then(() => (answered = true));
  await turn();
  assert.equal(answered, false);
  looks[0]?.resolve({
    identity: { pid: process.pid, startTime: '1' },
    name: 'claude',
    commandLine: 'claude',
    folder: null,
  });
  await first;
  await watch.heard('s', { address: '127.0.0.1', port: 2, toPort: 9 });
  assert.equal(looks.length, 2);
});
