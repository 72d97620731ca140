import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';

/** Runs texts one after the other as Python's own console does, `await` at the top level included, and says when each is over. */
const pythonConsole = `
import ast, asyncio, sys
from shannon.server.websocket import ExecutionState
async def main():
    names = {"ExecutionState": ExecutionState}
    for text in open(sys.argv[1]).read().split("# ---"):
        code = compile(text, "snippet", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        given = eval(code, names)
        if given is not None: await given
        print("over")
    print(names["state"].value, names["stats"])
    class Skill:
        async def execute(self, params):
            if params: raise ValueError("no such file")
            return "done"
    orchestrator = names["ContextAwareOrchestrator"]()
    orchestrator.session_id, names["skill"] = "session_abc", Skill()
    await orchestrator.execute_skill("first", {})
    await orchestrator.execute_skill("second", {"path": "x"})
    print("executed")
    await asyncio.sleep(60)
asyncio.run(main())
`;
const python = spawnSync('python3', ['--version']).status === 0;
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe('the seed’s own snippets', () => {
  let test: TestControl;
  before(async () => {
    test = await startTestControl();
  });
  after(() => test.close());

  const events = (...types: [type: string, data: object][]) =>
    test.call('POST', '/api/v1/sessions/session_abc/events', {
      body: { events: types.map(([type, data]) => ({ type, data })) },
    });

  const skip = python ? false : 'there is no python3 on this machine: the Python snippets were not run';
  it(
    'the Python ones run as they are written, with the module they import: what they emit is shown, their handler is called',
    { skip },
    async () => {
      const session_id = 'session_abc';
      await test.call('POST', '/api/sessions', { body: { session_id } });
      const child = spawn('python3', ['-c', pythonConsole, path('../testing/seed-snippets-python.txt')], {
        env: {
          PATH: process.env['PATH'],
          PYTHONPATH: path('../../../../docs/examples/seed'),
          PYTHONDONTWRITEBYTECODE: '1',
          PYTHONUNBUFFERED: '1',
          VIGILES_URL: test.url,
          VIGILES_TOKEN: await test.token('sessions:produce', 'sessions:read'),
          VIGILES_SESSION: session_id,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      try {
        await until('all four are over', () => /executed/.test(output));
        assert.match(output, /running \{'total_connections': \d+, 'sessions': /);
        const page = await test.control.sessions.read(session_id, { afterSeq: 0, limit: 500 });
        const of = (type: string) =>
          page.events.filter((event) => event.type === type).map(({ data }) => data);
        assert.ok(of('skill:started').some((data) => data['skill_name'] === 'test_skill'));
        assert.deepEqual(of('file:modified')[0], {
          path: '/path/to/file.py',
          changes: 'Added function',
          lines_changed: 10,
        });
        assert.deepEqual(of('skill:completed').at(-1), { skill_name: 'first', result: 'done' });
        assert.deepEqual(of('skill:failed').at(-1), { skill_name: 'second', error: 'no such file' });
        const [asked] = of('decision:point');
        assert.deepEqual([asked?.['decision_id'], asked?.['default']], ['decision_001', 'A']);
        await test.call('POST', `/api/v1/sessions/${session_id}/commands`, { body: { type: 'HALT' } });
        await until('its handler is called', () => output.includes('Execution halted!'));
        await until(
          'the HALT is applied',
          async () => (await test.control.sessions.get(session_id))?.status === 'halted',
        );
      } finally {
        child.kill('SIGKILL');
      }
    },
  );

  it('the JavaScript one runs as it is written, given only the address, with the token and session in it', async () => {
    await test.call('POST', '/api/sessions', { body: { session_id: 'session_abc' } });
    const snippet = readFileSync(new URL('../testing/seed-snippet.txt', import.meta.url), 'utf8');
    const address = `${test.url.replace('127.0.0.1', 'localhost')}/?token=${test.admin}&session_id=session_abc`;
    const child = spawn(process.execPath, ['--input-type=module', '-'], {
      cwd: new URL('../..', import.meta.url),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    try {
      child.stdin.end(snippet.replace('http://localhost:8000', address));
      await until('the command succeeded', () => output.includes('Command succeeded'));
      assert.match(output, /Connected: \{[^]*session_id: 'session_abc'/);
      await events(['skill:started', { skill_name: 'test_skill', parameters: { param1: 'value1' } }]);
      await until('the event came', () => output.includes("skill_name: 'test_skill'"));
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('a Python client, which polls first and calls its handlers with all arguments, gets exactly one', async () => {
    const base = `${test.url}/socket.io/?transport=polling&EIO=4&token=${test.admin}`;
    const open = await (await fetch(base)).text();
    assert.equal(open[0], '0');
    const { sid, upgrades } = JSON.parse(open.slice(1)) as { sid: string; upgrades: string[] };
    assert.ok(upgrades.includes('websocket'));
    const post = async (packet: string) => {
      const posted = await fetch(`${base}&sid=${sid}`, { method: 'POST', body: packet });
      assert.equal(await posted.text(), 'ok');
    };
    const heard = new Map<string, unknown[]>();
    const hear = async (name: string) => {
      await until(`${name} came`, async () => {
        if (heard.has(name)) return true;
        const packets = await (await fetch(`${base}&sid=${sid}`)).text();
        for (const packet of packets.split('\u001e')) {
          if (packet === '2') await post('3');
          if (!packet.startsWith('42')) continue;
          const [event, ...given] = JSON.parse(packet.slice(2)) as [string, ...unknown[]];
          heard.set(event, given);
        }
        return heard.has(name);
      });
      const given = heard.get(name) ?? [];
      assert.equal(given.length, 1, `${name} has one argument`);
      return given[0] as Record<string, unknown>;
    };
    // `await sio.connect('http://localhost:8000')`, `await sio.emit('ping')`
    await post('40');
    assert.equal((await hear('connected'))['session_id'], null);
    await post('42["ping"]');
    assert.deepEqual(Object.keys(await hear('pong')), ['timestamp']);
    await post('42["subscribe",{"session_id":"session_abc"}]');
    assert.equal((await hear('subscribed'))['session_id'], 'session_abc');
    // What `emit_skill_event`, `emit_file_event` and `emit_decision_event` send, over the wire.
    const said = [
      ['skill:completed', { skill_name: 'test_skill', result: 'ok' }],
      ['file:modified', { path: '/path/to/file.py', changes: 'Added function', lines_changed: 10 }],
      [
        'decision:point',
        { decision_id: 'decision_002', question: 'Which?', options: ['A', 'B'], default: 'A' },
      ],
    ] as const;
    for (const [event_type, data] of said) {
      const event = { session_id: 'session_abc', event_type, timestamp: '2025-11-16T12:34:56.789', data };
      await post(`42${JSON.stringify(['cli_event', event])}`);
      const { data: given } = await hear(event_type);
      assert.deepEqual(given, data);
    }
  });
});
