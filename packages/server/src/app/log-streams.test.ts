import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createRedactor } from '../platform/secrets/index.ts';
import { createFileLog } from '../platform/log/index.ts';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';
import { healing } from './healing.ts';

const home = mkdtempSync(join(tmpdir(), 'vigiles-log-streams-'));
const folder = join(home, 'logs');
const file = join(folder, 'vigiles-2026-11-21.log');
const service = join(home, 'talk.txt');
let control: TestControl;
let commands: ReturnType<typeof createFileLog>;

const yaml = `
gateway: { enabled: false }
watchdog:
  services:
    - name: talker
      command: ["${process.execPath}", "-e", "console.log('hello'); require('node:fs').watchFile('${service}', { interval: 50 }, () => console.log('sk-abcdefghijkl again'))"]
      checks: [{ type: process }]
    - name: elsewhere
      checks: [{ type: tcp, port: 1 }]
`;

before(async () => {
  mkdirSync(folder, { recursive: true });
  const redactor = createRedactor();
  redactor.register('marked-value');
  commands = createFileLog({ home, name: 'session-commands', level: 'info', keep: {}, redactor });
  control = await startTestControl({
    yaml,
    home,
    env: { PATH: process.env['PATH'] },
    extend: [healing],
    commandLog: (step) => commands.log.info(step, 'command'),
  });
});
after(async () => {
  await control.close();
  commands.close();
  rmSync(home, { recursive: true, force: true });
});

interface Message {
  id: string;
  data: Record<string, unknown>;
}

/** Follows a stream into a list until it is closed. */
async function follow(path: string, headers: Record<string, string> = {}, token = control.admin) {
  const end = new AbortController();
  const response = await fetch(control.url + path, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
    signal: end.signal,
  });
  const got: Message[] = [];
  let subscribed = false;
  const reading = (async () => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        const id = /^id: (.*)$/m.exec(block)?.[1] ?? '';
        if (/^event: subscribed$/m.test(block)) subscribed = true;
        else if (data) got.push({ id, data: JSON.parse(data) as Record<string, unknown> });
      }
    }
  })().catch(() => undefined);
  return {
    status: response.status,
    got,
    subscribed: () => until('it is subscribed', () => subscribed),
    async close() {
      end.abort();
      await reading;
    },
  };
}

const line = (ts: number, msg: string, level = 'info') =>
  `${JSON.stringify({ level, time: ts, pid: 1, msg })}\n`;
const said = (got: Message[]) => got.map(({ data }) => data['message']);

test('the stream begins with the newest lines, goes on as they are written, and is taken up without a gap', async () => {
  appendFileSync(file, line(1, 'before') + line(2, 'quiet', 'debug') + line(3, 'just before'));
  const first = await follow('/api/v1/logs/stream?tail=1&level=info&log=vigiles');
  await until('the tail comes', () => first.got.length === 1);
  appendFileSync(file, line(4, 'live') + line(5, 'not asked for', 'debug') + line(6, 'also live'));
  await until('what is written comes', () => first.got.length === 3);
  await first.close();
  assert.deepEqual(said(first.got), ['just before', 'live', 'also live']);
  appendFileSync(file, line(7, 'meanwhile'));
  const again = await follow('/api/v1/logs/stream?tail=5&level=info&log=vigiles', {
    'last-event-id': first.got[1]?.id ?? '',
  });
  await until('the rest comes', () => again.got.length === 2);
  assert.deepEqual(said(again.got), ['also live', 'meanwhile']);
  await again.close();
});

test('somebody without the scope may not read logs', async () => {
  const token = await control.token('gateway');
  for (const path of ['/api/v1/logs', '/api/v1/logs/stream', '/api/v1/services/talker/logs/stream']) {
    const stream = await follow(path, {}, token);
    assert.equal(stream.status, 403, path);
    await stream.close();
  }
});

test('a slow reader gets every line of a great burst: nothing piles up for it', async () => {
  const burst = 10_000;
  const slow = await follow('/api/v1/logs/stream?text=burst');
  await slow.subscribed();
  const many = Array.from({ length: burst }, (_, i) => line(100 + i, `burst ${i} ${'x'.repeat(200)}`));
  appendFileSync(file, many.join(''));
  await until('all of it comes', () => slow.got.length === burst);
  assert.equal(said(slow.got).at(-1), `burst ${burst - 1} ${'x'.repeat(200)}`);
  await slow.close();
});

test('a service’s output comes as it is written, without secrets; a service of others has none', async () => {
  const stream = await follow('/api/v1/services/talker/logs/stream?tail=10');
  const lines = () => stream.got.flatMap(({ data }) => data['lines'] as string[]);
  await until('its first words come', () => lines().includes('hello'));
  assert.equal(stream.got[0]?.data['reset'], true);
  appendFileSync(service, 'x');
  await until('what it says then comes', () => lines().some((text) => /redacted.* again$/.test(text)));
  assert.ok(!lines().join().includes('sk-abc'));
  await stream.close();
  for (const name of ['elsewhere', 'nobody']) {
    const none = await follow(`/api/v1/services/${name}/logs/stream`);
    assert.equal(none.status, 404, name);
    await none.close();
  }
});

test('every command to a session is logged with who, what, which session and state, without secrets', async () => {
  await control.call('POST', '/api/v1/sessions', { body: { session_id: 'build', metadata: { title: 'b' } } });
  await control.call('POST', '/api/v1/sessions/build/commands', {
    body: { type: 'REDIRECT', message: 'use marked-value instead', command_id: 'cmd_1' },
  });
  await control.call('POST', '/api/v1/sessions/build/commands', { body: { type: 'HALT', reason: 'enough' } });
  const written = () =>
    readFileSync(commands.path(), 'utf8')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
  await until('they are written', () => written().length >= 2);
  const [redirect, ...rest] = written();
  assert.equal(redirect?.['session_id'], 'build');
  assert.equal(redirect['command_id'], 'cmd_1');
  assert.deepEqual([redirect['type'], redirect['state'], redirect['tenant']], ['REDIRECT', 'queued', 'main']);
  assert.match(String(redirect['actor']), /^device:/);
  assert.deepEqual(redirect['args'], { message: 'use [redacted] instead' });
  assert.ok(rest.some(({ type, state }) => type === 'HALT' && state === 'queued'));
  const { body } = await control.call<{ entries: { category: string }[] }>(
    'GET',
    '/api/v1/logs?category=session-commands&limit=5',
  );
  assert.ok(body.entries.length >= 2);
});
