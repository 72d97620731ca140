import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { makeVsix } from './make-vsix.ts';
import { readZip } from './read-zip.ts';

const root = dirname(dirname(import.meta.dirname));
const { name, bytes } = await makeVsix(root);
const files = readZip(bytes);
const text = (path: string) => files.get(path)?.toString('utf8') ?? '';
const folder = mkdtempSync(join(tmpdir(), 'vigiles-vsix-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Manifest {
  main: string;
  version: string;
  private?: boolean;
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command: string }[]>;
    configuration: { properties: Record<string, { default: unknown }> };
    viewsContainers: { activitybar: { icon: string }[] };
  };
}
const manifest = JSON.parse(text('extension/package.json')) as Manifest;

test('the package holds what an editor needs and nothing else, in less than a megabyte', () => {
  assert.match(name, /^vigiles-\d+\.\d+\.\d+\.vsix$/);
  assert.deepEqual([...files.keys()].toSorted(), [
    '[Content_Types].xml',
    'extension.vsixmanifest',
    'extension/LICENSE.txt',
    'extension/README.md',
    'extension/dist/extension.cjs',
    'extension/media/vigiles.svg',
    'extension/package.json',
  ]);
  assert.ok(bytes.length < 1 << 20, `${bytes.length} bytes`);
});

test('its manifests agree, every file has a media type, and all they name is there', () => {
  assert.match(text('extension.vsixmanifest'), new RegExp(`Id="vigiles" Version="${manifest.version}"`));
  assert.equal(manifest.private, undefined);
  for (const path of files.keys())
    if (path !== '[Content_Types].xml')
      assert.ok(
        text('[Content_Types].xml').includes(`Extension="${path.slice(path.lastIndexOf('.'))}"`),
        path,
      );
  for (const [, path = ''] of text('extension.vsixmanifest').matchAll(/Path="([^"]+)"/g))
    assert.ok(files.has(path), path);
  assert.ok(files.has(join('extension', manifest.main)));
  for (const { icon } of manifest.contributes.viewsContainers.activitybar)
    assert.ok(files.has(`extension/${icon}`));
});

test('the same sources make the same bytes', async () => {
  assert.ok((await makeVsix(root)).bytes.equals(bytes));
});

test('the built extension activates: every command it announces is there, and without Vigiles it says so', async () => {
  mkdirSync(join(folder, 'node_modules', 'vscode'), { recursive: true });
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist', 'extension.cjs'), text('extension/dist/extension.cjs'));
  writeFileSync(
    join(folder, 'node_modules', 'vscode', 'index.js'),
    'module.exports = globalThis.vscodeOfTest;',
  );
  const registered = new Map<string, unknown>();
  const status = { text: '', tooltip: '', show: () => undefined, dispose: () => undefined };
  const disposable = { dispose: () => undefined };
  const box = class {
    event = () => disposable;
    fire = () => undefined;
    dispose = () => undefined;
  };
  Object.assign(globalThis, {
    vscodeOfTest: {
      EventEmitter: box,
      ThemeColor: box,
      ThemeIcon: box,
      TreeItem: box,
      TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
      StatusBarAlignment: { Left: 1, Right: 2 },
      window: {
        createStatusBarItem: () => status,
        createOutputChannel: () => ({ appendLine: () => undefined, dispose: () => undefined }),
        createTreeView: () => disposable,
      },
      workspace: {
        getConfiguration: () => ({
          get: (key: string, otherwise: unknown) => (key === 'home' ? folder : otherwise),
        }),
        registerTextDocumentContentProvider: () => disposable,
      },
      commands: { registerCommand: (id: string, run: unknown) => (registered.set(id, run), disposable) },
    },
  });
  const extension = createRequire(join(folder, 'dist', 'x.cjs'))('./extension.cjs') as {
    activate(context: object): void;
    deactivate(): void;
  };
  const subscriptions: { dispose(): unknown }[] = [];
  extension.activate({ subscriptions, extension: { packageJSON: { version: '0.1.0' } } });
  const deadline = performance.now() + 30_000;
  while (!status.tooltip && performance.now() < deadline) await new Promise((done) => setImmediate(done));
  assert.match(status.tooltip, /does not run/);
  const announced = manifest.contributes.commands.map(({ command }) => command).toSorted();
  assert.deepEqual([...registered.keys()].toSorted(), announced);
  for (const { command } of Object.values(manifest.contributes.menus).flat())
    assert.ok(announced.includes(command));
  for (const { dispose } of subscriptions) dispose();
  extension.deactivate();
});
