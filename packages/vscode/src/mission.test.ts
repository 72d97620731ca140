import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { BridgeState, Decision } from '@vigiles/contract';
import { healing } from '@vigiles/server';
import { startTestControl, until } from '../../server/src/testing/test-control.ts';
import { offerDecision } from './answer.ts';
import { readDiscovery } from './bridge/discovery.ts';
import { createCommands } from './commands.ts';
import { createMission } from './mission.ts';
import { scriptedEditor } from './testing/scripted-editor.ts';

const served = await startTestControl({ yaml: 'gateway: { enabled: false }', extend: [healing] });
const { body } = await served.call<BridgeState>('GET', '/api/v1/vscode/bridge');
const home = dirname(dirname(body.discovery_file));
const work = await realpath(await mkdtemp(join(tmpdir(), 'vigiles-editor-')));
const closing: (() => void)[] = [];

function open() {
  const editor = scriptedEditor(home);
  const mission = createMission(editor, {
    home: () => home,
    version: '0.1.0',
    now: () => Date.now(),
    asked: (decision) => void offerDecision(editor, mission, decision),
    waits: { firstMs: 10, longestMs: 50 },
  });
  closing.push(() => mission.stop());
  mission.start();
  return { editor, mission, commands: createCommands(editor, mission) };
}
after(async () => {
  for (const close of closing) close();
  await served.close();
  await rm(work, { recursive: true, force: true });
});

const labels = (editor: ReturnType<typeof scriptedEditor>) =>
  editor.tree.flatMap(({ label, children }) => [label, ...children.map((child) => child.label)]);
const ask = async (session: string, options: string[]) =>
  (
    await served.call<Decision>('POST', `/api/v1/sessions/${session}/decisions`, {
      body: { question: `Which one, ${session}?`, options },
    })
  ).body;
const bridge = (enabled: boolean) =>
  served.call('PATCH', '/api/v1/config', { body: { patch: [{ path: 'vscode.enabled', value: enabled }] } });
const commit = (message: string, date: string) => {
  const as = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['add', '-A'], { cwd: work });
  execFileSync('git', [...as, 'commit', '-qm', message], {
    cwd: work,
    env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  });
};

test('what is asked for while there is no connection is read when there is one', async () => {
  const { editor, mission } = open();
  // As the poll does while Vigiles does not run.
  await mission.refresh();
  await until('a connection', () => editor.status.text.includes('$0.00'));
});

test('a session is in the tree as soon as it is there, and its question is answered by a button', async () => {
  const { editor } = open();
  await until('a connection', () => editor.status.text.includes('$0.00'));
  editor.press = (_message, buttons) => buttons.find((button) => button === 'slate');
  await served.call('POST', '/api/v1/sessions', {
    body: { session_id: 'roof', metadata: { title: 'Mend the roof' } },
  });
  await until('the session', () => labels(editor).includes('Mend the roof'));
  const { decision_id } = await ask('roof', ['tiles', 'slate']);
  await until('the answer', async () => {
    const found = await served.call<Decision>('GET', `/api/v1/sessions/roof/decisions/${decision_id}`);
    return found.body.resolution?.choice === 'slate';
  });
  await until('nothing waits any more', () => !labels(editor).includes('Questions'));
  assert.match(
    editor.told.find(({ buttons }) => buttons.includes('slate'))?.message ?? '',
    /^Mend the roof: Which one/,
  );
});

test('of two editors that answer, the later is told who won', async () => {
  const [first, second] = [open(), open()];
  const held = Promise.withResolvers<string>();
  first.editor.press = (_message, buttons) => (buttons.includes('left') ? held.promise : undefined);
  second.editor.press = (_message, buttons) => buttons.find((button) => button === 'right');
  await served.call('POST', '/api/v1/sessions', {
    body: { session_id: 'race', metadata: { title: 'Race' } },
  });
  await until('both connected', () => [first, second].every(({ editor }) => labels(editor).includes('Race')));
  const { decision_id } = await ask('race', ['left', 'right']);
  await until('both asked', () =>
    [first, second].every(({ editor }) => editor.told.some(({ buttons }) => buttons.includes('left'))),
  );
  await until('the second has won', async () => {
    const found = await served.call<Decision>('GET', `/api/v1/sessions/race/decisions/${decision_id}`);
    return found.body.resolution?.choice === 'right';
  });
  held.resolve('left');
  await until('the first is told', () =>
    first.editor.told.some(({ message }) => message.startsWith('Too late: ')),
  );
  assert.match(first.editor.told.at(-1)?.message ?? '', /chose “right”/);
});

test('a bridge that was opened anew, with another port and token, is found again by itself', async () => {
  const { editor, mission } = open();
  await until('a connection', () => editor.status.text.includes('$0.00'));
  const before = await readDiscovery(home);
  await bridge(false);
  await until('the loss', () => editor.status.text.includes('debug-disconnect'));
  assert.deepEqual(editor.tree, []);
  assert.throws(() => mission.rpc(), /vigiles start/);
  await bridge(true);
  await until('a new connection', () => editor.status.text.includes('$0.00'));
  assert.notEqual((await readDiscovery(home))?.token, before?.token);
});

test('a discovery file that others can read is not believed', async () => {
  await chmod(body.discovery_file, 0o644);
  try {
    await assert.rejects(readDiscovery(home), /not private/);
  } finally {
    await chmod(body.discovery_file, 0o600);
  }
});

test('what an agent changed since its session began is compared with before, also what it has committed', async () => {
  execFileSync('git', ['init', '-q'], { cwd: work });
  await writeFile(join(work, 'old.txt'), 'before\n');
  await writeFile(join(work, 'gone.txt'), 'gone\n');
  commit('start', '2026-01-01T00:00:00Z');
  const { editor, commands } = open();
  await served.call('POST', '/api/v1/sessions', {
    body: { session_id: 'diff', metadata: { title: 'Rewrite', folder: work } },
  });
  await until('the session', () => labels(editor).includes('Rewrite'));
  await writeFile(join(work, 'old.txt'), 'after\n');
  await rm(join(work, 'gone.txt'));
  commit('by the agent', '2099-01-01T00:00:00Z');
  await writeFile(join(work, 'new file.txt'), 'new\n');
  for (const path of ['old.txt', 'gone.txt', 'new file.txt']) {
    editor.pick = path;
    await commands['vigiles.showChanges']?.('diff');
  }
  const [changed, deleted, added] = editor.compared;
  assert.deepEqual(changed?.left && 'path' in changed.left ? changed.left.path : null, 'old.txt');
  assert.deepEqual(changed?.right, { file: join(work, 'old.txt') });
  assert.equal(deleted?.right, null);
  assert.deepEqual([added?.left, added?.right], [null, { file: join(work, 'new file.txt') }]);
});

test('what fails is told to the person, in one sentence, and nothing is started without a folder', async () => {
  const { editor, commands } = open();
  await until('a connection', () => editor.status.text.includes('$0.00'));
  await commands['vigiles.startAgent']?.(undefined);
  assert.match(editor.told.at(-1)?.message ?? '', /Open the folder first/);
  await until('the session', () => labels(editor).includes('Rewrite'));
  await commands['vigiles.resume']?.('diff');
  assert.equal(editor.told.at(-1)?.weight, 'error');
  assert.match(editor.told.at(-1)?.message ?? '', /^Vigiles: /);
  await commands['vigiles.openDashboard']?.(undefined);
  assert.match(editor.opened[0] ?? '', /^http:\/\/127\.0\.0\.1:\d+\/$/);
});
