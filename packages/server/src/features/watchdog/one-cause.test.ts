import assert from 'node:assert/strict';
import { createServer as createPlain } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createServer as createTls } from 'node:tls';
import { makeAuthority } from './testing/certificates.ts';
import { startNameServer } from './testing/name-server.ts';
import { openRig, removeHome, tempHome, until, type Rig } from './testing/rig.ts';

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );

describe('one cause is one incident', () => {
  const home = tempHome();
  const secure = createTls(makeAuthority(home).issue('app.test', 10));
  secure.on('tlsClientError', () => undefined);
  const plain = createPlain((socket) => {
    socket.on('error', () => undefined);
    socket.end('220 hello\r\n');
  });
  let answers: number[] | number = 3;
  let names: Awaited<ReturnType<typeof startNameServer>>;
  let rig: Rig;

  before(async () => {
    names = await startNameServer(() =>
      typeof answers === 'number' ? answers : [{ type: 1, data: Buffer.from(answers) }],
    );
    const pace = { interval_s: 0.1, timeout_s: 1 };
    const [securePort, plainPort] = [await listening(secure), await listening(plain)];
    const dns = { type: 'dns', name: 'app.test', resolver: '127.0.0.1', resolver_port: names.port, ...pace };
    const tls = { type: 'tls', host: '127.0.0.1', server_name: 'app.test', ...pace };
    rig = await openRig({
      home,
      services: [
        { name: 'named', checks: [dns] },
        { name: 'quick', checks: [dns], failures_to_down: 1 },
        { name: 'secured', checks: [{ ...tls, port: securePort }] },
        { name: 'plain', checks: [{ ...tls, port: plainPort }] },
      ],
    });
  });
  after(async () => {
    await rig.close();
    names.close();
    secure.close();
    plain.close();
    removeHome(home);
  });

  /** Its incident, once the service is down and a person was called. */
  const storyOf = async (name: string) => {
    await until(`${name} is down`, () => rig.state(name) === 'DOWN');
    return until(`a person is called for ${name}`, async () => {
      const found = await rig.watchdog.incidents({ target: name, limit: 10 });
      return found.find(
        ({ fault_code: code, state }) => code === 'check_failing' && state === 'needs_person',
      );
    });
  };
  const told: string[] = [];
  const toldOf = (id: string) =>
    rig.alerts().filter(({ data }) => (data as { incident_id: string | null }).incident_id === id).length;

  for (const [name, fault] of [
    ['named', 'A7'],
    ['quick', 'A7'],
    ['secured', 'A6'],
    ['plain', 'A5'],
  ] as const) {
    it(`${name}: ${fault}, from the first failed look to the state that follows from it`, async () => {
      const incident = await storyOf(name);
      assert.deepEqual([incident.fault_id, incident.severity], [fault, 'critical']);
      const all = await rig.watchdog.incidents({ target: name, limit: 10 });
      assert.deepEqual(
        all.map(({ id }) => id),
        [incident.id],
      );
      await until('people are told', () => toldOf(incident.id) > 0);
      told.push(incident.id);
    });
  }

  it('of which people are told once', () => {
    assert.deepEqual(told.map(toldOf), [1, 1, 1, 1]);
  });

  it('and is over when the service is well again', async () => {
    answers = [127, 0, 0, 1];
    await rig.up('named');
    const incident = await rig.incident('named', 'closed');
    assert.equal(incident.fault_id, 'A7');
    assert.equal((await rig.watchdog.incidents({ target: 'named', limit: 10 })).length, 1);
  });
});
