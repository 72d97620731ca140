import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { HealthSnapshot, StatusPage } from '@vigiles/contract';
import { WebSocket } from 'ws';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';
import { healing } from './healing.ts';

const hidden = 'api-key-sk-live-marked';

describe('the mission-control API and the public page', () => {
  let test: TestControl;
  let answers = true;
  const host = createServer((_request, response) => response.writeHead(answers ? 200 : 503).end());

  before(async () => {
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const { port } = host.address() as AddressInfo;
    const check = `{ type: http, url: "http://127.0.0.1:${port}/secret-path?token=${hidden}", interval_s: 0.2 }`;
    test = await startTestControl({
      extend: [healing],
      env: { PATH: process.env['PATH'] },
      yaml: `gateway: { enabled: false }
watchdog:
  veto_s: 60
  services:
    - { name: inner-api, title: "The <b>API</b>", port: ${port}, failures_to_down: 1, checks: [${check}] }
    - { name: worker, command: ["${process.execPath}", "-e", "setInterval(() => {}, 1000)"] }
    - { name: private-thing, title: Private thing, checks: [${check}] }
status_page:
  enabled: true
  title: Our status
  groups: [{ title: Public, services: [inner-api] }]
`,
    });
    await until('all are up', async () => (await health()).system.up === 3);
  });
  after(async () => {
    await test.close();
    host.closeAllConnections();
    host.close();
  });

  const health = async (query = '') => (await test.call<HealthSnapshot>('GET', `/api/health${query}`)).body;

  it('every path of it needs a token, reading is not changing, and each has a twin under /api/v1', async () => {
    const reader = await test.token('read');
    const reads = ['/api/health', '/api/history', '/api/logs', '/api/metrics', '/api/loop-status'];
    const twins = [
      '/api/v1/health',
      '/api/v1/history',
      '/api/v1/recovery-log',
      '/api/v1/metrics',
      '/api/v1/loop-status',
    ];
    for (const path of [...reads, ...twins]) {
      assert.equal((await test.call('GET', path, { token: null })).status, 401, path);
      assert.equal((await test.call('GET', path, { token: reader })).status, 200, path);
    }
    for (const [method, path] of [
      ['DELETE', '/api/logs'],
      ['POST', '/api/health-check'],
      ['POST', '/api/recovery'],
    ] as const) {
      assert.equal((await test.call(method, path, { token: null })).status, 401, path);
      assert.equal((await test.call(method, path, { token: reader })).status, 403, path);
    }
  });

  it('health has the seed’s fields, real figures, and pages', async () => {
    const whole = await health();
    assert.equal(whole.system.status, 'healthy');
    assert.equal(new Date(whole.timestamp).toISOString(), whole.timestamp);
    const api = whole.services.find(({ name }) => name === 'inner-api');
    assert.equal(api?.status, 'healthy');
    assert.equal(api.uptime, 100);
    assert.ok((api.latency_ms ?? 0) > 0);
    assert.ok(!JSON.stringify(whole).includes(hidden));
    const page = await health('?limit=1&after=inner-api');
    assert.deepEqual(
      page.services.map(({ name }) => name),
      ['private-thing'],
    );
    assert.equal(page.system.total, 3);
  });

  it('Prometheus reads the watchdog’s numbers, each label one of few', async () => {
    const { body } = await test.call<string>('GET', '/metrics');
    const value = (line: string) =>
      Number(
        body
          .split('\n')
          .find((each) => each.startsWith(`${line} `))
          ?.slice(line.length),
      );
    assert.equal(value('vigiles_services{state="UP"}'), 3);
    assert.equal(value('vigiles_services{state="DOWN"}'), 0);
    assert.equal(value('vigiles_service_up{service="worker"}'), 1);
    assert.ok(value('vigiles_check_looks_total{type="http"}') > 0);
    assert.ok(value('vigiles_check_latency_seconds_total{type="http"}') > 0);
    assert.ok(value('process_resident_memory_bytes') > 0);
    assert.ok(value('nodejs_eventloop_lag_seconds') >= 0);
    for (const name of [
      'vigiles_incidents_open{severity="critical"}',
      'vigiles_incidents_need_person',
      'vigiles_predictions{kind="budget"}',
      'vigiles_guards_open',
      'vigiles_storm_breaker_open',
      'vigiles_ai_spend_dollars',
    ])
      assert.equal(value(name), 0, name);
    assert.ok(value('vigiles_history_waiting_samples') >= 0);
  });

  it('a health check looks now, is true to what it finds, and becomes history that pages back', async () => {
    const good = await test.call<{ success: boolean }>('POST', '/api/health-check', { body: {} });
    assert.equal(good.body.success, true);
    await test.call('POST', '/api/v1/health-check', { body: { services: ['worker'] } });
    const { body: history } = await test.call<HealthSnapshot[]>('GET', '/api/history');
    assert.ok(history.length >= 2);
    const newest = history.at(-1)?.timestamp ?? '';
    assert.ok(newest > (history[0]?.timestamp ?? ''));
    const older = await test.call<HealthSnapshot[]>('GET', `/api/history?limit=1&before=${newest}`);
    assert.equal(older.body.length, 1);
    assert.ok((older.body[0]?.timestamp ?? newest) < newest);
    assert.equal((await test.call('GET', '/api/history?before=yesterday')).status, 400);
    assert.equal(
      (await test.call('POST', '/api/health-check', { body: { services: ['nobody'] } })).status,
      404,
    );
  });

  it('a recovery restarts nothing healthy, touches only what it is asked for, and can be planned and vetoed', async () => {
    const nothing = await test.call<{ runs: []; output: string }>('POST', '/api/recovery', { body: {} });
    assert.equal(nothing.status, 202);
    assert.deepEqual(nothing.body.runs, []);
    assert.match(nothing.body.output, /Nothing .* is down/);
    const planned = await test.call<{ plans: { target: string }[]; runs: [] }>('POST', '/api/recovery', {
      body: { service: 'worker', plan: true, force: true },
    });
    assert.deepEqual(
      planned.body.plans.map(({ target }) => target),
      ['worker'],
    );
    assert.deepEqual(planned.body.runs, []);
    const begun = await test.call<{ success: boolean; runs: { id: string; state: string }[] }>(
      'POST',
      '/api/v1/recovery',
      { body: { service: 'worker', force: true } },
    );
    const [run] = begun.body.runs;
    assert.ok(run && begun.body.success);
    await test.call('POST', `/api/v1/actions/runs/${run.id}/cancel`, { body: {} });
    const watched = await test.call<{ success: boolean; refused: { service: string }[] }>(
      'POST',
      '/api/recovery',
      { body: { service: 'inner-api', force: true } },
    );
    assert.equal(watched.body.success, false);
    assert.equal(watched.body.refused[0]?.service, 'inner-api');
  });

  it('the recovery log tells each run in a line, and clearing it leaves the audit chain whole', async () => {
    const { body: log } = await test.call<{ entries: string[] }>('GET', '/api/logs');
    assert.ok(log.entries.some((line) => /^\[\d{4}-.*\] restart_service worker: /.test(line)));
    const cleared = await test.call<{ success: boolean; message: string }>('DELETE', '/api/logs');
    assert.deepEqual(cleared.body, { success: true, message: 'Logs cleared' });
    assert.deepEqual((await test.call<{ entries: string[] }>('GET', '/api/logs')).body.entries, []);
    const chain = await test.call<{ ok: boolean; records: number }>('GET', '/api/v1/audit/verify');
    assert.ok(chain.body.ok && chain.body.records > 0);
    const metrics = await test.call<{ recovery_count: number; active_services: number }>(
      'GET',
      '/api/metrics',
    );
    assert.ok(metrics.body.recovery_count >= 1);
    assert.equal(metrics.body.active_services, 3);
  });

  it('the loop says how many checks there are and how late they begin', async () => {
    const { body } = await test.call<{
      active: boolean;
      checks: number;
      jitter_ms: { p99: number | null };
    }>('GET', '/api/loop-status');
    assert.equal(body.active, true);
    assert.equal(body.checks, 3);
    assert.ok((body.jitter_ms.p99 ?? -1) >= 0);
  });

  it('a WebSocket client that only listens gets the health of the fleet, and each change of it', async () => {
    const heard: Partial<HealthSnapshot>[] = [];
    const ws = new WebSocket(`${test.url.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Bearer ${await test.token('read')}` },
    });
    ws.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Partial<HealthSnapshot>));
    const saw = (status: string) =>
      heard.some(({ system, services }) => services?.length === 3 && system?.status === status);
    try {
      await until('it hears of health', () => saw('healthy'));
      answers = false;
      await until('it hears of trouble', () => saw('unhealthy'));
    } finally {
      ws.close();
    }
  });

  it('the public page needs no token, is cacheable, and tells titles, states and times only', async () => {
    const page = await test.call<string>('GET', '/status', { token: null });
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /text\/html/);
    assert.match(page.headers.get('cache-control') ?? '', /public, max-age=\d+/);
    assert.match(page.body, /The &lt;b&gt;API&lt;\/b&gt;/);
    await until('it says that it is down', async () => {
      const { body } = await test.call<StatusPage>('GET', '/status.json', { token: null });
      return body.state === 'down' && body.incidents.length === 1;
    });
    const data = await test.call<StatusPage>('GET', '/status.json', { token: null });
    const told = JSON.stringify(data.body) + page.body;
    const { port } = host.address() as AddressInfo;
    for (const secret of [
      hidden,
      'secret-path',
      '127.0.0.1',
      String(port),
      'HTTP 503',
      'worker',
      'rivate',
      'inner-api',
      'check_failing',
    ])
      assert.ok(!told.includes(secret), secret);
    const [service] = data.body.groups[0]?.services ?? [];
    assert.equal(service?.days.length, 90);
    assert.ok((service.uptime ?? 1) < 1, 'downtime is never shown as 100 %');
  });
});

describe('without status_page.enabled', () => {
  it('there is no public page', async () => {
    const test = await startTestControl({ extend: [healing], yaml: 'gateway: { enabled: false }\n' });
    try {
      for (const path of ['/status', '/status.json'])
        assert.equal((await test.call('GET', path, { token: null })).status, 404);
    } finally {
      await test.close();
    }
  });
});
