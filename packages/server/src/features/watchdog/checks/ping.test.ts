import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { look, reasonOf, tempFolder } from '../testing/check-rig.ts';

/** A `ping` that takes the options of iputils and answers as it does; what it says depends on the host. */
const standIn = `#!/bin/sh
[ "$1 $2 $3" = "-n -c 1" ] && [ "$4" = "-W" ] && [ $# -eq 6 ] || { echo "ping: usage error" >&2; exit 2; }
case "$6" in
  up.test) echo "64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=12.3 ms"; exit 0;;
  down.test) echo "1 packets transmitted, 0 received, 100% packet loss, time 0ms"; exit 1;;
  noname.test) echo "ping: noname.test: Name or service not known" >&2; exit 2;;
  norights.test) echo "ping: socket: Operation not permitted" >&2; exit 2;;
esac
`;
const folder = tempFolder();
writeFileSync(join(folder, 'ping'), standIn);
chmodSync(join(folder, 'ping'), 0o755);
const kit = { baseEnv: { PATH: `${folder}:${process.env['PATH'] ?? ''}` } };
const ping = (host: string, more: object = {}) => look({ type: 'ping', host, ...more }, kit);

it('measures the time of the echo', async () => {
  const found = await ping('up.test');
  assert.ok(found.ok);
  assert.deepEqual([found.latencyMs, found.facts?.['rtt_ms']], [12.3, 12.3]);
  assert.match(reasonOf(await ping('up.test', { max_latency_ms: 10 })), /it took 12 ms/);
});

it('tells a host without an answer from a name that does not exist', async () => {
  const silent = await ping('down.test');
  assert.deepEqual([silent.ok, !silent.ok && silent.timedOut], [false, true]);
  assert.match(reasonOf(await ping('noname.test')), /Name or service not known/);
});

it('cannot tell when this machine lacks the right or the program', async () => {
  const forbidden = await ping('norights.test');
  assert.equal(!forbidden.ok && forbidden.ours, true);
  const absent = await look({ type: 'ping', host: 'up.test' }, { baseEnv: { PATH: tempFolder() } });
  assert.equal(reasonOf(absent), 'there is no program `ping` on this machine (Debian: iputils-ping)');
  assert.equal(!absent.ok && absent.ours, true);
});
