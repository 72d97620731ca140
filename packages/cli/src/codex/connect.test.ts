import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import {
  environment,
  newFolder,
  removeFolder,
  startVigiles,
  until,
  type Running,
} from '../testing/vigiles.ts';

const codexPath = createRequire(import.meta.url).resolve('@openai/codex/bin/codex.js');
const original = '# mine\nmodel = "gpt-5.5"\n\n[analytics]\nenabled = false\n';

let running: Running;
let codexHome: string;
const file = () => join(codexHome, 'config.toml');
const connect = (...more: string[]) => running.run(['connect', 'codex', '--codex-home', codexHome, ...more]);
const disconnect = () => running.run(['disconnect', 'codex', '--codex-home', codexHome]);
const devices = async () =>
  (await running.run(['device', 'list'])).stdout.split('\n').filter((line) => / codex /.test(line)).length;

before(async () => {
  running = await startVigiles();
  await until(
    'the gateway serves',
    async () => {
      const status = JSON.parse((await running.run(['status', '--json'])).stdout) as {
        gateway: { url: string };
      };
      return fetch(`${status.gateway.url}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    },
    40_000,
  );
});
beforeEach(() => {
  codexHome = join(newFolder(), 'codex');
  mkdirSync(codexHome);
});
after(() => running.close());

test('the real Codex works through the gateway after connecting, and its settings come back byte for byte', async () => {
  writeFileSync(file(), original);
  chmodSync(file(), 0o644);
  const connected = await connect();
  assert.equal(connected.code, 0, connected.stderr);
  assert.equal(statSync(file()).mode & 0o777, 0o600);
  assert.equal(readFileSync(`${file()}.vigiles-backup`, 'utf8'), original);

  const codex = spawn(
    process.execPath,
    [codexPath, 'exec', '--json', '--skip-git-repo-check', '-s', 'danger-full-access', 'hello'],
    {
      cwd: codexHome,
      env: environment({ CODEX_HOME: codexHome }),
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let said = '';
  codex.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve) => codex.once('close', resolve));
  assert.match(said, /"type":"turn\.completed"/, said);

  assert.equal((await disconnect()).code, 0);
  assert.equal(readFileSync(file(), 'utf8'), original);
  assert.equal(statSync(file()).mode & 0o777, 0o644);
  assert.ok(!existsSync(`${file()}.vigiles-backup`));
  assert.equal(await devices(), 0);
  removeFolder(join(codexHome, '..'));
});

test('connecting twice changes nothing and makes one device', async () => {
  writeFileSync(file(), original);
  await connect();
  const first = readFileSync(file(), 'utf8');
  assert.match((await connect()).stdout, /connected already/);
  assert.equal(readFileSync(file(), 'utf8'), first);
  assert.equal(await devices(), 1);
  await disconnect();
  removeFolder(join(codexHome, '..'));
});

test('--print shows the change, makes no device and writes nothing', async () => {
  writeFileSync(file(), original);
  const { stdout, code } = await connect('--print');
  assert.equal(code, 0);
  assert.match(stdout, /model_provider = "vigiles"/);
  assert.equal(readFileSync(file(), 'utf8'), original);
  assert.equal(await devices(), 0);
  removeFolder(join(codexHome, '..'));
});

test('what the person changed after connecting survives disconnecting', async () => {
  writeFileSync(file(), original);
  await connect();
  writeFileSync(
    file(),
    readFileSync(file(), 'utf8').replace('gpt-5.5', 'gpt-6-sol') + '\n[tui]\ntheme = "x"\n',
  );
  assert.equal((await disconnect()).code, 0);
  assert.equal(
    readFileSync(file(), 'utf8'),
    `${original.replace('gpt-5.5', 'gpt-6-sol')}\n[tui]\ntheme = "x"\n`,
  );
  removeFolder(join(codexHome, '..'));
});

test('a folder without settings gets a file with a model of the gateway, and is empty again afterwards', async () => {
  await connect();
  assert.match(readFileSync(file(), 'utf8'), /^model = "\S+"\nmodel_provider = "vigiles"\n/);
  await disconnect();
  assert.ok(!existsSync(file()));
  removeFolder(join(codexHome, '..'));
});

test('a file that is not understood is refused with its line, and no device is made', async () => {
  writeFileSync(file(), 'model = "x"\nmodel_providers = { a = 1 }\n');
  const { code, stderr } = await connect();
  assert.equal(code, 1);
  assert.match(stderr, /config\.toml:2: .*Nothing was changed/);
  assert.equal(await devices(), 0);
  removeFolder(join(codexHome, '..'));
});
