import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Command } from 'commander';
import { createApi, type Api } from '../client/api.ts';
import { createProgram } from '../program.ts';
import { completeLine } from './complete.ts';
import { createNoticeBoard } from './notice-board.ts';
import { splitLine } from './split-line.ts';
import { isWorthKeeping } from './worth-keeping.ts';

let server: Server;
let api: Api;
const program: Command = createProgram({ home: '/nowhere' });

/** What a running Vigiles answers, as far as completion asks. */
const answers: Record<string, unknown> = {
  '/api/v1/sessions?limit=100': {
    sessions: [{ session_id: 'build' }, { session_id: 'burn' }, { session_id: 'a b' }],
  },
  '/api/v1/github/runs?limit=100': { runs: [{ id: '4711' }] },
  '/api/v1/services?beats=0': { services: [{ name: 'gateway' }] },
};

before(async () => {
  server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 500 : 200).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api = createApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token', '/nowhere');
});
after(() => server.close());

const complete = (line: string) => completeLine(program, line, api);

test('a line is words; quotes keep spaces together', () => {
  assert.deepEqual(splitLine(`halt build  "it's enough" `), {
    words: ['halt', 'build', "it's enough"],
    open: false,
  });
  assert.deepEqual(splitLine("inject s 'two words' more"), {
    words: ['inject', 's', 'two words', 'more'],
    open: true,
  });
  assert.deepEqual(splitLine('say "unfinished'), { words: ['say', 'unfinished'], open: true });
});

test('verbs, their verbs, options, the values of options and ids are completed', async () => {
  for (const [line, words] of [
    ['inc', ['incidents', 'incident']],
    ['workf', ['workflows ']],
    ['session ha', ['halt ']],
    ['github sh', ['show ']],
    ['halt b', ['build', 'burn']],
    ['halt bui', ['build ']],
    ['session rollback bur', ['burn ']],
    ['retry 4', ['4711 ']],
    ['action plan restart_service ', ['gateway ']],
    ['logs --le', ['--level ']],
    ['logs --level w', ['warn ']],
    ['logs -l e', ['error ']],
    ['mark done --service g', ['gateway ']],
    ['help lo', ['logs ']],
    ['qui', ['quit ']],
  ] as const)
    assert.deepEqual((await complete(line))[0].toSorted(), words.toSorted(), line);
});

test('what the server does not say is not completed, and nothing fails', async () => {
  assert.deepEqual(await complete('incident show x'), [[], 'x']);
  assert.deepEqual(await complete('status '), [[], '']);
  assert.deepEqual(await complete('nonsense '), [[], '']);
});

test('the console has the words of the seed and the verbs of the shell, and none that make no sense in it', async () => {
  const [words] = await complete('');
  const wanted =
    'status services config health reload github workflows help exit quit logs metrics retry incidents sessions devices notifications usage needs answer';
  for (const word of wanted.split(' ')) assert.ok(words.includes(word), word);
  for (const word of ['start', 'connect', 'secret', 'restore', 'completion', 'ids'])
    assert.ok(!words.includes(word), word);
  const shell = new Set(createProgram().commands.map((each) => each.name()));
  for (const { name } of program.commands.map((each) => ({ name: each.name() })))
    assert.ok(shell.has(name), name);
});

test('notices of one moment are shown at once, and a storm is counted', () => {
  const shown: string[] = [];
  const board = createNoticeBoard((text) => shown.push(text));
  for (let i = 0; i < 200; i += 1) board.add(`notice ${i}`);
  board.flush();
  board.flush();
  assert.equal(shown.length, 1);
  const lines = shown[0]?.split('\n') ?? [];
  assert.equal(lines[0], 'notice 0');
  assert.match(lines.at(-1) ?? '', /and 140 more/);
});

test('a line with a secret, or with a space before it, is not kept; others are', () => {
  for (const line of [
    ' status',
    'inject s "use ghp_abcdefghijklmnopqrstuvwxyz0123456789"',
    'run codex --token abc',
    'run x --api-key=abc',
    'peek https://me:hunter2@example.org/',
    'inject s "password: hunter2"',
    'inject s "the header is Bearer abc"',
    'inject s xJ4kP0qLm2Zt8Vw6Rb1Ny3Cd',
  ])
    assert.ok(!isWorthKeeping(line), line);
  for (const line of [
    'status',
    'incident show inc_1m7zqwafm388he9j5z8d',
    'logs --text token --since 2h',
    'retry 4711 --reason "the secret was rotated"',
    'peek https://example.org/AVeryLongPathOfAPage1234567',
    'mark 0123456789abcdef0123456789abcdef01234567',
  ])
    assert.ok(isWorthKeeping(line), line);
});

test('help on a verb names it as it is typed here, without a program before it', () => {
  const github = createProgram({ home: '/nowhere' }).commands.find((each) => each.name() === 'github');
  const sync = github?.commands.find((each) => each.name() === 'sync');
  assert.match(sync?.helpInformation() ?? '', /^Usage: github sync \[options\] <action>/);
});

test('a word that is no verb of its group is named, with the one that was meant', async () => {
  const fresh = createProgram({ home: '/nowhere' });
  let said = '';
  const tame = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: (text) => (said += text) });
    for (const each of command.commands) tame(each);
  };
  tame(fresh);
  await assert.rejects(fresh.parseAsync(['github', 'helth'], { from: 'user' }));
  assert.equal(said.trim(), 'There is no command "github helth"; did you mean "health"?');
});
