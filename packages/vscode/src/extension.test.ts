import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { BridgeState, Decision, Session } from '@vigiles/contract';
import { healing, startControl, type RunningControl } from '@vigiles/server';
import { silentLog } from '../../server/src/kernel/log.ts';
import { loadConfig } from '../../server/src/platform/config/index.ts';
import { startTestControl, until } from '../../server/src/testing/test-control.ts';
import { editorApi, shown, type ShownItem } from './testing/vscode-api.ts';

// The editor gives extensions its module under a name; here the stand-in has it.
const hooks = registerHooks({
  resolve: (name, context, next) =>
    name === 'vscode' ? { url: 'vscode:api', format: 'module', shortCircuit: true } : next(name, context),
  load(url, context, next) {
    if (url !== 'vscode:api') return next(url, context);
    const names = Object.keys(editorApi);
    const from = JSON.stringify(new URL('./testing/vscode-api.ts', import.meta.url).href);
    const source = `import { editorApi } from ${from};\nexport const { ${names.join(', ')} } = editorApi;\n`;
    return { format: 'module', source, shortCircuit: true };
  },
});
const { activate, deactivate } = await import('./extension.ts');
hooks.deregister();

const work = await realpath(await mkdtemp(join(tmpdir(), 'vigiles-extension-')));
const agent = join(work, 'agent.mjs');
/** An agent of the Agent Client Protocol that says one word. */
await writeFile(
  agent,
  `import { createInterface } from 'node:readline';
const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
const answers = {
  initialize: { protocolVersion: 1, agentInfo: { name: 'echo', version: '1.0.0' }, agentCapabilities: {}, authMethods: [] },
  'session/new': { sessionId: 's1' },
  'session/prompt': { stopReason: 'end_turn' },
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (method === 'session/prompt')
    say({ method: 'session/update', params: { sessionId: 's1', update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'done' } } } });
  if (id !== undefined && method) say({ id, result: answers[method] ?? {} });
});
`,
);
const served = await startTestControl({
  yaml: `gateway: { enabled: false }\nagents: { acp: { echo: { command: ['${process.execPath}', '${agent}'] } } }\n`,
  extend: [healing],
});
let control: RunningControl = served.control;
const { body } = await served.call<BridgeState>('GET', '/api/v1/vscode/bridge');
const home = dirname(dirname(body.discovery_file));
shown.settings = { home, toasts: 'all', toastsPerMinute: 60 };
const subscriptions: { dispose(): unknown }[] = [];
activate({ subscriptions, extension: { packageJSON: { version: '0.1.0' } } });

after(async () => {
  for (const each of subscriptions) each.dispose();
  deactivate();
  await control.stop();
  await rm(home, { recursive: true, force: true });
  await rm(work, { recursive: true, force: true });
});

const call = async <T>(method: string, path: string, given?: unknown): Promise<T> => {
  const answer = await fetch(control.address().url + path, {
    method,
    headers: { authorization: `Bearer ${served.admin}`, 'content-type': 'application/json' },
    ...(given === undefined ? {} : { body: JSON.stringify(given) }),
  });
  return (await answer.json()) as T;
};
const open = (session_id: string, metadata: object) =>
  call('POST', '/api/v1/sessions', { session_id, metadata });
const ask = (session: string, question: string, options: string[]) =>
  call<Decision>('POST', `/api/v1/sessions/${session}/decisions`, { question, options });
const choiceOf = async (session: string, id: string) =>
  (await call<Decision>('GET', `/api/v1/sessions/${session}/decisions/${id}`)).resolution?.choice;
const all = (items: readonly ShownItem[] = shown.tree): ShownItem[] =>
  items.flatMap((item) => [item, ...all(item.children)]);
const entry = (label: string) => all().find((item) => item.label === label);
/** A click on an entry of the tree. */
const click = async (item: ShownItem | undefined): Promise<void> => {
  assert.ok(item?.command, 'the entry does something');
  await editorApi.commands.executeCommand(item.command.command, ...(item.command.arguments ?? []));
};

test('it has every command and setting that its package announces, and finds Vigiles by itself', async () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    contributes: { commands: { command: string }[] };
  };
  assert.deepEqual(
    (await editorApi.commands.getCommands()).toSorted(),
    manifest.contributes.commands.map(({ command }) => command).toSorted(),
  );
  await until('the status line', () => shown.status?.text.includes('$0.00') === true);
  assert.equal(shown.status?.visible, true);
  assert.match(shown.status?.tooltip ?? '', /Spent today: \$0\.00.*\n0 sessions running/);
  assert.equal(shown.status?.command, 'vigiles.overview.focus');
});

test('a question is answered by its button, and one with many options in the list that a click opens', async () => {
  shown.press = ({ buttons }) => buttons.find((button) => button === 'slate');
  await open('roof', { title: 'Mend the roof' });
  await until('the session', () => entry('Mend the roof') !== undefined);
  const few = await ask('roof', 'Which tiles?', ['clay', 'slate']);
  await until('the answer', async () => (await choiceOf('roof', few.decision_id)) === 'slate');
  assert.equal(
    shown.notices.find(({ buttons }) => buttons.includes('slate'))?.message,
    'Mend the roof: Which tiles?',
  );

  assert.equal(
    shown.notices.filter(({ message }) => message.includes('Which tiles?')).length,
    1,
    'told once',
  );
  shown.press = () => undefined;
  const many = await ask('roof', 'Which colour?', ['red', 'green', 'blue', 'black']);
  await until('it waits in the tree', () => entry('Which colour?') !== undefined);
  assert.equal(shown.status?.backgroundColor?.id, 'statusBarItem.warningBackground');
  shown.pick = (items) => items.find(({ label }) => label === 'blue');
  await click(entry('Which colour?'));
  assert.equal(await choiceOf('roof', many.decision_id), 'blue');
  await until('nothing waits any more', () => entry('Questions') === undefined);
  assert.equal(shown.status?.backgroundColor, undefined);
});

