import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { look, probe, reasonOf, tempFolder } from '../testing/check-rig.ts';

const socket = join(tempFolder(), 'engine.sock');
/** `State` of containers by name, as Docker Engine API 1.47 has it. */
const containers = new Map<string, { RestartCount: number; State: Record<string, unknown> }>();
const running = {
  Status: 'running',
  Running: true,
  Paused: false,
  Restarting: false,
  OOMKilled: false,
  Dead: false,
  Pid: 77,
  ExitCode: 0,
  Error: '',
  StartedAt: '2026-01-01T00:00:00Z',
};

/** The engine: only GET of a container, on a path of its own; anything else is refused as the real one does. */
const engine = createServer((request, response) => {
  const send = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const name = /^\/containers\/([^/]+)\/json$/.exec(request.url ?? '')?.[1];
  if (request.method !== 'GET' || name === undefined) return send(404, { message: 'page not found' });
  const found = containers.get(name);
  if (!found) return send(404, { message: `No such container: ${name}` });
  return send(200, { Id: 'f'.repeat(64), Config: { Image: 'app:1' }, ...found });
});
before(() => new Promise<void>((resolve) => engine.listen(socket, resolve)));
after(() => {
  engine.closeAllConnections();
  engine.close();
});

const container = (name: string, more: object = {}) =>
  look({ type: 'container', container: name, socket, ...more });

it('is healthy while it runs, and shows what the engine knows of it', async () => {
  containers.set('web', { RestartCount: 1, State: running });
  const found = await container('web');
  assert.ok(found.ok, JSON.stringify(found));
  assert.deepEqual(
    [found.facts?.['health'], found.facts?.['restarts'], found.facts?.['image']],
    ['none', 1, 'app:1'],
  );
});

it('says how it ended, that it restarts for ever, or that there is none', async () => {
  containers.set('ended', {
    RestartCount: 0,
    State: { ...running, Status: 'exited', Running: false, ExitCode: 137, OOMKilled: true },
  });
  assert.equal(reasonOf(await container('ended')), 'it is exited (exit code 137, it ran out of memory)');
  containers.set('loop', {
    RestartCount: 9,
    State: { ...running, Status: 'restarting', Restarting: true, ExitCode: 1 },
  });
  assert.match(reasonOf(await container('loop')), /restarts again and again \(exit code 1\)/);
  assert.equal(reasonOf(await container('none')), 'there is no such container');
});

it('believes its own health check as far as it is told to', async () => {
  const Health = { Status: 'unhealthy', FailingStreak: 4 };
  containers.set('ill', { RestartCount: 0, State: { ...running, Health } });
  assert.equal(reasonOf(await container('ill')), 'its own health check failed 4 times');
  assert.ok((await container('ill', { health: 'ignore' })).ok);
  containers.set('fresh', {
    RestartCount: 0,
    State: { ...running, Health: { Status: 'starting', FailingStreak: 0 } },
  });
  assert.ok((await container('fresh')).ok);
  assert.equal(reasonOf(await container('fresh', { health: 'healthy' })), 'its health is “starting”');
});

it('counts restarts within its window only', async () => {
  const one = probe({ type: 'container', container: 'shaky', socket, max_restarts: 1 });
  const restarts = (count: number) => {
    containers.set('shaky', { RestartCount: count, State: running });
    return one.look(null);
  };
  assert.ok((await restarts(40)).ok);
  assert.ok((await restarts(41)).ok);
  assert.equal(reasonOf(await restarts(42)), 'the engine restarted it 2 times lately');
});

it('cannot tell when the engine is away or does not let us in', async () => {
  const away = await container('web', { socket: join(tempFolder(), 'none.sock') });
  assert.deepEqual([reasonOf(away), !away.ok && away.ours], ['the engine’s socket does not exist', true]);
  chmodSync(socket, 0o000);
  const closed = await container('web');
  // Root may use any socket.
  if (process.getuid?.() !== 0) assert.match(reasonOf(closed), /EACCES/);
  chmodSync(socket, 0o700);
});
