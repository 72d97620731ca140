import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDevices } from '../features/devices/index.ts';
import { readRunFile, type GatewayRunFile } from '../features/gateway/index.ts';
import { readSpent } from '../features/gateway/process.ts';
import { systemClock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { silentLog } from '../kernel/log.ts';
import { createEventLog } from '../platform/event-log/index.ts';
import { createStore } from '../platform/store/index.ts';
import { startRedis } from '../testing/redis.ts';
import { newPostgresDatabase } from '../testing/stores.ts';
import { post } from '../testing/test-gateway.ts';
import { chatCompletion } from '../testing/upstreams/chat-answers.ts';
import { messagesStream } from '../testing/upstreams/messages-answers.ts';
import { answerJson, startScriptedUpstream, streamPieces } from '../testing/upstreams/scripted-upstream.ts';
import { migrations } from './migrations.ts';

const redis = await startRedis();
const skip = redis ? false : 'no Redis to be had';

interface Account {
  scope: string;
  todayMicros: number;
  todayReservedMicros: number;
}

const BUDGET_MICROS = 200_000;

test(
  'two gateway processes on one Redis share a budget and a rate limit exactly, and both know what was spent',
  { skip },
  async (t) => {
    const homes = [
      await mkdtemp(join(tmpdir(), 'vigiles-one-')),
      await mkdtemp(join(tmpdir(), 'vigiles-two-')),
    ];
    const database = await newPostgresDatabase();
    const held: (() => void)[] = [];
    let hold = true;
    const cloud = await startScriptedUpstream(async (_seen, res) => {
      if (hold) await new Promise<void>((resolve) => held.push(resolve));
      await streamPieces(res, messagesStream(['one']));
    });
    const free = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
    const store = await createStore({ home: homes[0] ?? '', url: database.url, migrations, log: silentLog });
    const events = createEventLog({ store, log: silentLog });
    const devices = createDevices({ store, events, clock: systemClock, newId, log: silentLog });
    await events.start();
    await devices.start();
    const children: ChildProcess[] = [];
    t.after(async () => {
      for (const child of children) child.kill('SIGKILL');
      await devices.stop();
      await events.stop();
      await store.close();
      await cloud.close();
      await free.close();
      await database.drop();
      await redis?.stop();
      for (const home of homes) await rm(home, { recursive: true, force: true });
    });
    const config = `store: { url: "${database.url}" }
bus: { url: "${redis?.url ?? ''}", prefix: test-${randomBytes(4).toString('hex')}, timeout_ms: 20000 }
budgets: { daily_usd: ${BUDGET_MICROS / 1e6}, monthly_usd: none }
gateway:
  port: 0
  discover_local: false
  requests_per_minute: 100
  concurrent_turns: 1000
  providers:
    - { id: claude, type: anthropic, base_url: "${cloud.origin}", api_key: k }
    - { id: own, type: openai-compatible, base_url: "${free.origin}", models: [m] }
`;
    const start = async (home: string): Promise<GatewayRunFile> => {
      await writeFile(join(home, 'vigiles.yaml'), config);
      const entry = new URL('./gateway-main.ts', import.meta.url).pathname;
      const child = spawn(process.execPath, [entry, '--home', home], { stdio: 'ignore' });
      children.push(child);
      for (;;) {
        const file = await readRunFile(home);
        if (file?.pid === child.pid) return file as GatewayRunFile;
        assert.equal(child.exitCode, null, 'the gateway ended while starting');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const gateways = await Promise.all(homes.map(start));
    const tokenOf = async (name: string) => (await devices.createDevice({ name, scopes: ['gateway'] })).token;
    /** As many turns as wanted, every other one to the other process. */
    const race = (count: number, path: string, body: object, token: string) =>
      Array.from({ length: count }, (_, at) =>
        post(`http://127.0.0.1:${gateways[at % 2]?.port}${path}`, JSON.stringify(body), {
          authorization: `Bearer ${token}`,
        }),
      );
    const messages = [{ role: 'user', content: 'hi' }];
    const wholeOf = async ({ port, secret }: GatewayRunFile): Promise<Account> => {
      const answer = await fetch(`http://127.0.0.1:${port}/monitoring/money`, {
        headers: { authorization: `Bearer ${secret}` },
      });
      const { accounts } = (await answer.json()) as { accounts: Account[] };
      const whole = accounts.find(({ scope }) => scope === 'whole');
      assert.ok(whole);
      return whole;
    };
    const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
      const deadline = Date.now() + 30_000;
      while (!(await holds())) {
        assert.ok(Date.now() < deadline, 'in time');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };

    const ask = { model: 'claude/claude-sonnet-4-5', max_tokens: 1000, stream: true, messages };
    let refused = 0;
    const spender = await tokenOf('spender');
    const spend = (count: number) =>
      race(count, '/v1/messages', ask, spender).map(async (turn) => {
        const { status } = await turn;
        if (status === 402) refused += 1;
        return status;
      });
    // Both hold something before the race, whoever is faster then.
    const turns = spend(4);
    await until(() => held.length === 4);
    turns.push(...spend(76));
    await until(() => held.length + refused === 80);
    const served = held.length;
    for (const gateway of gateways) {
      const { todayReservedMicros } = await wholeOf(gateway);
      const each = todayReservedMicros / served;
      assert.ok(served > 0 && todayReservedMicros <= BUDGET_MICROS, 'never over');
      assert.ok(todayReservedMicros + each > BUDGET_MICROS, 'and no turn less than fits');
    }
    hold = false;
    for (const release of held) release();
    const statuses = await Promise.all(turns);
    assert.equal(statuses.filter((status) => status === 200).length, served);
    const spent = async () => (await readSpent(store, Date.now()))[0]?.todayMicros ?? 0;
    for (const gateway of gateways) {
      await until(async () => {
        const { todayReservedMicros, todayMicros } = await wholeOf(gateway);
        return todayReservedMicros === 0 && todayMicros > 0 && todayMicros === (await spent());
      });
    }

    const answers = await Promise.all(
      race(150, '/v1/chat/completions', { model: 'own/m', messages }, await tokenOf('hurried')),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 100);
    assert.equal(answers.filter(({ status }) => status === 429).length, 50);
    assert.equal(free.requests.length, 100);
  },
);
