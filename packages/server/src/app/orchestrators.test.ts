import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import type { Incident, Lease } from '@vigiles/contract';
import { say, socketClients, type Ack } from '../testing/socket-clients.ts';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';
import { healing } from './healing.ts';

/** Control with its watchdog, and programs that drive sessions over plain HTTP and go away. */
let control: TestControl;

before(async () => {
  control = await startTestControl({
    extend: [healing],
    yaml: `
gateway: { enabled: false }
sessions: { lease_ttl_s: 5 }
limits:
  light: { per_minute: 1000000, per_hour: 1000000, per_day: 1000000, cooldown_s: 0 }
  standard: { per_minute: 1000000, per_hour: 1000000, per_day: 1000000, cooldown_s: 0 }
`,
  });
});
after(() => control.close());

const incidents = async (id: string): Promise<Incident[]> => {
  const path = `/api/v1/incidents?target=session:${id}`;
  return (await control.call<{ incidents: Incident[] }>('GET', path)).body.incidents;
};
const take = async (id: string, holder: string): Promise<number> => {
  const { body } = await control.call<Lease>('POST', `/api/v1/sessions/${id}/lease`, { body: { holder } });
  return body.epoch;
};
const begin = async (id: string, holder: string): Promise<number> => {
  await control.call('POST', '/api/v1/sessions', { body: { session_id: id } });
  const events = [{ type: 'execution:started', data: { task: 'mend it' } }];
  const said = await control.call('POST', `/api/v1/sessions/${id}/events`, { body: { events } });
  assert.equal(said.status, 200, JSON.stringify(said.body));
  return take(id, holder);
};

const giveBack = async (id: string, epoch: number): Promise<void> => {
  const given = await control.call('DELETE', `/api/v1/sessions/${id}/lease?epoch=${epoch}`);
  assert.equal(given.status, 200, JSON.stringify(given.body));
};

test('a program that goes without a word is an incident of its session until it is back; one that gives the session back is none', async () => {
  await giveBack('given-back', await begin('given-back', 'worker-2'));
  await begin('vanished', 'worker-1');
  await until('the incident', async () => (await incidents('vanished')).length > 0);
  const [open] = await incidents('vanished');
  assert.equal(open?.fault_id, 'S4');
  assert.match(JSON.stringify(open), /worker-1 gave no sign of life for 5 s/);
  assert.equal((await control.control.sessions.get('vanished'))?.phase, 'disconnected');
  // Given back at once: it is not to vanish again while its end is waited for.
  await giveBack('vanished', await take('vanished', 'worker-1'));
  await until('its end', async () => (await incidents('vanished'))[0]?.state === 'closed');
  assert.deepEqual(await incidents('given-back'), []);
});

test('a program that does not hold a session cannot say how it stands, whichever door it takes', async () => {
  const scopes = ['sessions:produce', 'read'] as const;
  const [holder, other] = await Promise.all([control.token(...scopes), control.token(...scopes)]);
  const path = '/api/v1/sessions/held';
  await control.call('POST', '/api/v1/sessions', { token: holder, body: { session_id: 'held' } });
  await control.call('POST', `${path}/lease`, { token: holder, body: { holder: 'worker-3' } });
  const clients = socketClients(control);
  const socket = new WebSocket(`${control.url.replace('http', 'ws')}/ws`, {
    headers: { authorization: `Bearer ${other}` },
  });
  await once(socket, 'open');
  const overWebSocket = async (event_type: string): Promise<Ack & { id?: string }> => {
    const heard = Promise.withResolvers<Ack & { id?: string }>();
    socket.on('message', (data: Buffer) => {
      const said = JSON.parse(data.toString()) as Ack & { id?: string };
      if (said.id === event_type) heard.resolve(said);
    });
    socket.send(JSON.stringify({ type: 'cli_event', id: event_type, session_id: 'held', event_type }));
    return heard.promise;
  };
  const overHttp = (type: string, where = '/events') =>
    control.call<{ code?: string }>('POST', path + where, { token: other, body: { events: [{ type }] } });
  const own = clients.client(holder);
  try {
    for (const type of ['execution:started', 'execution:progress']) {
      for (const where of ['/events', '/events/volatile']) {
        const { status, body } = await overHttp(type, where);
        assert.deepEqual([status, body.code], [409, 'held_by_other'], `${where} ${type}`);
      }
      assert.equal((await overWebSocket(type)).code, 'held_by_other', type);
      assert.equal((await say(clients.client(other), 'held', type)).code, 'held_by_other', type);
    }
    assert.equal((await control.control.sessions.get('held'))?.phase, 'idle');
    assert.equal((await overHttp('file:modified')).status, 200, 'what else happened it may say');
    assert.equal((await say(own, 'held', 'execution:started')).success, true);
    assert.equal((await control.control.sessions.get('held'))?.phase, 'running');
  } finally {
    socket.terminate();
    clients.close();
  }
});