test('a diff of what was changed opens with both sides, also of a file that is new', async () => {
  const folder = join(work, 'repository');
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...words], {
      cwd: folder,
      env: {
        ...process.env,
        GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
        GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
      },
    });
  execFileSync('git', ['init', '-q', folder]);
  await writeFile(join(folder, 'plan #1.txt'), 'before\n');
  git('add', '-A');
  git('-c', 'commit.gpgsign=false', 'commit', '-qm', 'start');
  await open('diff', { title: 'Rewrite', folder });
  await until('the session', () => entry('Rewrite') !== undefined);
  await writeFile(join(folder, 'plan #1.txt'), 'after\n');
  await writeFile(join(folder, 'new.txt'), 'new\n');
  for (const name of ['plan #1.txt', 'new.txt']) {
    shown.pick = (items) => items.find(({ label }) => label.endsWith(name));
    await click(entry('Rewrite'));
  }
  assert.deepEqual(
    shown.compared.map(({ left, right }) => [left, right]),
    [
      ['before\n', 'after\n'],
      ['', 'new\n'],
    ],
  );
  assert.ok(shown.lists.at(-1)?.icons.includes('diff-added'));
});

test('an agent is started on the open folder with what the person typed', async () => {
  editorApi.workspace.workspaceFolders = [{ uri: editorApi.Uri.file(work) }];
  shown.pick = (items) => items.find(({ label }) => label.endsWith('echo'));
  shown.type = () => 'Say one word.';
  const told = shown.notices.length;
  await editorApi.commands.executeCommand('vigiles.startAgent');
  assert.deepEqual(shown.notices.slice(told), []);
  const { sessions } = await call<{ sessions: Session[] }>('GET', '/api/v1/sessions');
  const started = sessions.find(({ metadata }) => metadata['folder'] === work);
  assert.equal(started?.agent?.kind, 'acp');
  await until('it is in the tree', () => all().some(({ id }) => id === `session:${started?.session_id}`));
  shown.type = () => undefined;
  const before = sessions.length;
  await editorApi.commands.executeCommand('vigiles.startAgent');
  const later = await call<{ sessions: unknown[] }>('GET', '/api/v1/sessions');
  assert.equal(later.sessions.length, before, 'whoever closes the prompt starts nothing');
});

test('what an agent says is text: no link, no icon, no second line comes of it', async () => {
  const evil =
    '[Details](command:workbench.action.terminal.sendSequence?%7B%7D) $(error) [x](https://evil.example)';
  await open('evil', { title: `Evil ${evil}\nsecond line\u202e` });
  await until('the session', () => all().some(({ label }) => label.startsWith('Evil')));
  const options = [evil, '$(check) fine', 'a', 'b'];
  const { decision_id } = await ask('evil', `May I? ${evil}\n\u0007more`, options);
  const isOurs = ({ message }: { message: string }) => message.includes('May I?');
  await until('it is told', () => shown.notices.some(isOurs));
  const told = shown.notices.find(isOurs);
  assert.deepEqual(told?.links, []);
  assert.match(told?.message ?? '', /\[Details\] \(command:workbench/, 'it can still be read');
  await until('it is in the tree', () => all().some(({ label }) => label.startsWith('May I?')));
  shown.pick = () => undefined;
  const listed = shown.lists.length;
  await click(all().find(({ label }) => label.startsWith('May I?')));
  assert.equal(shown.lists.length, listed + 1);
  assert.deepEqual(shown.lists.at(-1)?.icons, []);
  const free = await ask('evil', `Say how. ${evil}`, []);
  await until('the free question', () => all().some(({ label }) => label.startsWith('Say how.')));
  await click(all().find(({ label }) => label.startsWith('Say how.')));
  assert.deepEqual(shown.prompts.at(-1)?.links, []);
  for (const { label, description } of all()) assert.doesNotMatch(label + description, /[\p{Cc}\p{Cf}]/u);
  assert.notEqual(decision_id, free.decision_id);
  assert.deepEqual(
    shown.notices.flatMap(({ links }) => links),
    [],
  );
});

test('after a restart of Vigiles it is there again by itself, with what was there before', async () => {
  const reached = (await call<BridgeState>('GET', '/api/v1/vscode/bridge')).url;
  await control.stop();
  await until('the loss is shown', () => shown.status?.text === '$(debug-disconnect) Vigiles');
  assert.deepEqual(shown.tree, []);
  shown.press = () => undefined;
  await editorApi.commands.executeCommand('vigiles.startAgent');
  assert.match(shown.notices.at(-1)?.message ?? '', /Vigiles does not run here: start it/);
  const loaded = await loadConfig({ home, env: {} });
  assert.ok(loaded.ok);
  control = await startControl({
    home,
    configuration: loaded.value,
    log: silentLog,
    port: 0,
    extend: [healing],
  });
  await until('it is connected again', () => entry('Mend the roof') !== undefined);
  assert.notEqual((await call<BridgeState>('GET', '/api/v1/vscode/bridge')).url, reached);
  const { decision_id } = await ask('roof', 'After the restart?', ['yes', 'no']);
  await until('it waits in the tree', () => entry('After the restart?') !== undefined);
  shown.pick = (items) => items.find(({ label }) => label === 'yes');
  await click(entry('After the restart?'));
  assert.equal(await choiceOf('roof', decision_id), 'yes');
});

test('it broke none of the editor’s rules', () => {
  assert.deepEqual(shown.wrong, []);
});
