import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { readControlFile } from '../client/control-file.ts';
import { environment, freePort, programPath, newFolder, removeFolder, until } from '../testing/vigiles.ts';

// A server of its own, so that nobody's sessions are touched.
const socket = `vigiles-test-${process.pid}`;
const tmux = (...args: string[]) =>
  spawnSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
const screen = () => tmux('capture-pane', '-p', '-t', 'console').stdout;
const type = (text: string) => tmux('send-keys', '-t', 'console', '-l', text);
const key = (name: string) => tmux('send-keys', '-t', 'console', name);
const promptLines = () =>
  screen()
    .split('\n')
    .filter((line) => line.startsWith('vigiles> '));

/** What stands below the last command, when it is this one. */
const answerTo = (command: string) => {
  const all = screen();
  const at = all.lastIndexOf('\nvigiles> ');
  return at >= 0 && all.startsWith(`\nvigiles> ${command}\n`, at) ? all.slice(at) : '';
};

let home: string;

async function open(width = 100): Promise<void> {
  const env = environment({
    VIGILES_HOME: home,
    VIGILES_GATEWAY__PORT: String(await freePort()),
    VIGILES_GATEWAY__DISCOVER_LOCAL: 'false',
    TERM: 'xterm',
  });
  const words = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
  const command = `env -i ${words.join(' ')} '${process.execPath}' '${programPath}' start --port 0; echo "ended with $?"; sleep 1000`;
  const made = tmux('new-session', '-d', '-s', 'console', '-x', String(width), '-y', '70', command);
  assert.equal(made.status, 0, made.stderr);
  await until('the prompt appears', () => /^vigiles>/m.test(screen()));
}

const setLevel = (level: string) => writeFileSync(join(home, 'vigiles.yaml'), `log:\n  level: ${level}\n`);
const notices = () => screen().match(/config reloaded: log\.level/g)?.length ?? 0;

before(() => {
  assert.equal(spawnSync('tmux', ['-V']).status, 0, 'these tests need tmux');
});
const newHome = () => {
  home = newFolder();
};
async function leave(): Promise<void> {
  const control = readControlFile(home);
  if (control) {
    // Asked, not killed: a gateway outlives a control that is killed.
    process.kill(control.pid, 'SIGTERM');
    await until('control leaves', () => readControlFile(home) === null, 45_000);
  }
  tmux('kill-session', '-t', 'console');
  removeFolder(home);
}
after(() => {
  tmux('kill-server');
});

