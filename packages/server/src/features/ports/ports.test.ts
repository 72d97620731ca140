import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { mkdirSync, symlinkSync } from 'node:fs';
import { PortRegistration, PortReservation } from '@vigiles/contract';
import { FaultError } from '../../kernel/fault.ts';
import { identify, listListeners } from '../../platform/process/index.ts';
import { openActionRig, type ActionRig } from '../actions/testing/action-rig.ts';
import type { ServiceFacts } from './core/named-port.ts';
import { portMigrations } from './migrations.ts';
import { createPortService, type Ports } from './service.ts';
import { createSight } from './sight.ts';
import { createPortStore } from './store.ts';
import { clientOf, end, listenerIn, type Peer } from './testing/peers.ts';

const me = 'device:test';
const code = (wanted: string) => (thrown: unknown) =>
  thrown instanceof FaultError && thrown.fault.code === wanted;

describe('named ports', () => {
  let rig: ActionRig;
  let ports: Ports;
  let services: ServiceFacts[] = [];
  let time = 1_000_000;
  const peers: Peer[] = [];
  const started = async (peer: Promise<Peer>): Promise<Peer> => {
    peers.push(await peer);
    return peer;
  };
  const pinned = (peer: Peer) => {
    const identity = identify(peer.pid);
    assert.ok(identity);
    return { pid: identity.pid, start_time: identity.startTime };
  };
  const finished = async (id: string) => {
    for (const until = Date.now() + 30_000; Date.now() < until;) {
      const run = (await rig.actions.runs({ limit: 50 })).find((one) => one.id === id);
      if (run?.state === 'finished') return run;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('the run did not end');
  };

  before(async () => {
    rig = await openActionRig({ migrations: portMigrations });
    const { look, targets } = createSight(() => services);
    rig.actions.bind({ ports: targets });
    const now = () => time;
    const store = createPortStore(rig.store, rig.events, hostname(), now);
    ports = createPortService({
      store,
      look,
      services: () => services,
      request: (request) => rig.actions.request(request),
      now,
    });
  });
  after(async () => {
    await Promise.all(peers.map(end));
    await rig.close();
  });

  it('of several who reserve the same name at once one has it, and the others are told whose it is', async () => {
    const quick = createPortService({
      store: createPortStore(rig.store, rig.events, hostname(), () => time),
      look: async () => ({ listeners: new Map(), folderOf: () => null }),
      services: () => [],
      request: (request) => rig.actions.request(request),
      now: () => time,
    });
    const asked = await Promise.allSettled(
      ['one', 'two', 'three', 'three'].map((owner) =>
        quick.reserve(PortReservation.parse({ name: 'wanted', owner, from: 39_000 }), me),
      ),
    );
    const mine = (await quick.report()).services.find(({ name }) => name === 'wanted');
    assert.ok(mine);
    const got = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.equal(got.length, mine.owner === 'three' ? 2 : 1);
    for (const { owner, port } of got) assert.deepEqual([owner, port], [mine.owner, mine.port]);
    for (const one of asked)
      if (one.status === 'rejected') assert.ok(code('port_name_taken')(one.reason), String(one.reason));
    await quick.unregister('wanted', me);
  });

  it('a kill ends the listener; a client of the same port lives on', async () => {
    const listener = await started(listenerIn(rig.home));
    const port = Number(listener.said);
    const client = await started(clientOf(port, rig.home));
    assert.equal(client.said, 'connected');
    const seen = (await ports.listeners()).find((one) => one.port === port);
    assert.deepEqual(
      seen?.processes.map(({ pid }) => pid),
      [listener.pid],
    );
    assert.deepEqual(seen?.addresses, ['127.0.0.1']);
    const run = await finished((await ports.kill(port, me, 'test', [pinned(listener)])).id);
    assert.equal(run.outcome, 'fixed', run.message);
    assert.equal(await client.next(), 'closed');
    assert.notEqual(identify(client.pid), null);
    assert.equal(identify(listener.pid), null);
    assert.equal((await ports.check({ port })).free, true);
  });

  it('a number that was given to another process is refused, and that process lives', async () => {
    const listener = await started(listenerIn(rig.home));
    const other = { ...pinned(listener), start_time: 'earlier' };
    await assert.rejects(ports.kill(Number(listener.said), me, 'test', [other]), /another one now/);
    const port = Number(listener.said);
    const stand = { pid: listener.pid, startTime: 'earlier' };
    const { targets } = createSight(() => services);
    // Even where the look before was right: what runs now is read again directly before the signal.
    rig.actions.bind({
      ports: {
        look: () =>
          Promise.resolve({ holders: [{ identity: stand, command: '', protected: null }], hidden: false }),
      },
    });
    const run = await finished((await ports.kill(port, me, 'test', [other])).id);
    rig.actions.bind({ ports: targets });
    assert.equal(run.outcome, 'not_fixed');
    assert.notEqual(identify(listener.pid), null);
  });

  it('who is only connected is never ended, even when named', async () => {
    const listener = await started(listenerIn(rig.home));
    const client = await started(clientOf(Number(listener.said), rig.home));
    await assert.rejects(
      ports.kill(Number(listener.said), me, 'test', [pinned(client)]),
      /does not listen on port/,
    );
    assert.notEqual(identify(client.pid), null);
  });

  it('Vigiles itself, its gateway and running services are kept', async () => {
    const own = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => own.once('listening', resolve));
    const { port } = own.address() as AddressInfo;
    await assert.rejects(ports.kill(port, me, 'test'), /Vigiles itself/);
    own.close();
    const listener = await started(listenerIn(rig.home));
    const facts = { supervised: true, port: Number(listener.said), pid: listener.pid, dependsOn: [] };
    services = [{ name: 'gateway', ...facts }];
    await assert.rejects(ports.kill(facts.port, me, 'test', [pinned(listener)]), /gateway of Vigiles/);
    services = [{ name: 'web', ...facts }];
    await assert.rejects(ports.kill(facts.port, me, 'test', [pinned(listener)]), /vigiles stop web/);
    assert.equal((await ports.report()).conflicts.length, 0);
    services = [{ name: 'web', ...facts, pid: null }];
    const [conflict] = (await ports.report()).conflicts;
    assert.equal(conflict?.occupying_pid, listener.pid);
    assert.match(conflict?.suggested_action ?? '', /vigiles ports kill/);
    services = [];
  });

  it('docker-proxy is told, and kept', async () => {
    const program = join(rig.home, 'docker-proxy');
    symlinkSync(process.execPath, program);
    const proxy = await started(listenerIn(rig.home, program));
    const port = Number(proxy.said);
    const found = (await ports.check({ port })).processes[0];
    assert.match(found?.protected ?? '', /into a container/);
    await assert.rejects(ports.kill(port, me, 'test', [pinned(proxy)]), /docker stop/);
    assert.notEqual(identify(proxy.pid), null);
  });

  it('healing ends what an earlier instance of a service of ours left on its port', async () => {
    const left = await started(listenerIn(rig.home));
    const port = Number(left.said);
    services = [{ name: 'web', supervised: true, port, pid: null, dependsOn: [] }];
    const identity = identify(left.pid);
    assert.ok(identity);
    const refuse = () => Promise.reject(new Error('not asked for'));
    rig.actions.bindServices({
      look: (name) => ({
        name,
        title: name,
        state: 'DOWN',
        reason: '',
        supervised: true,
        identity: null,
        healthy: false,
        port,
        parentDown: null,
        restartRisk: 'reversible',
      }),
      restart: refuse,
      start: refuse,
      stop: refuse,
      awaitHealthy: () => Promise.resolve('unknown'),
      findStale: () => (identify(left.pid) ? [{ identity, commandLine: 'node', proof: 'its mark' }] : []),
    });
    const healed = await ports.heal(me);
    services = [];
    assert.deepEqual(
      healed.runs.map(({ action, target, outcome }) => [action, target, outcome]),
      [['kill_stale_processes', 'web', 'fixed']],
    );
    assert.deepEqual(healed.conflicts, []);
    assert.equal(identify(left.pid), null);
  });

  it('a kill by port alone waits for an approval, and the watchdog may not ask at all', async () => {
    const listener = await started(listenerIn(rig.home));
    const port = Number(listener.said);
    const run = await ports.kill(port, me, 'test');
    assert.equal(run.state, 'awaiting_approval');
    await rig.actions.cancel(run.id, me);
    await finished(run.id);
    await assert.rejects(ports.kill(port, 'watchdog', 'test'), /only ended when a person asks/);
    assert.notEqual(identify(listener.pid), null);
  });

  it('two reservations at the same moment get two ports; an expired one is free again', async () => {
    const wish = (name: string, owner = 'agent') =>
      PortReservation.parse({ name, owner, from: 20_000, ttl_s: 60 });
    const [one, two] = await Promise.all([ports.reserve(wish('one'), me), ports.reserve(wish('two'), me)]);
    assert.ok(one.port !== null && two.port !== null && one.port !== two.port);
    assert.equal((await ports.check({ port: one.port })).free, false);
    assert.equal((await ports.check({ name: 'one' })).free, true);
    await assert.rejects(ports.reserve(wish('one', 'other'), me), code('port_name_taken'));
    time += 30_000;
    const again = await ports.reserve(wish('one'), me);
    assert.deepEqual([again.port, again.expires_at], [one.port, time + 60_000]);
    const moved = await ports.reassign('one', undefined, me);
    assert.ok(moved.port !== null && moved.port > one.port && moved.port !== two.port);
    await assert.rejects(
      ports.reassign('one', two.port, me),
      (thrown) => code('port_in_use')(thrown) && String(thrown).endsWith('is not free: it belongs to two.'),
    );
    time += 61_000;
    await assert.rejects(ports.named('two'), code('unknown_port_name'));
    await ports.reserve(wish('three'), me);
    assert.ok(rig.seen.some(({ type, subject }) => type === 'port.changed' && subject === 'two'));
    await ports.unregister('three', me);
    await assert.rejects(ports.unregister('three', me), code('unknown_port_name'));
  });

  it('what works in the folder of a name belongs on its port; what works elsewhere is a conflict', async () => {
    const inside = join(rig.home, 'tree', 'app');
    mkdirSync(inside, { recursive: true });
    const right = await started(listenerIn(inside));
    const wrong = await started(listenerIn(rig.home));
    const folder = join(rig.home, 'tree');
    const register = (name: string, peer: Peer) =>
      ports.register(PortRegistration.parse({ name, port: Number(peer.said), folder }), me);
    assert.deepEqual(
      [(await register('right', right)).status, (await register('wrong', wrong)).status],
      ['running', 'port_conflict'],
    );
    await assert.rejects(register('late', right), code('port_reserved'));
    const { conflicts } = await ports.report();
    assert.deepEqual(
      conflicts.map(({ service_name, occupying_pid }) => [service_name, occupying_pid]),
      [['wrong', wrong.pid]],
    );
    assert.match((await ports.env()).script, new RegExp(`export RIGHT_PORT='${right.said}'`));
    const healed = await ports.heal(me);
    assert.deepEqual([healed.runs.length, healed.conflicts.length], [0, 1]);
    assert.notEqual(identify(wrong.pid), null);
  });

  it('finds a listener on every address, as the system writes it', async () => {
    const own = createServer().listen(0);
    await new Promise((resolve) => own.once('listening', resolve));
    const { port, address } = own.address() as AddressInfo;
    const seen = (await listListeners())?.find((one) => one.port === port);
    own.close();
    assert.deepEqual(seen?.addresses, [address]);
    assert.deepEqual([seen?.processes[0]?.identity.pid, seen?.hidden], [process.pid, false]);
  });
});
