import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import type { CommandResult, Decision, Lease } from '@vigiles/contract';
import type { Route } from '../kernel/route.ts';
import { createSessionDoor } from '../features/sessions/socket/session-door.ts';
import { socketClients } from '../testing/socket-clients.ts';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';

/** Stands in everything that tenant A has: whoever else is sent it was told too much. */
const secret = 'acme-only-7f3a';

/** This many calls are none of its business here. */
const many = '{ per_minute: 100000, per_hour: 100000, per_day: 100000, cooldown_s: 0 }';

/** What a device of another tenant gets when it calls with the ids of A. */
type Expected = { status: number; code?: string } | 'empty';
interface Case {
  expect: Expected;
  body?: unknown;
  query?: string;
}

const gone: Expected = { status: 404, code: 'session_not_found' };
const noScope: Expected = { status: 403, code: 'scope_missing' };

describe('two tenants', () => {
  let rig: TestControl;
  let clients: ReturnType<typeof socketClients>;
  let a: string;
  let b: string;
  const id = 'acme-session';
  let ids: Record<string, string>;
  let epoch = 0;

  before(async () => {
    rig = await startTestControl({ yaml: `limits: { light: ${many}, standard: ${many}, heavy: ${many} }` });
    clients = socketClients(rig);
    a = await rig.tenantToken('acme', 'sessions:command', 'sessions:produce');
    b = await rig.tenantToken('bolt', 'sessions:command', 'sessions:produce');
    const call = <T>(method: string, path: string, body: unknown) =>
      rig.call<T>(method, path, { token: a, body }).then((answer) => answer.body);
    const path = `/api/v1/sessions/${id}`;
    await call('POST', '/api/v1/sessions', { session_id: id, metadata: { title: secret } });
    epoch = (await call<Lease>('POST', `${path}/lease`, { holder: secret })).epoch;
    const decision = await call<Decision>('POST', `${path}/decisions`, {
      question: secret,
      options: ['A', 'B'],
      timeout_s: 600,
    });
    const command = await call<CommandResult>('POST', `${path}/commands`, { type: 'HALT', reason: secret });
    const checkpoint = await call<{ checkpoint_id: string }>('POST', `${path}/checkpoints`, {
      label: secret,
    });
    await call('POST', `${path}/events`, {
      events: [{ type: 'skill:started', data: { skill_name: secret } }],
    });
    await call('POST', '/api/v1/skills', { skills: [{ name: 'acme-skill', description: secret }] });
    ids = {
      session_id: id,
      decision_id: decision.decision_id,
      command_id: command.command_id ?? '',
      checkpoint_id: checkpoint.checkpoint_id,
      name: 'acme-skill',
      event: 'PreToolUse',
    };
  });
  after(async () => {
    clients.close();
    await rig.close();
  });

  /** Every route about sessions, skills and agents. A new one is added here with what another tenant gets. */
  const cases = (): Record<string, Case> => {
    const path = '/api/v1/sessions/:session_id';
    const events = { events: [{ type: 'skill:started' }] };
    return {
      'GET /api/sessions': { expect: 'empty' },
      'POST /api/sessions': { expect: { status: 409, code: 'session_exists' }, body: { session_id: id } },
      'GET /api/sessions/:session_id': { expect: gone },
      'DELETE /api/sessions/:session_id': { expect: gone },
      'GET /api/v1/sessions': { expect: 'empty' },
      'POST /api/v1/sessions': { expect: { status: 409, code: 'session_exists' }, body: { session_id: id } },
      [`GET ${path}`]: { expect: gone },
      [`DELETE ${path}`]: { expect: gone },
      [`GET ${path}/events`]: { expect: gone },
      [`POST ${path}/events`]: { expect: gone, body: events },
      [`POST ${path}/events/volatile`]: { expect: gone, body: events },
      [`GET ${path}/export`]: { expect: gone },
      [`GET ${path}/checkpoints`]: { expect: gone },
      [`POST ${path}/checkpoints`]: { expect: gone, body: { label: 'x' } },
      [`GET ${path}/checkpoints/:checkpoint_id/preview`]: { expect: gone },
      [`GET ${path}/commands`]: { expect: gone },
      [`POST ${path}/commands`]: { expect: gone, body: { type: 'HALT' } },
      [`GET ${path}/commands/:command_id`]: { expect: gone },
      [`POST ${path}/commands/:command_id/ack`]: {
        expect: gone,
        body: { epoch, state: 'applied', evidence: { a: 1 } },
      },
      [`POST ${path}/lease`]: { expect: gone, body: { holder: 'b', steal: true } },
      [`PUT ${path}/lease`]: { expect: gone, body: { epoch } },
      [`DELETE ${path}/lease`]: { expect: gone, query: `?epoch=${epoch}` },
      [`GET ${path}/decisions`]: { expect: gone },
      [`POST ${path}/decisions`]: { expect: gone, body: { question: '?' } },
      [`GET ${path}/decisions/:decision_id`]: { expect: gone },
      [`POST ${path}/decisions/:decision_id/answer`]: { expect: gone, body: { choice: 'A' } },
      [`POST ${path}/decisions/:decision_id/extend`]: { expect: gone, body: { seconds: 60 } },
      [`DELETE ${path}/decisions/:decision_id`]: { expect: gone },
      [`POST ${path}/agent/stop`]: { expect: gone },
      [`POST ${path}/agent/checkpoints`]: { expect: gone, body: {} },
      'GET /api/v1/decisions': { expect: 'empty' },
      'GET /api/skills': { expect: 'empty' },
      'GET /api/skills/:name': { expect: { status: 404 } },
      'GET /api/v1/skills': { expect: 'empty' },
      'GET /api/v1/skills/:name': { expect: { status: 404, code: 'skill_not_found' } },
      'POST /api/v1/skills': { expect: 'empty', body: { skills: [{ name: 'acme-skill' }] } },
      'DELETE /api/v1/skills/:name': { expect: { status: 404, code: 'skill_not_found' } },
      'GET /api/v1/agents': { expect: noScope },
      'POST /api/v1/agents/runs': { expect: noScope, body: { agent: 'codex', folder: '/', prompt: 'x' } },
      'POST /api/v1/agents/claude/hooks/:event': {
        expect: gone,
        body: { session_id: id, hook_event_name: 'PreToolUse', tool_name: 'Bash' },
      },
    };
  };
  const about = ({ tag, path }: Route): boolean =>
    ['sessions', 'skills', 'agents'].includes(tag) || /\/(sessions|skills|decisions)\b/.test(path);

  it('none of the routes tells or gives another tenant anything, and none is forgotten here', async () => {
    const table = cases();
    const routes = rig.control.routes.filter(about);
    const named = routes.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(named.toSorted(), Object.keys(table).toSorted(), 'each route has its line in the table');
    const stranger = await rig.token('gateway');
    // What B makes of its own is made last, so that it finds nothing before.
    const order = named.toSorted(
      (one, other) => Number(one === 'POST /api/v1/skills') - Number(other === 'POST /api/v1/skills'),
    );
    for (const key of order) {
      const line: Case = table[key] ?? { expect: gone };
      const { expect, body, query = '' } = line;
      const [method = '', path = ''] = key.split(' ');
      const to = path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? name) + query;
      const sent = body === undefined ? {} : { body };
      const answer = await rig.call<{ code?: string }>(method, to, { token: b, ...sent });
      if (expect === 'empty') assert.equal(answer.status, 200, key);
      else
        assert.deepEqual(
          [answer.status, expect.code === undefined ? undefined : answer.body.code],
          [expect.status, expect.code],
          key,
        );
      assert.ok(!JSON.stringify(answer.body).includes(secret), `${key} tells what is A’s`);
      const refused = await rig.call<{ code?: string }>(method, to, { token: stranger, ...sent });
      assert.deepEqual([refused.status, refused.body.code], [403, 'scope_missing'], `${key} without a scope`);
    }
    const skill = await rig.call<{ description: string }>('GET', '/api/v1/skills/acme-skill', { token: a });
    assert.equal(skill.body.description, secret, 'a skill of the same name is another one');
    const left = await rig.call<Decision>('GET', `/api/v1/sessions/${id}/decisions/${ids['decision_id']}`, {
      token: a,
    });
    assert.equal(left.body.state, 'pending');
  });

  it('rights are told apart: who reads skills cannot register or remove them', async () => {
    const reader = await rig.tenantToken('acme', 'sessions:read');
    const producer = await rig.tenantToken('acme', 'sessions:produce');
    const status = async (token: string, method: string, path: string, body?: unknown) =>
      (await rig.call(method, path, { token, ...(body === undefined ? {} : { body }) })).status;
    assert.equal(await status(reader, 'GET', '/api/v1/skills/acme-skill'), 200);
    assert.equal(await status(reader, 'POST', '/api/v1/skills', { skills: [{ name: 'x' }] }), 403);
    assert.equal(await status(reader, 'DELETE', '/api/v1/skills/acme-skill'), 403);
    assert.equal(await status(reader, 'DELETE', '/api/v1/skills/nothing'), 403, 'before it is looked for');
    assert.equal(await status(producer, 'DELETE', '/api/v1/skills/nothing'), 404);
  });

  it('no stream of events can be opened on another tenant’s session', async () => {
    for (const { path } of rig.control.streams.filter(({ tag }) => tag === 'sessions')) {
      const response = await fetch(rig.url + path.replace(':session_id', id), {
        headers: { authorization: `Bearer ${b}`, accept: 'text/event-stream' },
      });
      assert.equal(response.status, 404, path);
      assert.ok(!(await response.text()).includes(secret));
    }
  });

  /** What B sends for each verb of the sockets. */
  const verbs = (): Record<string, object> => ({
    command: { type: 'HALT', session_id: id },
    cli_event: { session_id: id, event_type: 'skill:started', data: {} },
    extend_decision: { session_id: id, decision_id: ids['decision_id'] ?? '' },
  });

  it('no verb of the sockets does or shows anything of another tenant’s, and none is forgotten here', async () => {
    const door = createSessionDoor({ hall: {} } as never);
    const { heard } = door.enter({ sessionId: null, transport: 'ws' } as never);
    assert.deepEqual(Object.keys(heard).toSorted(), Object.keys(verbs()).toSorted());

    const told: string[] = [];
    const socket = await clients.connected(b);
    socket.onAny((...given: unknown[]) => told.push(JSON.stringify(given)));
    const ws = new WebSocket(`${rig.url.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Bearer ${b}` },
    });
    ws.on('message', (data: Buffer) => told.push(data.toString()));
    await once(ws, 'open');
    try {
      await socket.emitWithAck('subscribe', { session_id: id, last_seq: 0 });
      ws.send(JSON.stringify({ type: 'subscribe', id: 's', session_id: id, last_seq: 0 }));
      for (const [name, payload] of Object.entries(verbs())) {
        for (const each of name === 'cli_event' ? [payload, { ...payload, volatile: true }] : [payload]) {
          const answer = (await socket.emitWithAck(name, each)) as { success: boolean };
          assert.equal(answer.success, false, name);
          ws.send(JSON.stringify({ type: name, id: name, payload: each }));
        }
      }
      await until('each is answered', () =>
        Object.keys(verbs()).every((name) => told.some((line) => line.includes(`"id":"${name}"`))),
      );
      // A goes on meanwhile.
      const path = `/api/v1/sessions/${id}`;
      const words = { type: 'message:delta', data: { delta: secret } };
      await rig.call('POST', `${path}/events/volatile`, { token: a, body: { events: [words] } });
      await rig.call('POST', `${path}/events`, {
        token: a,
        body: { events: [{ type: 'skill:failed', data: { error: secret } }] },
      });
      // Something of B’s own afterwards: what was to come before it has come.
      await rig.call('POST', '/api/v1/sessions', { token: b, body: { session_id: 'bolt-session' } });
      await socket.emitWithAck('subscribe', { session_id: 'bolt-session', last_seq: 0 });
      await until('its own is seen', () => told.some((line) => line.includes('bolt-session')));
      assert.deepEqual(
        told.filter((line) => line.includes(secret)),
        [],
      );
      const page = await rig.control.sessions.read(id, { afterSeq: 0, limit: 500 });
      assert.equal(
        page.events.filter(({ type }) => type === 'skill:started').length,
        1,
        'nothing was written',
      );
    } finally {
      ws.close();
    }
  });
});