describe('a console, from its banner to its end', () => {
  before(async () => {
    newHome();
    await open();
  });
  after(leave);

  test('the banner shows version, endpoints, limits, budgets and a sign-in link', async () => {
    const shown = screen();
    for (const pattern of [
      /VIGILES {2}\d+\.\d+\.\d+/,
      /\/health/,
      /ws:\/\/127\.0\.0\.1:\d+\/ws/,
      /\/docs/,
      /120\/min/,
      /\$10\.00 a day/,
      /\/sign-in#code=\S{20,}/,
      /http:\/\/127\.0\.0\.1:\d+\/v1/,
    ]) {
      assert.match(shown, pattern);
    }
  });

  test('notices appear above a half-typed command, which can then be finished', async () => {
    type('hel');
    await until('the letters are there', () => promptLines().includes('vigiles> hel'));
    for (const [i, level] of ['warn', 'debug', 'error'].entries()) {
      setLevel(level);
      await until(`notice ${i + 1}`, () => notices() === i + 1);
    }
    assert.deepEqual(promptLines(), ['vigiles> hel']);
    type('p');
    key('Enter');
    await until('the answer', () => /exit, quit/.test(screen()));
    assert.ok(promptLines().includes('vigiles> help'));
  });

  test('Tab completes, an unknown command gets a suggestion, history is kept for the owner only', async () => {
    type('incidents');
    key('Enter');
    await until('answered', () => /No incidents/.test(screen()));
    type('githu');
    key('Tab');
    await until('completed', () => promptLines().includes('vigiles> github'));
    key('C-u');
    type('statsu');
    key('Enter');
    await until('suggested', () => /did you mean "status"\?/.test(screen()));
    key('Up');
    await until('from history', () => promptLines().at(-1) === 'vigiles> statsu');
    const path = join(home, 'console-history');
    assert.equal(readFileSync(path, 'utf8'), 'help\nincidents\nstatsu\n');
    key('C-u');
    // Entered at once: the second waits for the first, and its answer stands below it.
    tmux('send-keys', '-t', 'console', 'services', 'Enter', 'mark --token=hunter2', 'Enter');
    await until('both are answered', () => /unknown option '--token=hunter2'/.test(screen()));
    await until('both stand at a prompt of their own', () =>
      ['vigiles> services', 'vigiles> mark --token=hunter2'].every((line) => promptLines().includes(line)),
    );
    assert.equal(readFileSync(path, 'utf8'), 'help\nincidents\nstatsu\nservices\n', 'a secret is not kept');
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  test('logs are followed until Ctrl-C, what is typed ahead stands in the next prompt, and a reload says what it changed', async () => {
    type('logs --follow --lines 1 --text onfiguration');
    key('Enter');
    const { url = '', token = '' } = readControlFile(home) ?? {};
    const reload = () =>
      fetch(`${url}/api/v1/config/reload`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    // The stream begins some time after the key: written until it shows.
    let level = 0;
    await until('what is logged appears', async () => {
      if (/Configuration reloaded/.test(screen())) return true;
      setLevel(['debug', 'info'][(level += 1) % 2] ?? 'info');
      return (await reload()).ok && /Configuration reloaded/.test(screen());
    });
    type('hel');
    key('C-c');
    await until('the prompt is back with what was typed', () => promptLines().at(-1) === 'vigiles> hel');
    type('p');
    key('Enter');
    await until('it is a command', () => /exit, quit/.test(answerTo('help')));
    writeFileSync(join(home, 'vigiles.yaml'), 'log: { keep_days: 3 }\n');
    type('reload');
    key('Enter');
    await until('it says what changed', () => /eloaded: [^\n]*log\.keep_days/.test(screen()));
  });

  test('a question of an agent is told, listed and answered at the prompt', async () => {
    const { url = '', token = '' } = readControlFile(home) ?? {};
    const post = async (path: string, body: object) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      assert.ok(answer.ok, await answer.clone().text());
      return (await answer.json()) as { decision_id: string };
    };
    await post('/api/v1/sessions', { session_id: 'build', metadata: { title: 'Builds it' } });
    const question = { question: 'Which way?', options: ['left', 'right'] };
    const { decision_id } = await post('/api/v1/sessions/build/decisions', question);
    await until('the console tells of it', () => /needs you.*Builds it.*Which way\?/.test(screen()));
    type('answer 1 right');
    key('Enter');
    await until('nothing is answered unseen', () => /There is no such number/.test(screen()));
    type('needs');
    key('Enter');
    await until('it is listed', () => /1 {2}question Which way\? build/.test(screen()));
    type('answer 1 right');
    key('Enter');
    await until('it is decided', () => /Decided: right/.test(screen()));
    const path = `${url}/api/v1/sessions/build/decisions/${decision_id}`;
    const asked = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
    const { resolution } = (await asked.json()) as { resolution: { choice: string; source: string } };
    assert.deepEqual([resolution.choice, resolution.source], ['right', 'operator']);
  });

  test('Ctrl-C once drops the line and gives a hint; exit ends with 0', async () => {
    type('half a thou');
    key('C-c');
    await until('the hint', () => /press Ctrl-C again/.test(screen()));
    assert.ok(!promptLines().some((line) => line.includes('half')));
    type('exit');
    key('Enter');
    await until('it ends', () => /ended with 0/.test(screen()));
  });
});

describe('a console of its own', () => {
  beforeEach(newHome);
  afterEach(leave);

  test('a command that spans several rows survives a notice, with the cursor where it was', async () => {
    await open(40);
    const long = `logs ${'1234567890'.repeat(7)}`;
    type(long);
    key('Left');
    key('Left');
    await until('the text is there', () => screen().replaceAll('\n', '').includes(`vigiles> ${long}`));
    setLevel('warn');
    await until('the notice', () => notices() === 1);
    setLevel('debug');
    await until('the second notice', () => notices() === 2);
    type('X');
    await until('typed where the cursor was', () =>
      screen()
        .replaceAll('\n', '')
        .includes(`vigiles> ${long.slice(0, -2)}X90`),
    );
    assert.equal(promptLines().length, 1);
    assert.equal(notices(), 2);
  });

  test('typing is not broken by 50 webhooks and their notices', async () => {
    const secret = 'a secret of the webhook';
    writeFileSync(
      join(home, 'vigiles.yaml'),
      `github:\n  repositories: [acme/app]\n  webhook: { secret: "${secret}" }\n`,
    );
    await open(120);
    const { url = '' } = readControlFile(home) ?? {};
    const ping = async (i: number) => {
      const body = JSON.stringify({ zen: `${i}`, hook_id: 1, repository: { full_name: 'acme/app' } });
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      const answer = await fetch(`${url}/api/v1/github/webhook`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'ping',
          'x-github-delivery': `delivery-${i}`,
          'x-hub-signature-256': `sha256=${signature}`,
        },
        body,
      });
      assert.equal(answer.status, 200, await answer.text());
    };
    const text = 'logs --text "typed while 50 webhooks came" --lines 5';
    const posting = (async () => {
      for (let i = 0; i < 50; i += 1) await ping(i);
    })();
    for (const letter of text) type(letter);
    await posting;
    const told = () =>
      tmux('capture-pane', '-p', '-S', '-500', '-t', 'console').stdout.match(/⇣ GitHub ping/g)?.length;
    await until('each of them is told', () => told() === 50);
    await until('the line is whole', () => promptLines().includes(`vigiles> ${text}`));
    assert.equal(promptLines().length, 1);
    key('Enter');
    await until('it is understood', () => /Nothing like it was logged/.test(screen()));
  });

  test('Ctrl-D ends it with 0', async () => {
    await open();
    key('C-d');
    await until('it ends', () => /ended with 0/.test(screen()));
  });

  test('SIGTERM ends the console with 0', async () => {
    await open();
    const { pid } = JSON.parse(readFileSync(join(home, 'run', 'control.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGTERM');
    await until('it ends', () => /ended with 0/.test(screen()));
  });

  test('a terminal that goes away ends it in order', async () => {
    await open();
    const file = join(home, 'run', 'control.json');
    assert.ok(existsSync(file));
    tmux('kill-session', '-t', 'console');
    await until('what tells of it is taken away', () => !existsSync(file), 45_000);
  });
});
