import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  BridgeDiscovery,
  bridgeErrorCodes,
  bridgeMethods,
  type BridgeState,
  type Decision,
  type ErrorEnvelope,
  type ScriptCheck,
  type Session,
} from '@vigiles/contract';
import { WebSocket } from 'ws';
import { healing } from '../../app/index.ts';
import { startTestControl, until } from '../../testing/test-control.ts';

const folder = await realpath(await mkdtemp(join(tmpdir(), 'vigiles-bridge-')));
const root = join(folder, 'root');
await mkdir(join(root, 'docs'), { recursive: true });
await writeFile(join(root, 'docs', 'a.md'), '# Words\n');
await writeFile(join(root, 'picture.bin'), Buffer.from([0x89, 0, 1, 2]));
await writeFile(join(folder, 'secret.txt'), 'not for editors');
await symlink(join(folder, 'secret.txt'), join(root, 'out'));
await symlink(join(folder, 'nothing-there'), join(root, 'out-dangling'));
await symlink(folder, join(root, 'up'));
await symlink('docs', join(root, 'inside'));

const served = await startTestControl({
  yaml: `vscode: { roots: [${JSON.stringify(root)}], max_editors: 3 }\ngateway: { enabled: false }`,
  extend: [healing],
});
const sockets: WebSocket[] = [];
after(async () => {
  for (const socket of sockets) socket.terminate();
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

const state = async () => (await served.call<BridgeState>('GET', '/api/v1/vscode/bridge')).body;
const { discovery_file: file } = await state();
const found = BridgeDiscovery.parse(JSON.parse(await readFile(file, 'utf8')));

interface Reply {
  id?: number | string | null;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data: { code: string; details?: Record<string, unknown> } };
  method?: string;
  params?: { type: string; subject: string };
}

interface Answered<T> {
  status: number;
  body: T;
}

async function editor(headers: Record<string, string> = { authorization: `Bearer ${found.token}` }) {
  const ws = new WebSocket(`${found.url.replace('http', 'ws')}/rpc`, { headers });
  sockets.push(ws);
  const heard: Reply[] = [];
  ws.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Reply));
  await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
  let id = 0;
  return {
    ws,
    heard,
    async ask(method: string, params?: object): Promise<Reply> {
      id += 1;
      const mine = id;
      ws.send(JSON.stringify({ jsonrpc: '2.0', id: mine, method, ...(params ? { params } : {}) }));
      await until(`an answer to ${method}`, () => heard.some((reply) => reply.id === mine));
      return heard.find((reply) => reply.id === mine) ?? {};
    },
  };
}

const http = async <T = ErrorEnvelope>(
  path: string,
  more: RequestInit & { token?: string } = {},
): Promise<Answered<T>> => {
  const { token = found.token, ...init } = more;
  const response = await fetch(found.url + path, {
    ...init,
    headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
  });
  return { status: response.status, body: (await response.json()) as T };
};
const post = <T = ErrorEnvelope>(path: string, body: object): Promise<Answered<T>> =>
  http<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('editors find the way in a file that only its owner may read, and nothing else tells the token', async () => {
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(found.pid, process.pid);
  assert.ok(found.token.length >= 40);
  const { listening, url } = await state();
  assert.deepEqual([listening, url], [true, found.url]);
  assert.ok(!JSON.stringify(await state()).includes(found.token));
});

test('it listens on loopback only', async (t) => {
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  for (const { address } of others) {
    const socket = connect({ host: address, port: found.port });
    t.after(() => socket.destroy());
    const opened = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    assert.equal(opened, false, address);
  }
  assert.match(found.url, /^http:\/\/127\.0\.0\.1:/);
});

test('a browser’s page is refused although it has the token, over HTTP and as WebSocket, and so is a rebound name', async () => {
  const right = { authorization: `Bearer ${found.token}` };
  for (const origin of ['https://evil.example', found.url, 'null'])
    await assert.rejects(editor({ ...right, origin }), /403/);
  await assert.rejects(editor({ ...right, 'sec-fetch-site': 'cross-site' }), /403/);
  await assert.rejects(editor({ ...right, host: `evil.example:${found.port}` }), /403/);
  const page = await http('/health', { headers: { origin: 'https://evil.example' } });
  assert.deepEqual([page.status, page.body.code], [403, 'browser_refused']);
});

test('without this start’s token nothing is answered, not even whether a path exists', async () => {
  await assert.rejects(editor({}), /401/);
  await assert.rejects(editor({ authorization: `Bearer ${served.admin}` }), /401/);
  for (const path of ['/health', '/nothing', '/files/read?path=docs/a.md']) {
    const { status, body } = await http(path, { token: 'x'.repeat(43) });
    assert.deepEqual([status, body.code], [401, 'bridge_token_invalid'], path);
  }
});

test('what is not on the list of commands is not done, whatever way it is asked for', async () => {
  const { ask } = await editor();
  for (const method of ['shell.run', 'constructor', '__proto__', 'workbench.action.terminal.sendSequence']) {
    const { error } = await ask(method, {});
    assert.deepEqual(
      [error?.code, error?.data.code],
      [bridgeErrorCodes.method, 'command_not_allowed'],
      method,
    );
  }
  const asked = await post('/execute/command', { command: 'shell.run', args: { command: 'id' } });
  assert.deepEqual([asked.status, asked.body.code], [403, 'command_not_allowed']);
  for (const path of ['/execute/script', '/execute/code']) {
    const ran = await post(path, { code: 'process.exit(1)', file: 'a', content: 'b' });
    assert.deepEqual([ran.status, ran.body.code], [403, 'command_not_allowed'], path);
  }
  const wrong = await ask('session.command', { session_id: 's', type: 'ROLLBACK' });
  assert.deepEqual([wrong.error?.code, wrong.error?.data.code], [bridgeErrorCodes.params, 'invalid_params']);
  const greedy = await ask('agent.run', { agent: 'codex', folder: '/', prompt: 'x', approvals: 'full' });
  assert.equal(greedy.error?.data.code, 'invalid_params');
});

