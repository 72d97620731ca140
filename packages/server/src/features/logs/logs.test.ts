import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { FaultError } from '../../kernel/fault.ts';
import type { RouteCall } from '../../kernel/route.ts';
import { logRoutes } from './index.ts';

interface Page {
  entries: { ts: number; level: string; log: string; message: string; data: Record<string, unknown> }[];
  cursor: string;
}

let home: string;
let file: string;
const line = (time: number, msg: string) =>
  `${JSON.stringify({ level: 'info', time, pid: 1, msg, extra: true })}\n`;

async function read(query: Record<string, unknown> = {}): Promise<Page> {
  const [route] = logRoutes({ home });
  assert.ok(route?.query);
  const call = { query: route.query.parse(query) };
  return (await route.handle(call as unknown as RouteCall<never, never, never>)) as Page;
}

before(() => {
  home = mkdtempSync(join(tmpdir(), 'vigiles-logs-'));
  mkdirSync(join(home, 'logs'));
  file = join(home, 'logs', 'vigiles-2026-11-21.log');
  writeFileSync(join(home, 'logs', 'vigiles-2026-11-20.log'), line(1, 'yesterday'));
  writeFileSync(join(home, 'logs', 'gateway-2026-11-21.log'), line(15, 'from the gateway'));
  writeFileSync(file, line(10, 'one') + line(20, 'two'));
});
after(() => rmSync(home, { recursive: true, force: true }));

test('the newest files of all logs are read together, by time', async () => {
  const { entries } = await read();
  assert.deepEqual(
    entries.map(({ log, message }) => `${log} ${message}`),
    ['vigiles one', 'gateway from the gateway', 'vigiles two'],
  );
  assert.deepEqual(entries[0]?.data, { extra: true });
  assert.equal((await read({ lines: 1 })).entries[0]?.message, 'two');
});

test('the cursor gives each later line once, a half-written one only when it is whole, and a new day’s file', async () => {
  const first = await read();
  assert.deepEqual((await read({ after: first.cursor })).entries, []);
  const whole = line(30, 'three');
  appendFileSync(file, whole.slice(0, 10));
  const second = await read({ after: first.cursor });
  assert.deepEqual(second.entries, []);
  appendFileSync(file, whole.slice(10));
  const third = await read({ after: second.cursor });
  assert.deepEqual(
    third.entries.map(({ message }) => message),
    ['three'],
  );
  appendFileSync(file, line(35, 'last of the day'));
  writeFileSync(join(home, 'logs', 'vigiles-2026-11-22.log'), line(40, 'four'));
  assert.deepEqual(
    (await read({ after: third.cursor })).entries.map(({ message }) => message),
    ['last of the day', 'four'],
  );
});

test('a line that is not JSON is shown as it is, and a foreign cursor is refused', async () => {
  appendFileSync(join(home, 'logs', 'gateway-2026-11-21.log'), 'plain words\n');
  assert.ok((await read()).entries.some(({ message }) => message === 'plain words'));
  for (const cursor of ['x', Buffer.from('{"a":"b"}').toString('base64url')])
    await assert.rejects(read({ after: cursor }), FaultError);
});
