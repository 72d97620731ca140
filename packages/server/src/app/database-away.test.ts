import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Incident, Service } from '@vigiles/contract';
import { startPostgres, type PostgresServer } from '../testing/postgres.ts';
import { until as soon } from '../testing/test-control.ts';
import { serveControl, type ServedControl } from './serve.ts';

/** Asks at a pace the rate limits allow. */
const until = (what: string, holds: () => Promise<boolean>) =>
  soon(what, async () => {
    await delay(150);
    return holds();
  });

describe('Vigiles on PostgreSQL', () => {
  let server: PostgresServer;
  let home: string;
  let served: ServedControl;
  const env = { PATH: process.env['PATH'] };

  // oxlint-disable-next-line typescript/no-explicit-any -- each route has its own answer; tests assert on it
  const get = async (path: string): Promise<{ status: number; body: any }> => {
    const response = await fetch(served.url + path, { headers: { authorization: `Bearer ${served.token}` } });
    return { status: response.status, body: await response.json() };
  };
  const service = async (name: string): Promise<Service | undefined> =>
    ((await get('/api/v1/services')).body.services as Service[]).find((one) => one.name === name);
  const isUp = async (name: string) => (await service(name))?.state === 'UP';
  const turn = async (): Promise<string> => {
    const response = await fetch(`${gatewayUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${served.token}` },
      body: JSON.stringify({ model: 'demo/demo', messages: [{ role: 'user', content: 'hello' }] }),
    });
    assert.equal(response.status, 200, await response.clone().text());
    await response.text();
    return response.headers.get('x-vigiles-turn') ?? '';
  };
  let gatewayUrl = '';

  before(async () => {
    server = await startPostgres({ own: true });
    home = await mkdtemp(join(tmpdir(), 'vigiles-away-'));
    await writeFile(
      join(home, 'vigiles.yaml'),
      `
server: { port: 0 }
store: { url: "${server.url}" }
gateway: { port: 0, discover_local: false, providers: [{ id: demo, type: demo }] }
watchdog:
  stable_s: 0
  services:
    - { name: sleeper, command: [sleep, "600"] }
`,
    );
    served = await serveControl({ home, env });
    await until('all are up', async () => (await isUp('gateway')) && (await isUp('sleeper')));
    gatewayUrl = (await get('/api/v1/status')).body.gateway.url;
  });
  after(async () => {
    await served.stop().catch(() => undefined);
    await server.stop();
    await rm(home, { recursive: true, force: true });
  });

  it('goes on without its database, and what happened meanwhile is there when it is back', async () => {
    await turn();
    const pid = (await service('gateway'))?.pid;
    await server.halt();

    const refused = await get('/api/v1/incidents');
    assert.deepEqual([refused.status, refused.body.code], [503, 'store_unavailable']);
    assert.equal((await fetch(`${served.url}/health`)).status, 200);

    const unseen = [await turn(), await turn()];

    // The watchdog heals meanwhile.
    const before = (await service('sleeper'))?.pid;
    process.kill(before ?? 0, 'SIGKILL');
    await until('it was healed', async () => {
      const now = await service('sleeper');
      return now?.state === 'UP' && now.pid !== before;
    });
    assert.equal(await isUp('gateway'), true);

    await server.resume();
    await until('the API answers again', async () => (await get('/api/v1/incidents')).status === 200);
    await until('the turns are in the ledger', async () => {
      const turns = (await get('/api/v1/ai/turns?limit=10')).body.turns as { id: string }[];
      return unseen.every((id) => turns.some((one) => one.id === id));
    });
    await until('the incident is told', async () => {
      const incidents = (await get('/api/v1/incidents')).body.incidents as Incident[];
      return incidents.some(({ service: name, outcome }) => name === 'sleeper' && outcome === 'fixed');
    });
    assert.equal((await service('gateway'))?.pid, pid);
    await turn();
  });

  it('stops cleanly while its database is away', async () => {
    const pid = (await service('sleeper'))?.pid ?? 0;
    await server.halt();
    const begun = performance.now();
    await served.stop();
    assert.ok(performance.now() - begun < 20_000);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });
});
