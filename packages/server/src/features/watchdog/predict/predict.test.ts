import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createServer } from 'node:tls';
import { ServiceConfig } from '@vigiles/contract';
import { silentLog } from '../../../kernel/log.ts';
import { identify } from '../../../platform/process/index.ts';
import { checksOf } from '../policy.ts';
import type { BudgetBurn } from './index.ts';
import { makeAuthority } from '../testing/certificates.ts';
import { openRig, removeHome, tempHome, until, type Rig } from '../testing/rig.ts';
import { createPredictor } from './predictor.ts';
import { trendForeteller } from './trends.ts';
import { limitsOf } from './limits.ts';
import type { Signal } from '../core/detect/signal.ts';

const hour = 3_600_000;
const MB = 1_048_576;

describe('what is foreseen becomes an incident and is taken back', () => {
  const home = tempHome();
  const authority = makeAuthority(home);
  const server = createServer(authority.issue('app.test', 10));
  server.on('tlsClientError', () => undefined);
  let burns: BudgetBurn[] = [];
  let rig: Rig;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    burns = [
      {
        target: 'budget:device:laptop',
        words: 'the daily budget of device laptop',
        span: 'daily',
        spentMicros: 4e6,
        limitMicros: 10e6,
        endsAt: Date.now() + 12 * hour,
        parts: [5e5, 5e5, 5e5, 5e5],
        partMs: hour / 4,
      },
    ];
    rig = await openRig({
      home,
      predictEveryMs: 10,
      budgets: async () => burns,
      services: [
        {
          name: 'shop',
          checks: [
            {
              type: 'tls',
              host: '127.0.0.1',
              port,
              server_name: 'app.test',
              ca_file: authority.ca,
              certificate_days: 9,
              interval_s: 0.2,
            },
          ],
        },
      ],
    });
  });
  after(async () => {
    await rig.close();
    server.close();
    removeHome(home);
  });

  it('a budget that will not last: told with the time left, closed when its pace slows down', async () => {
    const target = 'budget:device:laptop';
    const open = await until('the budget’s incident', async () => {
      const [found] = await rig.watchdog.incidents({ target, limit: 1 });
      return found?.state === 'needs_person' ? found : null;
    });
    assert.match(open.title, /the daily budget of device laptop will be spent in about 3 hours$/);
    assert.equal(open.severity, 'warning');
    assert.equal(open.fault_id, 'P4');
    assert.equal(open.timeline[0]?.evidence['source'], 'prediction');
    assert.equal(open.timeline[0]?.evidence['time_left_ms'], 3 * hour);
    const alert = await until('the alert', () => rig.alerts().find(({ subject }) => subject === target));
    assert.equal((alert.data as { incident_id: string }).incident_id, open.id);
    burns = [];
    const closed = await until('it is over', async () => {
      const [found] = await rig.watchdog.incidents({ target, limit: 1 });
      return found?.state === 'closed' ? found : null;
    });
    assert.equal(closed.id, open.id);
    assert.equal(rig.alerts().filter(({ subject }) => subject === target).length, 1);
  });

  it('a certificate that nobody renews: the service tells it, and nothing is restarted', async () => {
    const [found] = await until('the prediction', () => {
      const { predictions } = rig.service('shop');
      return predictions.length > 0 ? predictions : null;
    });
    assert.equal(found?.kind, 'certificate');
    assert.match(found.title, /^shop: its certificate expires in about (9|10) days$/);
    const [incident] = await until('its incident', async () => {
      const list = await rig.watchdog.incidents({ target: 'shop', limit: 1 });
      return list.length > 0 ? list : null;
    });
    assert.equal(incident?.fault_id, 'P5');
    assert.equal(rig.state('shop'), 'UP');
    assert.equal(
      rig.seen.filter(({ type }) => type.startsWith('action.') && type.includes('restart')).length,
      0,
    );
  });
});

describe('limits of services', () => {
  const worker = ServiceConfig.parse({
    name: 'worker',
    checks: [
      { type: 'resource', max_memory_mb: 300 },
      { type: 'tcp', port: 1, timeout_s: 2, max_latency_ms: 700 },
    ],
  });
  const services = new Map([
    ['worker', { name: 'worker', checks: () => checksOf(worker), identity: () => identify(process.pid) }],
  ]);
  const free = limitsOf(services, async () => null);

  it('memory runs towards the least of control group, check and machine; answers towards their check’s timeout', async () => {
    assert.equal((await free('memory', 'worker'))?.value, 300 * MB);
    const caged = await limitsOf(services, async () => 128 * MB)('memory', 'worker');
    assert.deepEqual([caged?.value, caged?.sentence], [128 * MB, 'memory will reach its limit of 128 MB']);
    assert.equal((await free('check.latency', 'worker/tcp:1'))?.value, 700);
    assert.equal(await free('latency', 'worker'), null);
    assert.equal(await free('memory', 'gone'), null);
  });

  it('a leak is foreseen against them after three looks, and taken back after six without it', async () => {
    const now = Date.now();
    const clock = { now: () => now, monotonic: () => performance.now() };
    let leaking = true;
    // Figures as the history answers them: two hours, 1 MB a minute.
    const ask = (async (kind: string) =>
      kind === 'series'
        ? [{ id: 1, name: 'memory', target: 'worker', scale: 1, bits: 10 }]
        : {
            start: now - 2 * hour,
            stepMs: 120_000,
            lines: [
              {
                target: 'worker',
                avg: Array.from({ length: 60 }, (_, at) => (100 + (leaking ? 2 * at : 0)) * MB),
                p50: [],
              },
            ],
          }) as never;
    const heard: Signal[] = [];
    const predictor = createPredictor({
      foretellers: [trendForeteller({ history: { ask, hasHistory: () => true }, clock, limitOf: free })],
      clock,
      log: silentLog,
      signal: (signal) => heard.push(signal),
    });
    for (let at = 0; at < 3; at += 1) await predictor.look();
    assert.match(
      predictor.of('worker')[0]?.title ?? '',
      /^worker: memory will reach the 300 MB that its check allows in about 8\d minutes$/,
    );
    leaking = false;
    for (let at = 0; at < 6; at += 1) await predictor.look();
    assert.deepEqual(predictor.list(), []);
    assert.deepEqual(
      heard.map(({ name, cleared = false }) => [name, cleared]),
      [
        ['prediction.memory', false],
        ['prediction.memory', true],
      ],
    );
  });

  it('a history that is away takes nothing back', async () => {
    const clock = { now: () => 0, monotonic: () => 0 };
    let away = false;
    const foresight = { timeLeftMs: hour, earliestMs: hour, latestMs: null, confidence: 1, value: 1 };
    const found = {
      kind: 'disk',
      target: 'host',
      targetClass: 'host',
      part: '',
      sentence: 'The disk will be full',
      basis: 'At its pace',
      foresight,
      limit: 98,
      unit: 'percent',
    } as const;
    const predictor = createPredictor({
      foretellers: [
        { kinds: ['disk'], look: async () => (away ? Promise.reject(new Error('away')) : [found]) },
      ],
      clock,
      log: silentLog,
      signal: () => undefined,
    });
    for (let at = 0; at < 3; at += 1) await predictor.look();
    away = true;
    for (let at = 0; at < 10; at += 1) await predictor.look();
    assert.equal(predictor.list()[0]?.title, 'The disk will be full in about 60 minutes');
  });
});