test('a message that is no request is answered with what it is not, and the connection stays', async () => {
  const { ws, heard, ask } = await editor();
  ws.send('{');
  ws.send('[]');
  ws.send('{"jsonrpc":"2.0","method":"hello"}');
  const refusals = () => heard.filter(({ error }) => error !== undefined);
  await until('three refusals', () => refusals().length === 3);
  assert.deepEqual(
    refusals().map(({ id, error }) => [id, error?.code]),
    [
      [null, bridgeErrorCodes.parse],
      [null, bridgeErrorCodes.request],
      [null, bridgeErrorCodes.request],
    ],
  );
  const { result } = await ask('hello', { client: 'test 1.0', protocol: '1.0' });
  assert.deepEqual(result?.['methods'], Object.keys(bridgeMethods));
  assert.ok((await state()).editors.some(({ client }) => client === 'test 1.0'));
  ws.close();
});

test('files outside of the roots are refused alike whether they exist or not; links are no way around', async () => {
  const read = async (path: string) => {
    const { status, body } = await http(`/files/read?path=${encodeURIComponent(path)}`);
    return `${status} ${body.code ?? (body as unknown as { content: string }).content}`;
  };
  assert.equal(await read('docs/a.md'), '200 # Words\n');
  assert.equal(await read(join(root, 'inside', 'a.md')), '200 # Words\n');
  for (const path of [
    '/etc/passwd',
    '/etc/no-such-file',
    '../secret.txt',
    '../no-such-file',
    'out',
    'out-dangling',
    'up/secret.txt',
    'up/no-such-file',
    'docs/../../secret.txt',
  ])
    assert.equal(await read(path), '403 path_not_allowed', path);
  assert.equal(await read('docs/none.md'), '404 file_not_found');
  assert.equal(await read('docs'), '404 file_not_found');
  assert.equal(await read('picture.bin'), '400 not_text');
  const tree = await http<{ roots: { children: { name: string }[] }[] }>('/api/v1/vscode/knowledge/tree');
  assert.deepEqual(
    tree.body.roots[0]?.children.map(({ name }) => name),
    ['docs', 'picture.bin'],
  );
});

test('a script is parsed and never run', async () => {
  const check = (code: string, language?: string) =>
    post<ScriptCheck>('/script/check', { code, ...(language ? { language } : {}) });
  const broken = await check('process.exit(1);\nlet y = {;');
  assert.deepEqual([broken.body.valid, broken.body.errors[0]?.line], [false, 2]);
  assert.deepEqual((await check('process.exit(1);', 'javascript')).body, { valid: true, errors: [] });
  const odd = await post('/script/check', { code: 'x', language: 'cobol' });
  assert.deepEqual([odd.status, odd.body.code], [400, 'invalid_params']);
});

test('an editor sees sessions and answers questions; who loses the race is told who won', async () => {
  const [one, two] = [await editor(), await editor()];
  await served.call('POST', '/api/v1/sessions', {
    body: { session_id: 'bridge-1', metadata: { title: 'Mend the roof' } },
  });
  await until('the event', () => one.heard.some(({ params }) => params?.type === 'session.created'));
  const listed = await one.ask('sessions.list', {});
  assert.deepEqual(
    (listed.result as { sessions: Session[] }).sessions.map(({ title }) => title),
    ['Mend the roof'],
  );
  const opened = await served.call<Decision>('POST', '/api/v1/sessions/bridge-1/decisions', {
    body: { question: 'Tiles or slate?', options: ['tiles', 'slate'] },
  });
  await until('the question', () => two.heard.some(({ params }) => params?.type === 'decision.opened'));
  const { decision_id } = opened.body;
  const answer = (choice: string) => ({ session_id: 'bridge-1', decision_id, choice });
  const won = await one.ask('decision.answer', answer('slate'));
  assert.equal((won.result as unknown as Decision).resolution?.choice, 'slate');
  const lost = await two.ask('decision.answer', answer('tiles'));
  assert.equal(lost.error?.data.code, 'decision_made');
  assert.deepEqual(lost.error?.data.details?.['decision'], won.result);
  const nowhere = await one.ask('session.command', { session_id: 'no-such', type: 'HALT' });
  assert.equal(nowhere.error?.data.code, 'session_not_found');
  assert.ok(Array.isArray((await one.ask('incidents.list')).result?.['incidents']));
  one.ws.close();
  two.ws.close();
});

test('more editors than allowed are refused, and the file goes with the bridge', async () => {
  for (const ws of sockets) ws.close();
  await until('room', async () => (await state()).editors.length === 0);
  const three = await Promise.all([editor(), editor(), editor()]);
  await assert.rejects(editor(), /503/);
  const off = { patch: [{ path: 'vscode.enabled', value: false }] };
  const changed = await served.call('PATCH', '/api/v1/config', { body: off });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  await until('the bridge is closed', async () => !(await state()).listening);
  await until('its editors are told', () => three.every(({ ws }) => ws.readyState === ws.CLOSED));
  await assert.rejects(stat(file), /ENOENT/);
});
