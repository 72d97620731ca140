import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentWatchConfig } from '@vigiles/contract';
import { systemClock } from '../../../../kernel/clock.ts';
import { silentLog } from '../../../../kernel/log.ts';
import type { Signal } from '../../core/detect/signal.ts';
import { createAgentWatch } from './agent-watch.ts';
import { findCodex } from './codex-processes.ts';
import { takeRolloutLine, type Rollout } from './rollout.ts';

/** The real Codex against a provider that can do the one wrong thing each test is about. */
let provider: Server;
let behaviour: 'hang' | 'cut' | 'too_long' = 'hang';
const folder = mkdtempSync(join(tmpdir(), 'agent-watch-'));
const home = join(folder, 'home');

before(async () => {
  provider = createServer((request, response) => {
    request.resume().on('end', () => {
      if (behaviour === 'too_long') {
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end('{"error":{"message":"too long","code":"context_length_exceeded"}}');
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"type":"response.created","response":{"id":"r1"}}\n\n');
      if (behaviour === 'cut') setTimeout(() => response.destroy(), 5);
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const { port } = provider.address() as AddressInfo;
  mkdirSync(home);
  writeFileSync(
    join(home, 'config.toml'),
    `model = "any"\nmodel_provider = "gw"\n[model_providers.gw]\nname = "gateway"\nbase_url = "http://127.0.0.1:${port}/v1"\nwire_api = "responses"\nstream_max_retries = 1\n[analytics]\nenabled = false\n`,
  );
});

after(async () => {
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

function startCodex(): { child: ChildProcess; ended: Promise<void> } {
  const manifest = createRequire(import.meta.url).resolve('@openai/codex/package.json');
  const out = openSync(join(folder, 'out.log'), 'a');
  const child = spawn(
    process.execPath,
    [join(dirname(manifest), 'bin', 'codex.js'), 'exec', '--json', '--skip-git-repo-check', 'say hi'],
    { cwd: folder, stdio: ['ignore', out, out], env: { ...process.env, CODEX_HOME: home } },
  );
  closeSync(out);
  return { child, ended: new Promise((resolve) => child.once('exit', () => resolve())) };
}

async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline;) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(50);
  }
  throw new Error(`no ${what}`);
}

const ours = async () => (await findCodex()).filter((one) => one.home === home);

function watchOf(signals: Signal[]) {
  return createAgentWatch({
    clock: systemClock,
    log: silentLog,
    config: AgentWatchConfig.parse({ codex_home: [home] }),
    signal: (signal) => void signals.push(signal),
    find: ours,
  });
}

test('a Codex that is killed in the middle of a turn is missed; one that ends by itself is not', async (t) => {
  behaviour = 'hang';
  const signals: Signal[] = [];
  const watch = watchOf(signals);
  t.after(() => watch.stop());
  await watch.look();
  const codex = startCodex();
  const running = await until('session held open', async () =>
    (await ours()).find(({ rollouts }) => rollouts.length > 0),
  );
  await until('open turn', async () => {
    await watch.look();
    return signals.some(
      ({ name, target }) => name === 'resource.memory_mb' && /codex:[0-9a-f]{8}-/.test(target),
    );
  });
  await sleep(300);
  await watch.look();
  assert.deepEqual(
    signals.filter(({ name }) => name === 'process.gone'),
    [],
  );
  process.kill(running.identity.pid, 'SIGKILL');
  await codex.ended;
  const gone = await until('gone', async () => {
    await watch.look();
    return signals.find(({ name }) => name === 'process.gone');
  });
  assert.match(gone.target, /^agent:codex:[0-9a-f-]{36}$/);
  assert.deepEqual(gone.fields, { pid: running.identity.pid, expected: false });
  await watch.look();
  assert.equal(signals.filter(({ name }) => name === 'process.gone').length, 1);
});

test('a session that outgrew its model’s window says so, though its process was gone before the next look', async (t) => {
  behaviour = 'too_long';
  const signals: Signal[] = [];
  const watch = watchOf(signals);
  t.after(() => watch.stop());
  await watch.look();
  await startCodex().ended;
  const seen = await until('overflow', async () => {
    await watch.look();
    return signals.find(({ name }) => name === 'agent.context_overflow');
  });
  assert.match(seen.line ?? '', /context window/);
  await watch.look();
  assert.deepEqual(
    signals.filter(({ name, target }) => name === 'process.gone' && target === seen.target),
    [],
  );
});

test('a stream that breaks again and again is seen in what Codex prints and in its session', async (t) => {
  behaviour = 'cut';
  const signals: Signal[] = [];
  const watch = watchOf(signals);
  t.after(() => watch.stop());
  await watch.look();
  const { ended } = startCodex();
  const over = ended.then(() => 'over');
  await until('end of Codex', async () => {
    await watch.look();
    return (await Promise.race([over, sleep(30)])) === 'over';
  });
  const lines = await until('complaints', async () => {
    await watch.look();
    const found = signals.filter(({ name }) => name === 'log').map(({ line }) => line ?? '');
    return found.some((line) => line.startsWith('stream disconnected')) && found;
  });
  assert.ok(
    lines.some((line) => line.includes('Reconnecting... 1/1')),
    lines.join('\n'),
  );
});

test('a broken line, a foreign line and text that only looks like an event change nothing', () => {
  const rollout: Rollout = { turn: 't1', model: null };
  for (const line of [
    '{"type":"event_msg","payload":{"type":"task_complete"',
    '{"type":"response_item","payload":{"type":"task_complete"}}',
    '{"type":"event_msg","payload":null,"x":"task_complete"}',
    'task_complete',
  ])
    assert.equal(takeRolloutLine(rollout, line), null);
  assert.equal(rollout.turn, 't1');
  takeRolloutLine(rollout, '{"type":"event_msg","payload":{"type":"turn_aborted","turn_id":"t1"}}');
  assert.equal(rollout.turn, null);
});

test('what an agent said before it was first seen is read where its file is new, each line once, and left where it is old', async (t) => {
  const said = (n: number) => `Reconnecting... ${n}/5 (stream disconnected before completion)\n`;
  const [old, fresh] = [join(folder, 'old.log'), join(folder, 'fresh.log')];
  writeFileSync(old, said(1));
  const signals: Signal[] = [];
  let outputs: { path: string; stream: 'stderr' }[] = [];
  let later = 0;
  const watch = createAgentWatch({
    clock: { ...systemClock, monotonic: () => systemClock.monotonic() + later },
    log: silentLog,
    config: AgentWatchConfig.parse({ codex_home: [home] }),
    signal: (signal) => void signals.push(signal),
    find: async () =>
      outputs.map((output, at) => ({
        identity: { pid: 100 + at, startTime: 'now' },
        home,
        rssBytes: 1 << 20,
        rollouts: [],
        outputs: [output],
      })),
  });
  t.after(() => watch.stop());
  await sleep(50);
  await watch.look();
  await sleep(50);
  appendFileSync(old, said(2));
  writeFileSync(fresh, '');
  // Files have times of a few milliseconds: it has to have changed after its birth.
  await sleep(50);
  for (let n = 1; n <= 5; n += 1) appendFileSync(fresh, said(n));
  outputs = [old, fresh].map((path) => ({ path, stream: 'stderr' }));
  const heard = async () => {
    await watch.look();
    // It opens no session, for which it is given time.
    later += 5000;
    const lines = signals.filter(({ name }) => name === 'log');
    return lines.length >= 5 && lines;
  };
  const lines = await until('complaints', heard);
  assert.deepEqual(
    lines.map(({ target, line }) => `${target} ${line?.slice(0, 19)}`),
    [1, 2, 3, 4, 5].map((n) => `agent:codex:101 Reconnecting... ${n}/5`),
  );
});

test('what an agent said whose process was seen once, before it had its session open, belongs to that session', async (t) => {
  const place = join(folder, 'short');
  const id = '01a1ffa7-e1b8-7eb0-90f0-9df121e0a946';
  const day = join(place, 'sessions', ...new Date().toISOString().slice(0, 10).split('-'));
  const file = join(folder, 'short.log');
  const signals: Signal[] = [];
  let seen: Awaited<ReturnType<typeof findCodex>> = [];
  const watch = createAgentWatch({
    clock: systemClock,
    log: silentLog,
    config: AgentWatchConfig.parse({ codex_home: [place] }),
    signal: (signal) => void signals.push(signal),
    find: async () => seen,
  });
  t.after(() => watch.stop());
  await watch.look();
  await sleep(50);
  writeFileSync(file, '');
  await sleep(50);
  const outputs = [{ path: file, stream: 'stderr' as const }];
  const identity = { pid: 100, startTime: 'now' };
  appendFileSync(file, 'Reconnecting... 1/5\n');
  seen = [{ identity, home: place, rssBytes: 1 << 20, rollouts: [], outputs }];
  await watch.look();
  mkdirSync(day, { recursive: true });
  writeFileSync(
    join(day, `rollout-2026-11-21T07-06-12-${id}.jsonl`),
    '{"type":"session_meta","payload":{}}\n',
  );
  appendFileSync(file, 'Reconnecting... 2/5\n');
  seen = [];
  const lines = await until('complaints', async () => {
    await watch.look();
    const found = signals.filter(({ name }) => name === 'log');
    return found.length >= 2 && found;
  });
  assert.deepEqual(
    lines.map(({ target, line }) => `${target} ${line}`),
    [1, 2].map((n) => `agent:codex:${id} Reconnecting... ${n}/5`),
  );
});

test('what an agent said in the seconds before it opened its session belongs to that session', async (t) => {
  const id = '01a1ffa7-e1b8-7eb0-90f0-9df121e0a947';
  const file = join(folder, 'slow.log');
  const signals: Signal[] = [];
  let seen: Awaited<ReturnType<typeof findCodex>> = [];
  let later = 0;
  const watch = createAgentWatch({
    clock: { ...systemClock, monotonic: () => systemClock.monotonic() + later },
    log: silentLog,
    config: AgentWatchConfig.parse({ codex_home: [home] }),
    signal: (signal) => void signals.push(signal),
    find: async () => seen,
  });
  t.after(() => watch.stop());
  await watch.look();
  await sleep(50);
  writeFileSync(file, '');
  await sleep(50);
  const process = {
    identity: { pid: 100, startTime: 'now' },
    home,
    rssBytes: 1 << 20,
    rollouts: [],
    outputs: [{ path: file, stream: 'stderr' as const }],
  };
  // Its launcher has opened the file, and takes its time.
  appendFileSync(file, 'Reconnecting... 0/5\n');
  await watch.look();
  await watch.look();
  seen = [process];
  for (let n = 1; n <= 3; n += 1) {
    appendFileSync(file, `Reconnecting... ${n}/5\n`);
    await watch.look();
    later += 5000;
  }
  const rollout = join(home, `rollout-2026-11-21T07-06-12-${id}.jsonl`);
  writeFileSync(rollout, '{"type":"session_meta","payload":{}}\n');
  seen = [{ ...process, rollouts: [rollout] }];
  appendFileSync(file, 'Reconnecting... 4/5\n');
  const lines = await until('complaints', async () => {
    await watch.look();
    const found = signals.filter(({ name }) => name === 'log');
    return found.length >= 5 && found;
  });
  assert.deepEqual(
    lines.map(({ target, line }) => `${target} ${line}`),
    [0, 1, 2, 3, 4].map((n) => `agent:codex:${id} Reconnecting... ${n}/5`),
  );
});

test('an agent that writes to a named pipe nobody opened holds up nobody', async (t) => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const signals: Signal[] = [];
  const watch = createAgentWatch({
    clock: systemClock,
    log: silentLog,
    config: AgentWatchConfig.parse({ codex_home: [home] }),
    signal: (signal) => void signals.push(signal),
    find: async () => [
      {
        identity: { pid: process.pid, startTime: 'now' },
        home,
        rssBytes: 1 << 20,
        rollouts: [],
        outputs: [{ path: pipe, stream: 'stdout' as const }],
      },
    ],
  });
  t.after(() => watch.stop());
  await watch.look();
  await watch.look();
  assert.equal(signals.filter(({ name }) => name === 'resource.memory_mb').length, 2);
});
