import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openRig, removeHome, tempHome, until, type Rig } from './testing/rig.ts';

/** As the guide shows them, with limits that this machine passes. */
const rules = `
faults:
  - id: OURS-FILES
    title: It holds many files
    applies_to: { class: [service], target: [busy] }
    detectors: [{ type: resource, signal: many, metric: fds, above: 3 }]
    when: many
    tier1: [{ action: alert_user }]
    docs: { what: Too many., seen: Counted., done: Told., person: Look. }
    examples: { match: [{ steps: [{ input: resource.fds, fields: { value: 4 } }] }] }
  - id: OURS-THREADS
    title: It has threads and holds the processor
    applies_to: { class: [service], target: [busy] }
    detectors:
      - { type: resource, signal: threads, metric: threads, above: 1 }
      - { type: resource, signal: busy, metric: cpu_percent, above: 20 }
    when: threads and busy
    docs: { what: Too busy., seen: Counted., done: Told., person: Look. }
    examples:
      match:
        - steps:
            - { input: resource.threads, fields: { value: 9 } }
            - { input: resource.cpu_percent, fields: { value: 99 } }
  - id: OURS-DISK
    title: Its disk is not empty
    applies_to: { class: [service] }
    detectors:
      - { type: resource, signal: filling, metric: disk_free_percent, below: 101, where: { disk: THE_FOLDER } }
    when: filling
    docs: { what: Full., seen: Measured., done: Told., person: Look. }
    examples:
      match: [{ steps: [{ input: resource.disk_free_percent, fields: { value: 5, disk: THE_FOLDER } }] }]
      nomatch: [{ steps: [{ input: resource.disk_free_percent, fields: { value: 5, disk: /elsewhere } }] }]
  - id: OURS-DEGRADED
    title: It answers, but says that it is degraded
    severity: info
    applies_to: { class: [service], target: [shop] }
    detectors:
      - { type: http, signal: degraded, where: { status: 203, ok: true } }
      - { type: resource, signal: answered, metric: latency_ms, above: 0 }
    when: degraded and answered
    docs: { what: Degraded., seen: Its status., done: Noted., person: Look. }
    examples:
      match:
        - steps:
            - { input: check.http, fields: { ok: true, status: 203 } }
            - { input: resource.latency_ms, fields: { value: 3 } }
`;

describe('a rule file of one’s own over what checks and processes use', () => {
  const home = tempHome();
  const shop = createServer((_request, response) => response.writeHead(203).end());
  let rig: Rig;
  before(async () => {
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    const { port } = shop.address() as AddressInfo;
    mkdirSync(join(home, 'catalogue'));
    writeFileSync(join(home, 'catalogue', 'ours.yaml'), rules.replaceAll('THE_FOLDER', JSON.stringify(home)));
    rig = await openRig({
      home,
      services: [
        {
          name: 'busy',
          // Two fifths of a core, for a minute.
          command: [
            process.execPath,
            '-e',
            'const end = Date.now() + 60_000; const work = () => { const until = Date.now() + 40; while (Date.now() < until); if (until < end) setTimeout(work, 60); }; work();',
          ],
          stop_timeout_s: 0.2,
        },
        {
          name: 'shop',
          checks: [
            { type: 'http', url: `http://127.0.0.1:${port}/`, interval_s: 0.1, status: [203] },
            { type: 'resource', of: 'host', disk: home, interval_s: 1 },
          ],
        },
      ],
    });
  });
  after(async () => {
    shop.close();
    await rig.close();
    removeHome(home);
  });

  const sighted = (target: string, fault: string) =>
    until(`${fault} of ${target}`, async () => {
      const list = await rig.watchdog.incidents({ target, limit: 10 });
      return list.find(({ fault_id }) => fault_id === fault);
    });

  it('a fact of an HTTP check and its latency decide together, though the check is content', async () => {
    const found = await sighted('shop', 'OURS-DEGRADED');
    assert.equal(found.severity, 'info');
    await rig.up('shop');
    assert.equal(found.timeline[0]?.evidence['source'], 'check');
  });

  it('the free space of one disk', async () => {
    const found = await sighted('shop', 'OURS-DISK');
    assert.match(found.title, /its disk is not empty/);
  });

  it('open files, threads and the share of a processor of a supervised process', async () => {
    const [, threads] = await Promise.all([sighted('busy', 'OURS-FILES'), sighted('busy', 'OURS-THREADS')]);
    await until(
      'a person is asked',
      async () => (await sighted('busy', 'OURS-FILES')).state === 'needs_person' || undefined,
    );
    assert.equal(threads.timeline[0]?.evidence['source'], 'process');
  });
});
