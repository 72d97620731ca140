import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CommandResult } from '@vigiles/contract';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';

const python = spawnSync('python3', ['--version']).status === 0;
const example = fileURLToPath(new URL('../../../../docs/examples/orchestrator.py', import.meta.url));

describe('the Python example', () => {
  let test: TestControl;
  before(async () => {
    test = await startTestControl();
  });
  after(() => test.close());

  const path = '/api/v1/sessions/python';
  // Looked at from within: who asks a hundred times a second is told to slow down.
  const session = () => test.control.sessions.get('python');
  const log = async () => (await test.control.sessions.read('python', { afterSeq: 0, limit: 500 })).events;
  const command = async (type: string) =>
    (await test.call<CommandResult>('POST', `${path}/commands`, { body: { type } })).body;

  /** An address behind which the answer that hands out the first command is lost, as a network that breaks loses it. */
  async function loseFirstCommand(): Promise<{ url: string; lost(): boolean; close(): void }> {
    let lost = false;
    const server = createServer((request, response) => {
      const passed = httpRequest(
        `${test.url}${request.url}`,
        { method: request.method, headers: request.headers },
        (answer) => {
          void answer.toArray().then((parts: Buffer[]) => {
            const body = Buffer.concat(parts);
            const takes = !lost && request.url?.includes('/commands?') === true && body.includes('"HALT"');
            lost ||= takes;
            if (takes) request.socket.destroy();
            else response.writeHead(answer.statusCode ?? 502, answer.headers).end(body);
          });
        },
      );
      passed.on('error', () => request.socket.destroy());
      request.pipe(passed);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { url: `http://127.0.0.1:${port}`, lost: () => lost, close };
  }

  const skip = python ? false : 'there is no python3 on this machine: the example was not run';
  it(
    'asks, obeys HALT and RESUME with evidence and comes to its end, with the standard library only',
    { skip },
    async () => {
      const token = await test.token('sessions:produce');
      const way = await loseFirstCommand();
      const child = spawn('python3', [example, 'python'], {
        env: {
          PATH: process.env['PATH'],
          VIGILES_URL: way.url,
          VIGILES_TOKEN: token,
          PYTHONDONTWRITEBYTECODE: '1',
        },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      try {
        await until('it asks', async () => (await session())?.pending_decisions === 1);
        const waiting = { tenant: null, sessionId: 'python', state: 'pending', limit: 1 } as const;
        const [decision] = await test.control.sessions.decisions(waiting);
        // Halted before it goes on: it asks what to do, then stands still.
        assert.equal((await command('HALT')).success, true);
        await until('it stands still', async () => (await session())?.status === 'halted');
        await test.call('POST', `${path}/decisions/${decision?.decision_id}/answer`, {
          body: { choice: '3' },
        });
        const halted = (await log()).find(({ type }) => type === 'execution:halted');
        assert.deepEqual(halted?.data['evidence'], { pid: child.pid, stands_still: true });
        assert.ok(!(await log()).some(({ type }) => type === 'skill:started'));
        assert.equal((await command('RESUME')).success, true);
        assert.equal(await ended, 0);
        assert.ok(way.lost(), 'the command that was lost on its way came again');
        assert.equal((await session())?.status, 'completed');
        assert.equal((await log()).filter(({ type }) => type === 'skill:completed').length, 3);
      } finally {
        child.kill('SIGKILL');
        way.close();
      }
    },
  );
});
