import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { readControlFile } from '../client/control-file.ts';
import { newFolder, removeFolder, startVigiles, until, type Running } from '../testing/vigiles.ts';

const samples: Record<string, Record<string, string>> = {
  claude: { '.claude/settings.json': '{\n  "env": {"A": "b"}\n}\n' },
  gemini: { '.gemini/.env': '# mine\n', '.gemini/settings.json': '{\n  "ui": {}\n}\n' },
  opencode: { '.config/opencode/opencode.json': '{\n  "theme": "x"\n}\n' },
  aider: { '.aider.conf.yml': '# mine\nauto-commits: false\n' },
  continue: { '.continue/config.yaml': 'name: x\nversion: 1.0.0\nschema: v1\n' },
  cline: {
    '.cline/data/settings/providers.json':
      '{\n  "version": 1,\n  "lastUsedProvider": "cline",\n  "providers": {}\n}\n',
  },
};

const CONFIG = `gateway:
  providers:
    - { id: own, type: openai-compatible, base_url: 'http://127.0.0.1:9/v1', models: [own-model] }
`;

let running: Running;
let folder: string;
const connect = (agent: string, ...more: string[]) =>
  running.run(['connect', agent, '--user-home', folder, ...more]);
const disconnect = (agent: string) => running.run(['disconnect', agent, '--user-home', folder]);
const devices = async (): Promise<string[]> => {
  const { url, token } = readControlFile(running.home) ?? { url: '', token: '' };
  const answer = await fetch(`${url}/api/v1/devices`, { headers: { authorization: `Bearer ${token}` } });
  const { devices: list } = (await answer.json()) as { devices: { name: string }[] };
  return list.map(({ name }) => name);
};
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

before(async () => {
  running = await startVigiles({}, CONFIG);
  await until(
    'the gateway serves',
    async () => {
      const { stdout } = await running.run(['status', '--json']);
      const { gateway } = JSON.parse(stdout) as { gateway: { url: string } };
      return fetch(`${gateway.url}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    },
    40_000,
  );
});
beforeEach(() => {
  if (folder) removeFolder(folder);
  folder = newFolder();
});
after(async () => {
  removeFolder(folder);
  await running.close();
});

for (const [agent, files] of Object.entries(samples)) {
  test(`${agent} is connected with a device of its own, once, and comes back byte for byte`, async () => {
    for (const [path, text] of Object.entries(files)) {
      write(path, text);
      chmodSync(join(folder, path), 0o644);
    }
    const [first = ''] = Object.keys(files);
    const shown = await connect(agent, '--print');
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, /127\.0\.0\.1/);
    for (const [path, text] of Object.entries(files)) assert.equal(read(path), text);
    assert.ok(!(await devices()).includes(agent));

    const connected = await connect(agent);
    assert.equal(connected.code, 0, connected.stderr);
    assert.equal((await devices()).filter((name) => name === agent).length, 1);
    const token = /vgl_[A-Za-z0-9_-]+/.exec(read(first))?.[0] ?? '';
    assert.ok(token.length > 10 && !connected.stdout.includes(token));
    for (const path of Object.keys(files)) {
      assert.ok(shown.stdout.includes(read(path).replaceAll(token, 'vgl_…').trimEnd()), shown.stdout);
    }
    for (const [path, text] of Object.entries(files)) {
      assert.equal(statSync(join(folder, path)).mode & 0o777, 0o600);
      assert.equal(readFileSync(join(folder, `${path}.vigiles-backup`), 'utf8'), text);
    }
    const written = Object.keys(files).map(read);
    assert.match((await connect(agent)).stdout, /connected already/);
    assert.deepEqual(Object.keys(files).map(read), written);
    assert.equal((await devices()).filter((name) => name === agent).length, 1);

    const undone = await disconnect(agent);
    assert.equal(undone.code, 0, undone.stderr);
    for (const [path, text] of Object.entries(files)) {
      assert.equal(read(path), text);
      assert.equal(statSync(join(folder, path)).mode & 0o777, 0o644);
      assert.ok(!existsSync(join(folder, `${path}.vigiles-backup`)));
    }
    assert.ok(!(await devices()).includes(agent));
    assert.equal((await disconnect(agent)).code, 1);
  });
}

test('a YAML file that was not there, or held comments only, is no obstacle', async () => {
  write('.continue/config.yaml', '# nothing yet\n');
  for (const agent of ['aider', 'continue']) {
    const { code, stderr } = await connect(agent);
    assert.equal(code, 0, stderr);
    assert.equal((await disconnect(agent)).code, 0);
  }
  assert.ok(!existsSync(join(folder, '.aider.conf.yml')));
  assert.equal(read('.continue/config.yaml'), '# nothing yet\n');
});

test('files that were not there are gone again, and a revoked token is replaced', async () => {
  await connect('qwen');
  const old = read('.qwen/.env');
  const record = JSON.parse(readFileSync(join(running.home, 'connections', 'qwen.json'), 'utf8')) as {
    device_id: string;
  };
  await running.run(['device', 'revoke', record.device_id]);
  const [, base, token] = /^OPENAI_BASE_URL=(.*)\nOPENAI_API_KEY=(.*)$/m.exec(old) ?? [];
  // The gateway is another process: it hears of it a moment later.
  await until('the gateway refuses the old token', async () => {
    const { status } = await fetch(`${base}/models`, { headers: { authorization: `Bearer ${token}` } });
    return status === 401;
  });
  const again = await connect('qwen');
  assert.equal(again.code, 0, again.stderr);
  assert.notEqual(read('.qwen/.env'), old);
  assert.equal((await disconnect('qwen')).code, 0);
  assert.ok(
    !existsSync(join(folder, '.qwen', '.env')) && !existsSync(join(folder, '.qwen', 'settings.json')),
  );
});

test('a file that is not understood is refused with its line, and no device is made', async () => {
  write('.qwen/settings.json', '{\n  // mine\n}\n');
  write('.continue/config.yaml', 'name: x\n "y": [\n');
  for (const [agent, where] of [
    ['qwen', /settings\.json:2: .*Nothing was changed/],
    ['continue', /config\.yaml:\d+: .*Nothing was changed/],
  ] as const) {
    const { code, stderr } = await connect(agent);
    assert.equal(code, 1);
    assert.match(stderr, where);
    assert.ok(!(await devices()).includes(agent));
  }
  assert.ok(!existsSync(join(folder, '.qwen', '.env')));
});
