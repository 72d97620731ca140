import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { WatchdogConfig } from '@vigiles/contract';
import { newFolder, removeFolder, vigiles } from '../testing/vigiles.ts';
import type { Existing } from './draft-book.ts';
import { proposalOf } from './read-source.ts';
import { proposalView } from './show.ts';
import { gatus, healthConfig, kumaBackup } from './testing/monitors.ts';

const empty: Existing = { providers: [], routes: [], secrets: [] };
const read = (text: string, existing = empty) => proposalOf(text, 'file', existing);
const left = (text: string) => read(text).left_out.map(({ what }) => what);

test('health_config.json becomes services by port, and its thresholds count', () => {
  const { source, services } = read(healthConfig);
  assert.equal(source, 'health_config.json');
  assert.deepEqual(services, [
    {
      name: 'agent',
      port: 3000,
      checks: [{ type: 'http', url: 'http://127.0.0.1:3000/health' }],
      failures_to_down: 5,
    },
    { name: 'postgres', port: 5432, checks: [{ type: 'tcp', port: 5432 }], failures_to_down: 5 },
    {
      name: 'host',
      checks: [{ type: 'resource', of: 'host', max_cpu_percent: 90, max_memory_percent: 85 }],
    },
  ]);
  assert.deepEqual(left(healthConfig), ['postgres: health_endpoint', 'service nameless', 'thresholds.odd']);
});

test('an Uptime Kuma backup becomes services by the type of each monitor', () => {
  const { source, services, secrets } = read(kumaBackup);
  assert.equal(source, 'Uptime Kuma');
  assert.deepEqual(
    services.map(({ name, checks }) => `${name} ${checks[0]?.type}`),
    [
      'shop http',
      'queue http',
      'ssh tcp',
      'router ping',
      'mx dns',
      'backup heartbeat',
      'main-db sql',
      'box container',
      'shop-2 http',
    ],
  );
  assert.deepEqual(services[0], {
    name: 'shop',
    title: 'Shop',
    checks: [
      {
        type: 'http',
        url: 'https://shop.example/',
        headers: { Authorization: '${secret:shop-authorization}', 'X-Region': 'eu' },
        contains: 'Welcome',
        redirects: 10,
        certificate_days: 14,
        interval_s: 60,
        timeout_s: 48,
      },
    ],
    failures_to_down: 3,
  });
  assert.deepEqual(services[1]?.checks[0], {
    type: 'http',
    url: 'http://10.0.0.2/q',
    status: [200, 404],
    json: [{ path: 'queue.depth', value: 0 }],
  });
  assert.deepEqual(
    secrets.map(({ value }) => value),
    ['Bearer marked-1', 'marked2marked2marked2', 'postgres://u:marked-3@db/x'],
  );
  assert.deepEqual(left(kumaBackup).toSorted(), [
    'Backup: pushToken',
    'Box: docker_host',
    'Shop: notificationIDList',
    'Shop: retryInterval',
    'monitor Game',
    'monitor Old',
    'monitor Reverse',
    'monitor shop',
    'name shop',
    'notification Team chat',
  ]);
});

test('a Gatus configuration becomes services, conditions one by one, and its maintenance window', () => {
  const { source, services, maintenance } = read(gatus);
  assert.equal(source, 'Gatus');
  assert.deepEqual(services[0], {
    name: 'core-front',
    title: 'core front',
    checks: [
      {
        type: 'http',
        url: 'https://example.org/health',
        headers: { Authorization: '${secret:core-front-authorization}', 'X-Key': '${env:API_KEY}' },
        redirects: 10,
        status: [200, 204],
        max_latency_ms: 300,
        certificate_days: 2,
        contains: 'fine',
        json: [
          { path: 'status', is: 'equals', value: 'UP' },
          { path: 'items[0].age', is: 'below', value: 10 },
        ],
        interval_s: 60,
      },
    ],
    failures_to_down: 4,
    successes_to_up: 3,
  });
  assert.deepEqual(
    services.slice(1).map(({ name, checks }) => [name, checks[0]]),
    [
      ['resolver', { type: 'dns', name: 'example.org', record: 'A', resolver: '8.8.8.8', interval_s: 60 }],
      ['gate', { type: 'ping', host: 'gate.lan', interval_s: 30 }],
      ['nightly', { type: 'heartbeat', period_s: 108_000 }],
    ],
  );
  assert.deepEqual(maintenance, [
    {
      from: '23:30',
      to: '00:30',
      reason: 'imported from Gatus',
      time_zone: 'Europe/Amsterdam',
      weekdays: ['mon', 'thu'],
    },
  ]);
  assert.deepEqual(left(gatus), [
    'alerting',
    'core front: len([BODY].list) > 2',
    'core front: [DOMAIN_EXPIRATION] > 720h',
    'core front: alerts',
    'gate: [STATUS] == 200',
    'endpoint mail',
    'endpoint later',
    'nightly: token',
    'storage',
  ]);
});

