import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Identity } from '@vigiles/contract';
import { toFault } from '../../kernel/fault.ts';
import { freePort, httpService, openRig, removeHome, tempHome, until, type Rig } from './testing/rig.ts';

const identity: Identity = { kind: 'device', deviceId: 'dev_1', name: 'tester', scopes: ['admin'] };

describe('the routes of watchdog and actions', () => {
  const home = tempHome();
  let rig: Rig;

  /** Calls a route as the server does: input and answer go through their schemas. */
  async function call(operationId: string, input: { params?: object; query?: object; body?: object } = {}) {
    const route = [...rig.watchdog.routes, ...rig.actions.routes].find(
      (found) => found.operationId === operationId,
    );
    assert.ok(route, operationId);
    const given = {
      params: route.params?.parse(input.params ?? {}),
      query: route.query?.parse(input.query ?? {}),
      body: route.body?.parse(input.body ?? {}),
      identity,
      requestId: 'req_1',
      remoteAddress: '127.0.0.1',
      header: () => null,
      signal: new AbortController().signal,
      setHeader: () => undefined,
    };
    return route.success.parse(await route.handle(given as never)) as Record<string, never>;
  }

  before(async () => {
    rig = await openRig({ home, services: [httpService(home, await freePort())] });
    await rig.up('web');
  });
  after(async () => {
    await rig.close();
    removeHome(home);
  });

  it('list and show services with their bar and buttons', async () => {
    const { services } = (await call('listServices', { query: { beats: '5' } })) as unknown as {
      services: { beats: [] }[];
    };
    assert.equal(services.length, 1);
    assert.ok((services[0]?.beats.length ?? 9) <= 5);
    const one = (await call('getService', { params: { name: 'web' } })) as unknown as {
      actions: { action: string; enabled: boolean }[];
      uptime_24h: number;
    };
    assert.deepEqual(
      one.actions.map(({ action, enabled }) => [action, enabled]),
      [
        ['start_service', false],
        ['stop_service', true],
        ['restart_service', true],
      ],
    );
    assert.ok(one.uptime_24h > 0);
  });

  it('restart through the runner, and show the run with its evidence', async () => {
    const before = rig.service('web').pid;
    const plan = await call('planAction', {
      body: { action: 'restart_service', target: 'web', params: { force: true } },
    });
    assert.equal(plan['risk'], 'disruptive');
    assert.equal(plan['refusal'], null);
    assert.equal(rig.service('web').pid, before, 'a plan changes nothing');
    const run = await call('controlService', { params: { name: 'web', action: 'restart' } });
    const done = await until('the run ends', async () => {
      const now = await call('getActionRun', { params: { id: run['id'] } });
      return now['state'] === 'finished' ? now : null;
    });
    assert.equal(done['outcome'], 'fixed');
    assert.equal(done['actor'], 'device:dev_1');
    assert.notEqual(rig.service('web').pid, before);
  });

  it('show the log without secrets', async () => {
    const { lines } = (await call('getServiceLogs', {
      params: { name: 'web' },
      query: { lines: '10' },
    })) as unknown as { lines: string[] };
    assert.ok(lines.includes('serving with api_key=[redacted]'));
  });

  it('list incidents, acknowledge one, and verify the audit chain', async () => {
    process.kill(rig.service('web').pid ?? 0, 'SIGKILL');
    const { id } = await rig.incident('web', 'closed');
    const { incidents } = (await call('listIncidents', { query: { service: 'web' } })) as unknown as {
      incidents: [];
    };
    assert.equal(incidents.length, 1);
    const acknowledged = await call('acknowledgeIncident', { params: { id } });
    assert.equal(acknowledged['acknowledged_by'], 'device:dev_1');
    assert.equal((await call('verifyAudit'))['ok'], true);
    const { records } = (await call('listAudit', { query: { after_seq: '1', limit: '2' } })) as unknown as {
      records: { seq: number }[];
    };
    assert.deepEqual(
      records.map(({ seq }) => seq),
      [2, 3],
    );
  });

  it('say what is not there', async () => {
    for (const [operation, code] of [
      ['getIncident', 'unknown_incident'],
      ['getActionRun', 'unknown_run'],
      ['cancelActionRun', 'unknown_run'],
    ] as const) {
      const thrown = await call(operation, { params: { id: 'no' } }).then(
        () => null,
        (caught: unknown) => caught,
      );
      assert.equal(toFault(thrown).code, code);
    }
  });
});
