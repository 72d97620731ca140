import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Identity, LogEntry } from '@vigiles/contract';
import { FaultError } from '../../kernel/fault.ts';
import type { RouteCall } from '../../kernel/route.ts';
import { followLogs } from './follow-logs.ts';
import { logRoutes } from './index.ts';
import { endsOf } from './log-files.ts';

interface Page {
  entries: LogEntry[];
  next: string | null;
}

const day = Date.UTC(2026, 10, 21);
let folder: string;
const admin: Identity = { kind: 'device', deviceId: 'dev_1', name: 'admin', scopes: ['admin'] };
const line = (ts: number, msg: string, more: object = {}) =>
  `${JSON.stringify({ level: 'info', time: day + ts, pid: 1, msg, ...more })}\n`;

async function read(query: Record<string, unknown> = {}, identity = admin, maxBytes?: number): Promise<Page> {
  const [route] = logRoutes(folder, maxBytes);
  assert.ok(route?.query);
  const call = { query: route.query.parse(query), identity, signal: new AbortController().signal };
  return (await route.handle(call as unknown as RouteCall<never, never, never>)) as Page;
}
const said = ({ entries }: Page): string[] => entries.map(({ message }) => message);

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigiles-logs-'));
  writeFileSync(join(folder, 'vigiles-2026-11-20.log'), line(-10, 'yesterday'));
  writeFileSync(
    join(folder, 'gateway-2026-11-21.log'),
    line(15, 'from the gateway') + line(35, 'a refusal', { level: 'warn', provider: 'Acme' }),
  );
  writeFileSync(join(folder, 'vigiles-2026-11-21.log'), line(10, 'one') + line(20, 'two'));
  writeFileSync(
    join(folder, 'vigiles-2026-11-21.1.log'),
    line(30, 'three', { level: 'error', category: 'sessions' }) + line(40, 'four'),
  );
  writeFileSync(
    join(folder, 'session-commands-2026-11-21.log'),
    line(12, 'command', { tenant: 'main', type: 'HALT' }) +
      line(14, 'command', { tenant: 'other', type: 'RESUME' }),
  );
  writeFileSync(join(folder, 'notes.txt'), 'not a log');
});
after(() => rmSync(folder, { recursive: true, force: true }));

const everything = [
  'four',
  'a refusal',
  'three',
  'two',
  'from the gateway',
  'command',
  'command',
  'one',
  'yesterday',
];

test('all logs are read together, newest first, through parts and days', async () => {
  const page = await read();
  assert.deepEqual(said(page), everything);
  assert.equal(page.next, null);
  const { entries } = await read({ text: 'acme' });
  assert.deepEqual(entries, [
    {
      ts: day + 35,
      level: 'warn',
      log: 'gateway',
      category: 'gateway',
      message: 'a refusal',
      data: { provider: 'Acme' },
    },
  ]);
});

test('pages follow on each other without a gap or a repetition, whatever their size', async () => {
  for (const limit of [1, 2, 4, 9]) {
    const found: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: Page = await read({ limit, ...(cursor === undefined ? {} : { cursor }) });
      assert.ok(page.entries.length <= limit);
      found.push(...said(page));
      cursor = page.next;
    }
    assert.deepEqual(found, everything);
  }
});

test('level, category, log, text, since and until each leave out what is not asked for', async () => {
  assert.deepEqual(said(await read({ level: 'warn' })), ['a refusal', 'three']);
  assert.deepEqual(said(await read({ category: 'sessions,gateway' })), [
    'a refusal',
    'three',
    'from the gateway',
  ]);
  assert.deepEqual(said(await read({ log: 'gateway' })), ['a refusal', 'from the gateway']);
  assert.deepEqual(said(await read({ text: 'THREE' })), ['three']);
  assert.deepEqual(said(await read({ since: String(day + 30), until: String(day + 35) })), [
    'a refusal',
    'three',
  ]);
  assert.deepEqual(said(await read({ until: new Date(day).toISOString() })), ['yesterday']);
});