test('of several Gatus conditions about the same, all hold', () => {
  const conditions = [
    '[STATUS] >= 200',
    '[STATUS] < 202',
    '[RESPONSE_TIME] < 900',
    '[RESPONSE_TIME] <= 300',
    '[CERTIFICATE_EXPIRATION] > 48h',
    '[CERTIFICATE_EXPIRATION] > 240h',
    '[BODY] == pat(*first*)',
    '[BODY] == pat(*a.b (c)*)',
    '[BODY] == pat(*third*)',
    '[BODY] != pat(*error*)',
    '[BODY] != pat(*panic*)',
    '[STATUS] == 500',
  ];
  const endpoint = { name: 'front', url: 'https://front.example/', conditions };
  const { services, left_out: out } = read(JSON.stringify({ endpoints: [endpoint] }));
  assert.deepEqual(services[0]?.checks, [
    {
      type: 'http',
      url: 'https://front.example/',
      redirects: 10,
      status: [200, 201],
      max_latency_ms: 300,
      certificate_days: 10,
      contains: 'first',
      matches: 'a\\.b \\(c\\)',
      lacks: 'error',
      interval_s: 60,
    },
  ]);
  assert.deepEqual(
    out.map(({ what, why }) => [what, why]),
    [
      ['front: [BODY] == pat(*third*)', 'a check asks for two texts at most'],
      ['front: [BODY] != pat(*panic*)', 'a check forbids one text at most'],
      ['front: [STATUS] == 500', 'no status fits all conditions'],
    ],
  );
});

for (const [name, text] of Object.entries({ healthConfig, kumaBackup, gatus })) {
  test(`what ${name} proposes is what vigiles.yaml takes, and shows no secret`, () => {
    const proposal = read(text);
    const { services, maintenance } = proposal;
    assert.deepEqual(WatchdogConfig.safeParse({ services, maintenance }).error?.issues ?? [], []);
    assert.ok(!proposalView(proposal, 'vigiles.yaml', 'file').includes('marked'));
  });
}

test('hostile shapes are listed and never thrown over', () => {
  for (const text of [
    '{"monitorList": [1, null, {"name": 5}, {"name": "__proto__", "type": "http", "url": "file:///etc/passwd"}]}',
    '{"monitorList": [{"name": "a", "type": "dns"}, {"name": "b", "type": "port", "hostname": "h", "port": 99999}]}',
    '{"services": [1, {"health_endpoint": "/x"}, {"name": "n", "port": "80", "health_endpoint": "/"}]}',
    '{"endpoints": [3, {"conditions": 5}, {"name": "x", "conditions": ["[STATUS] == x"], "url": "ssh://h"}]}',
  ]) {
    const proposal = read(text);
    assert.deepEqual(proposal.services, []);
    assert.ok(proposal.left_out.length > 0);
  }
});

test('without --apply nothing changes; with it services stand in vigiles.yaml beside what was there', async (t) => {
  const home = newFolder();
  t.after(() => removeFolder(home));
  const [config, file] = [join(home, 'vigiles.yaml'), join(home, 'backup.json')];
  const yaml =
    '# mine\nwatchdog:\n  services:\n    - { name: ssh, checks: [{ type: tcp, port: 22 }] } # keep\n';
  writeFileSync(config, yaml);
  writeFileSync(file, kumaBackup);
  const shown = await vigiles(['import', file], { home });
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /\+ {4}- \{ name: shop, /);
  assert.match(shown.stdout, /backup\.json:\d+ monitor Game: there is no check for type “steam” here/);
  assert.equal(readFileSync(config, 'utf8'), yaml);
  const applied = await vigiles(['import', file, '--apply'], { home });
  assert.equal(applied.code, 0, applied.stderr);
  const after = readFileSync(config, 'utf8');
  assert.ok(after.startsWith('# mine\n') && after.includes('# keep'));
  assert.match(after, /name: ssh-2/);
  assert.ok(!after.includes('marked'));
  assert.match(applied.stdout, /9 more services/);
});
