import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type {
  CommandResult,
  Decision,
  Lease,
  Session,
  SessionCommand,
  SessionEvent,
  Skill,
} from '@vigiles/contract';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';

const skillHome = mkdtempSync(join(tmpdir(), 'vigiles-skills-'));
const skill = (folder: string, text: string) => {
  mkdirSync(join(skillHome, '.claude', 'skills', folder), { recursive: true });
  writeFileSync(join(skillHome, '.claude', 'skills', folder, 'SKILL.md'), text);
};

interface SeedError {
  detail: string;
  code: string;
  error: string;
}

describe('agent sessions over HTTP', () => {
  let rig: TestControl;
  before(async () => {
    skill('review', '---\nname: review\ndescription: Looks at a change\n---\n# Review\n');
    rig = await startTestControl({ env: { HOME: skillHome } });
  });
  after(async () => {
    await rig.close();
    rmSync(skillHome, { recursive: true, force: true });
  });
  let made = 0;
  const newSession = async (token?: string): Promise<string> => {
    const session_id = `session_${(made += 1)}`;
    const { status } = await rig.call('POST', '/api/sessions', {
      body: { session_id },
      ...(token ? { token } : {}),
    });
    assert.equal(status, 200);
    return session_id;
  };

  it('has the paths, bodies, codes and texts its first clients know', async () => {
    const body = { session_id: 'session_abc', skills: ['skill1', 'skill2'], metadata: { user: 'developer' } };
    const created = await rig.call<Session>('POST', '/api/sessions', { body });
    assert.equal(created.status, 200);
    const { session_id, created_at, status, skills, metadata, progress, current_skill } = created.body;
    assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, '(j) times are in UTC and say so');
    assert.deepEqual(
      { session_id, status, skills, metadata, progress, current_skill },
      { ...body, status: 'created', progress: 0, current_skill: null },
    );
    const failures: [string, string, unknown, number, string][] = [
      ['POST', '/api/sessions', body, 409, 'Session already exists: session_abc'],
      ['POST', '/api/sessions', {}, 400, 'session_id is required'],
      ['POST', '/api/sessions', undefined, 400, 'session_id is required'],
      ['GET', '/api/sessions/nobody', undefined, 404, 'Session not found: nobody'],
      ['DELETE', '/api/sessions/nobody', undefined, 404, 'Session not found: nobody'],
      ['GET', '/api/skills/nothing', undefined, 404, 'Skill not found: nothing'],
    ];
    for (const [method, path, sent, code, detail] of failures) {
      const answer = await rig.call<SeedError>(method, path, sent === undefined ? {} : { body: sent });
      assert.deepEqual([answer.status, answer.body.detail], [code, detail], `${method} ${path}`);
    }
    const list = await rig.call<{ sessions: Session[]; count: number }>('GET', '/api/sessions');
    assert.ok(list.body.sessions.some((each) => each.session_id === 'session_abc'));
    const deleted = await rig.call<{ message: string }>('DELETE', '/api/sessions/session_abc');
    assert.deepEqual([deleted.status, typeof deleted.body.message], [200, 'string']);
    assert.equal((await rig.call('GET', '/api/sessions/session_abc')).status, 404);
  });

  it('tells in /health how many sessions run and how many clients are connected (f)', async () => {
    const health = async () =>
      (
        await rig.call<{ active_sessions: number; connected_clients: number }>('GET', '/health', {
          token: null,
        })
      ).body;
    const before_ = await health();
    const id = await newSession();
    assert.equal((await health()).active_sessions, before_.active_sessions + 1);
    await rig.call('POST', `/api/v1/sessions/${id}/events`, {
      body: { events: [{ type: 'execution:completed' }] },
    });
    assert.equal((await health()).active_sessions, before_.active_sessions);
    const ended = new AbortController();
    const stream = await fetch(`${rig.url}/api/v1/events/stream`, {
      headers: { authorization: `Bearer ${rig.admin}`, accept: 'text/event-stream' },
      signal: ended.signal,
    });
    assert.equal(stream.status, 200);
    await until(
      'the client counts',
      async () => (await health()).connected_clients === before_.connected_clients + 1,
    );
    ended.abort();
  });

  it('shows the sessions of its own tenant only: two tenants, every verb, nothing of the other one', async () => {
    const a = await rig.tenantToken('acme', 'sessions:command', 'sessions:produce');
    const b = await rig.tenantToken('bolt', 'sessions:command', 'sessions:produce');
    const id = await newSession(a);
    const path = `/api/v1/sessions/${id}`;
    const lease = await rig.call<Lease>('POST', `${path}/lease`, { token: a, body: { holder: 'a' } });
    const decision = await rig.call<Decision>('POST', `${path}/decisions`, {
      token: a,
      body: { question: 'Which?', options: ['A', 'B'] },
    });
    const command = await rig.call<CommandResult>('POST', `${path}/commands`, {
      token: a,
      body: { type: 'HALT' },
    });
    const one = `${path}/decisions/${decision.body.decision_id}`;
    const epoch = lease.body.epoch;
    const verbs: [string, string, unknown?][] = [
      ['GET', `/api/sessions/${id}`],
      ['DELETE', `/api/sessions/${id}`],
      ['GET', path],
      ['DELETE', path],
      ['GET', `${path}/events`],
      ['POST', `${path}/events`, { events: [{ type: 'skill:started' }] }],
      ['GET', `${path}/export`],
      ['GET', `${path}/checkpoints`],
      ['POST', `${path}/checkpoints`, { label: 'x' }],
      ['GET', `${path}/commands`],
      ['GET', `${path}/commands?epoch=${epoch}`],
      ['POST', `${path}/commands`, { type: 'HALT' }],
      ['GET', `${path}/commands/${command.body.command_id ?? ''}`],
      [
        'POST',
        `${path}/commands/${command.body.command_id ?? ''}/ack`,
        { epoch, state: 'applied', evidence: { a: 1 } },
      ],
      ['POST', `${path}/lease`, { holder: 'b', steal: true }],
      ['PUT', `${path}/lease`, { epoch }],
      ['DELETE', `${path}/lease?epoch=${epoch}`],
      ['GET', `${path}/decisions`],
      ['POST', `${path}/decisions`, { question: '?' }],
      ['GET', one],
      ['POST', `${one}/answer`, { choice: 'A' }],
      ['DELETE', one],
    ];
    for (const [method, to, body] of verbs) {
      const answer = await rig.call(method, to, { token: b, ...(body === undefined ? {} : { body }) });
      assert.deepEqual([answer.status, answer.body.code], [404, 'session_not_found'], `${method} ${to}`);
      // Without any scope of sessions it is not even looked for.
      const stranger = await rig.call(method, to, {
        token: await gatewayToken(),
        ...(body === undefined ? {} : { body }),
      });
      assert.deepEqual([stranger.status, stranger.body.code], [403, 'scope_missing'], `${method} ${to}`);
    }
    const listed = await rig.call<{ sessions: Session[] }>('GET', '/api/v1/sessions?limit=500', { token: b });
    assert.deepEqual(listed.body.sessions, []);
    const waiting = await rig.call<{ decisions: Decision[] }>('GET', '/api/v1/decisions', { token: b });
    assert.deepEqual(waiting.body.decisions, []);
    // The house's administrator sees them all; another of its devices does not.
    assert.equal((await rig.call('GET', path)).status, 200);
    assert.equal((await rig.call('GET', path, { token: await rig.token('read') })).status, 404);
  });

  let gateway: string | null = null;
  const gatewayToken = async () => (gateway ??= await rig.token('gateway'));

  it('answers 403 to whoever may see a session but not do this with it', async () => {
    const id = await newSession();
    const path = `/api/v1/sessions/${id}`;
    const read = await rig.token('sessions:read');
    const command = await rig.token('sessions:command');
    const produce = await rig.token('sessions:produce');
    const refused = async (token: string, method: string, to: string, body?: unknown) =>
      (await rig.call(method, to, { token, ...(body === undefined ? {} : { body }) })).status;
    assert.equal(await refused(read, 'POST', `${path}/commands`, { type: 'HALT' }), 403);
    assert.equal(await refused(read, 'POST', `${path}/events`, { events: [{ type: 'skill:started' }] }), 403);
    assert.equal(await refused(read, 'DELETE', path), 403);
    assert.equal(
      await refused(command, 'POST', `${path}/events`, { events: [{ type: 'skill:started' }] }),
      403,
    );
    assert.equal(await refused(command, 'POST', `${path}/lease`, { holder: 'x' }), 403);
    assert.equal(await refused(produce, 'GET', path), 404, 'who only produces sees its own sessions');
    const own = await newSession(produce);
    assert.equal(await refused(produce, 'GET', `/api/v1/sessions/${own}`), 200);
    assert.equal(await refused(produce, 'POST', `/api/v1/sessions/${own}/commands`, { type: 'HALT' }), 403);
  });

  it('lets an orchestrator that knows HTTP only take commands, carry them out and ask', async () => {
    const id = await newSession();
    const path = `/api/v1/sessions/${id}`;
    const { body: lease } = await rig.call<Lease>('POST', `${path}/lease`, { body: { holder: 'python' } });
    const polling = rig.call<{ commands: SessionCommand[] }>(
      'GET',
      `${path}/commands?epoch=${lease.epoch}&wait=25`,
    );
    const sent = await rig.call<CommandResult>('POST', `${path}/commands`, {
      body: { type: 'halt', reason: 'look' },
    });
    assert.deepEqual([sent.status, sent.body['holder']], [202, 'python']);
    // Whichever came first, the command or the one who waits for it.
    assert.ok(['queued', 'delivered'].includes(sent.body.state ?? ''), sent.body.state);
    const [halt] = (await polling).body.commands;
    assert.deepEqual([halt?.type, halt?.state, halt?.args], ['HALT', 'delivered', { reason: 'look' }]);
    const ack = (evidence: object) =>
      rig.call<SessionCommand>('POST', `${path}/commands/${halt?.command_id ?? ''}/ack`, {
        body: { epoch: lease.epoch, state: 'applied', evidence },
      });
    const without = await rig.call('POST', `${path}/commands/${halt?.command_id ?? ''}/ack`, {
      body: { epoch: lease.epoch, state: 'applied' },
    });
    assert.equal(without.body.code, 'evidence_required');
    assert.equal((await ack({ children: 0 })).body.state, 'applied');
    assert.equal((await rig.call<Session>('GET', path)).body.status, 'halted');
    const asked = await rig.call<Decision>('POST', `${path}/decisions`, {
      body: { decision_id: 'd1', question: 'Go on?', options: ['yes', 'no'] },
    });
    assert.equal(asked.status, 201);
    const waiting = rig.call<Decision>('GET', `${path}/decisions/d1?wait=25`);
    await rig.call('POST', `${path}/decisions/d1/answer`, { body: { choice: 'yes' } });
    assert.equal((await waiting).body.resolution?.choice, 'yes');
  });

  it('exports the whole log as JSON lines and as AG-UI, in pages', async () => {
    const id = await newSession();
    const path = `/api/v1/sessions/${id}`;
    const events = Array.from({ length: 700 }, (_, i) => ({ type: 'skill:progress', data: { i } }));
    await rig.call('POST', `${path}/events`, {
      body: { events: [{ type: 'execution:started' }, ...events] },
    });
    const read = async (format: string) => {
      const headers = { authorization: `Bearer ${rig.admin}` };
      return (await fetch(`${rig.url}${path}/export?format=${format}`, { headers })).text();
    };
    const lines = (await read('jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SessionEvent);
    assert.deepEqual(
      lines.map(({ seq }) => seq),
      Array.from({ length: 702 }, (_, i) => i + 1),
    );
    const agUi = (await read('ag-ui')).trim().split('\n');
    const types = agUi.map((line) => (JSON.parse(line) as { type: string }).type);
    assert.deepEqual([types[0], types.at(-1), types.length], ['RUN_STARTED', 'RUN_FINISHED', 704]);
  });

  it('pages through 100,000 events, and lists sessions by what is asked for', async () => {
    const id = await newSession();
    for (let i = 0; i < 100; i += 1)
      await rig.control.sessions.append(
        id,
        Array.from({ length: 1000 }, () => ({ type: 'skill:progress', data: { i } })),
        { actor: 'test', producer: 'test' },
      );
    const page = await rig.call<{
      events: SessionEvent[];
      next_seq: number;
      head_seq: number;
      more: boolean;
    }>('GET', `/api/v1/sessions/${id}/events?after_seq=99900&limit=500`);
    assert.equal(page.body.head_seq, 100_001);
    assert.deepEqual(
      [page.body.events[0]?.seq, page.body.events.length, page.body.more],
      [99_901, 101, false],
    );
    const search = await rig.call<{ sessions: Session[]; next_cursor: string | null }>(
      'GET',
      `/api/v1/sessions?q=${id}&status=created&limit=1`,
    );
    assert.deepEqual(
      search.body.sessions.map(({ session_id }) => session_id),
      [id],
    );
    const first = await rig.call<{ sessions: Session[]; next_cursor: string }>(
      'GET',
      '/api/v1/sessions?limit=2',
    );
    const second = await rig.call<{ sessions: Session[] }>(
      'GET',
      `/api/v1/sessions?limit=2&cursor=${encodeURIComponent(first.body.next_cursor)}`,
    );
    const ids = [...first.body.sessions, ...second.body.sessions].map(({ session_id }) => session_id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('has the skills that orchestrators registered and those of this machine’s agents', async () => {
    await rig.call('POST', '/api/v1/skills', {
      body: { skills: [{ name: 'deploy', description: 'Ships it' }] },
    });
    const { body } = await rig.call<{ skills: Skill[]; count: number }>('GET', '/api/skills');
    assert.deepEqual(
      body.skills.map(({ name, source, owner }) => [
        name,
        source,
        owner.startsWith('device:') ? 'device' : owner,
      ]),
      [
        ['deploy', 'orchestrator', 'device'],
        ['review', 'folder', 'claude'],
      ],
    );
    assert.equal((await rig.call<Skill>('GET', '/api/skills/review')).body.description, 'Looks at a change');
    const other = await rig.tenantToken('acme', 'sessions:read');
    assert.equal((await rig.call<{ count: number }>('GET', '/api/skills', { token: other })).body.count, 0);
  });

  it('lets a device of another tenant have nothing that belongs to the house', async () => {
    const pair = (body: object) => rig.call('POST', '/api/v1/devices/pairings', { body });
    assert.equal((await pair({ scopes: ['read'], tenant: 'acme' })).body.code, 'tenant_scope');
    assert.equal((await pair({ scopes: ['sessions:read'], tenant: 'acme' })).status, 201);
    const keeper = await rig.token('devices', 'sessions:read');
    const foreign = await rig.call('POST', '/api/v1/devices/pairings', {
      token: keeper,
      body: { scopes: ['sessions:read'], tenant: 'acme' },
    });
    assert.equal(foreign.body.code, 'tenant_foreign');
  });
});