test('what was written after the first page is not on the next ones', async () => {
  const first = await read({ limit: 3 });
  const path = join(folder, 'vigiles-2026-11-21.1.log');
  appendFileSync(path, line(50, 'five'));
  const rest = await read({ cursor: first.next });
  assert.deepEqual([...said(first), ...said(rest)], everything);
  assert.equal(said(await read())[0], 'five');
  writeFileSync(path, line(30, 'three', { level: 'error', category: 'sessions' }) + line(40, 'four'));
});

test('one page looks at a bounded part of the files, and says where to go on', async () => {
  const page = await read({ text: 'yesterday' }, admin, 100);
  assert.deepEqual(page.entries, []);
  assert.ok(page.next);
  let cursor: string | null = page.next;
  const found: string[] = [];
  while (cursor !== null) {
    const next = await read({ text: 'yesterday', cursor }, admin, 100);
    found.push(...said(next));
    cursor = next.next;
  }
  assert.deepEqual(found, ['yesterday']);
});

test('a tenant sees no other’s session commands, and not the logs of the house', async () => {
  const device = (tenant?: string): Identity => ({
    ...admin,
    scopes: ['read'],
    ...(tenant === undefined ? {} : { tenant }),
  });
  const ofMain = (await read({ log: 'session-commands' }, device())).entries;
  assert.deepEqual(
    ofMain.map(({ data }) => data['type']),
    ['HALT'],
  );
  const ofOther = (await read({}, device('other'))).entries;
  assert.deepEqual(
    ofOther.map(({ data }) => data['type']),
    ['RESUME'],
  );
});

test('hostile lines are kept as text, and a foreign cursor is refused', async () => {
  const path = join(folder, 'gateway-2026-11-21.log');
  const hostile = '\u001B[2Jplain {"words';
  appendFileSync(path, `${hostile}\n[1,2]\nnull\n{"time":"x","level":{},"msg":7}\n`);
  const found = (await read({ log: 'gateway', limit: 4 })).entries;
  assert.deepEqual(
    found.map(({ message }) => message),
    ['', 'null', '[1,2]', hostile],
  );
  assert.ok(found.every(({ level }) => level === 'info'));
  const cursor = (given: unknown) => Buffer.from(JSON.stringify(given)).toString('base64url');
  for (const text of [
    'x',
    cursor({ a: 'b' }),
    cursor({ vigiles: ['../../etc/passwd', 1] }),
    cursor({ vigiles: ['gateway-2026-11-21.log', 1] }),
  ])
    await assert.rejects(read({ cursor: text }), FaultError);
});

test('following gives each later line once: a half-written one when it is whole, parts and days in their order', async () => {
  const path = join(folder, 'vigiles-2026-11-21.1.log');
  const stop = new AbortController();
  const follow = followLogs(folder, await endsOf(folder), { pollMs: 5, signal: stop.signal });
  const found: string[] = [];
  const whole = line(60, 'six');
  appendFileSync(path, whole.slice(0, 9));
  appendFileSync(join(folder, 'gateway-2026-11-21.log'), line(55, 'gateway again'));
  for await (const batch of follow) {
    found.push(...batch.map(({ entry }) => entry.message));
    if (found.at(-1) === 'gateway again') {
      appendFileSync(path, whole.slice(9) + line(61, 'last of the part'));
      writeFileSync(join(folder, 'vigiles-2026-11-21.2.log'), line(62, 'next part'));
      writeFileSync(join(folder, 'vigiles-2026-11-22.log'), line(86_400_001, 'next day'));
    }
    if (found.at(-1) === 'next day') {
      unlinkSync(join(folder, 'vigiles-2026-11-22.log'));
      writeFileSync(join(folder, 'vigiles-2026-11-23.log'), line(2 * 86_400_000, 'the day after'));
    }
    if (found.at(-1) === 'the day after') stop.abort();
  }
  assert.deepEqual(found, [
    'gateway again',
    'six',
    'last of the part',
    'next part',
    'next day',
    'the day after',
  ]);
});
