import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test, type TestContext } from 'node:test';
import { newId } from '../../../kernel/ids.ts';
import { silentLog } from '../../../kernel/log.ts';
import { openRedis } from '../../../platform/redis/index.ts';
import { startRedis, type RedisServer } from '../../../testing/redis.ts';
import { post, startTestGateway, until } from '../../../testing/test-gateway.ts';
import { chatCompletion } from '../../../testing/upstreams/chat-answers.ts';
import { messagesStream } from '../../../testing/upstreams/messages-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../../testing/upstreams/scripted-upstream.ts';
import type { Reached } from '../core/budget/book.ts';
import type { BudgetRules, SpentOn } from '../core/budget/budget-rules.ts';
import type { Claim, Gate, GatePolicy } from '../core/gate.ts';
import { createSoloGate } from '../core/solo-gate.ts';
import { createSharedGate, type SharedGateOptions } from './shared-gate.ts';

const server = await startRedis({ own: true });
const skip = server ? false : 'no Redis to be had';
let upstream: ScriptedUpstream;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
});

after(async () => {
  await upstream.close();
  await server?.stop();
});

const prefixOf = () => `test-${randomBytes(4).toString('hex')}`;

/** Opens one gateway's share of a gate. */
async function openGate(
  prefix: string,
  policy: GatePolicy,
  more: Partial<SharedGateOptions> = {},
): Promise<Gate> {
  const { url } = server as RedisServer;
  const now = () => Date.now();
  const redis = more.redis ?? (await openRedis({ url, timeoutMs: 1000, log: silentLog }));
  return createSharedGate({
    redis,
    prefix,
    policy,
    whenAway: 'refuse',
    solo: createSoloGate(policy, now(), () => undefined),
    readSpent: async () => [],
    onReached: () => undefined,
    newId,
    now,
    log: silentLog,
    ...more,
  });
}

const policyOf = (budgets: BudgetRules, more: Partial<GatePolicy> = {}): GatePolicy => ({
  requestsPerMinute: 100_000,
  concurrentTurns: 100_000,
  limits: [],
  budgets,
  ...more,
});

const claimOf = (more: Partial<Claim> = {}): Claim => ({
  deviceId: 'dev',
  workspace: null,
  provider: 'p',
  model: 'm',
  modelRequested: 'm',
  micros: 100,
  tokens: 10,
  ...more,
});

async function twoGates(t: TestContext, policy: GatePolicy, more: Partial<SharedGateOptions> = {}) {
  const prefix = prefixOf();
  const gates = [await openGate(prefix, policy, more), await openGate(prefix, policy, more)] as const;
  t.after(() => Promise.all(gates.map((gate) => gate.close())));
  return gates;
}

/** Asks again until it holds; fails after ten seconds. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, 'it never came true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const spentToday = async (gate: Gate): Promise<number> =>
  (await gate.accounts(Date.now())).find(({ scope }) => scope === 'whole')?.todayMicros ?? 0;

test(
  'of 200 turns that race through two gateways, a budget for 50 serves exactly 50',
  { skip },
  async (t) => {
    const prefix = prefixOf();
    const config = {
      providers: [{ id: 'claude', type: 'anthropic', base_url: upstream.origin, api_key: 'k' }],
      requests_per_minute: 10_000,
      concurrent_turns: 1000,
    };
    const body = JSON.stringify({
      model: 'claude/claude-sonnet-4-5',
      max_tokens: 100,
      stream: true,
      messages: [{ role: 'user', content: 'hi' }],
    });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    upstream.script(async (_seen, res) => {
      await held;
      await streamPieces(res, messagesStream(['one']));
    });
    // What one turn reserves, asked of a gateway without limits.
    const alone = await startTestGateway(config, { budgets: {} });
    const first = post(`${alone.url}/v1/messages`, body);
    await until(() => alone.gateway.snapshot().active === 1, 'the turn');
    const each = (await alone.gateway.gate.accounts(Date.now()))[0]?.todayReservedMicros ?? 0;
    assert.ok(each > 0);

    const budgets = { dailyMicros: each * 50 };
    const gates: Gate[] = [];
    const open = async () => {
      const gate = await openGate(prefix, policyOf(budgets));
      gates.push(gate);
      return startTestGateway(config, { budgets, gate: () => gate });
    };
    const gateways = [await open(), await open()] as const;
    t.after(() => Promise.all([alone, ...gateways].map((gw) => gw.close())));
    const racing = Array.from({ length: 200 }, (_, i) => post(`${gateways[i % 2]?.url}/v1/messages`, body));
    const refusedFirst = Promise.all(gateways.map((gw) => gw.settled(1)));
    await refusedFirst;
    await until(() => gateways[0].turns.length + gateways[1].turns.length === 150, '150 refusals');
    release();
    const statuses = (await Promise.all(racing)).map(({ status, headers }) => {
      if (status !== 200) assert.ok(Number(headers['retry-after']) >= 1);
      return status;
    });
    await first;
    assert.equal(statuses.filter((status) => status === 200).length, 50);
    assert.equal(statuses.filter((status) => status === 402).length, 150);
    const rows = [...(await gateways[0].settled(100)), ...(await gateways[1].settled(100))];
    const cost = rows.reduce((sum, row) => sum + (row.cost_micros ?? 0), 0);
    for (const gate of gates) {
      await eventually(async () =>
        (await gate.accounts(Date.now())).every(({ todayReservedMicros }) => todayReservedMicros === 0),
      );
      assert.equal(await spentToday(gate), cost);
    }
  },
);

test(
  'litellm#6938: a key limited to 100 a minute lets exactly 100 of 544 through, over two gateways',
  { skip },
  async (t) => {
    const gates = await twoGates(t, policyOf({}, { requestsPerMinute: 100 }));
    const verdicts = await Promise.all(
      Array.from({ length: 544 }, async (_, i) =>
        (gates[i % 2] as Gate).take(claimOf({ micros: 0 }), Date.now()),
      ),
    );
    assert.equal(verdicts.filter(({ ok }) => ok).length, 100);
    for (const verdict of verdicts) {
      if (verdict.ok) continue;
      assert.ok(verdict.why === 'limit' && verdict.limit === 100 && verdict.retryAfterMs > 0);
    }
  },
);

test(
  'tokens are reserved as estimated and put right when the turn ends, for every gateway',
  { skip },
  async (t) => {
    const limits = [{ device: '*', tokens_per_hour: 100 }];
    const [one, two] = await twoGates(t, policyOf({}, { limits }));
    const first = await one.take(claimOf({ micros: 0, tokens: 90 }), Date.now());
    assert.ok(first.ok);
    assert.equal((await two.take(claimOf({ micros: 0, tokens: 20 }), Date.now())).ok, false);
    first.settle({ micros: 0, tokens: 30 }, Date.now());
    const used = async () =>
      (await two.limits('dev', Date.now())).find(({ unit, window }) => unit === 'tokens' && window === 'hour')
        ?.used;
    await eventually(async () => (await used()) === 30);
    assert.ok((await two.take(claimOf({ micros: 0, tokens: 70 }), Date.now())).ok);
    assert.equal((await one.take(claimOf({ micros: 0, tokens: 1 }), Date.now())).ok, false);
  },
);

test(
  'what a gateway holds that died is free again once its lease is over, and what it spent is not',
  { skip },
  async (t) => {
    const prefix = prefixOf();
    const policy = policyOf({ dailyMicros: 100 }, { concurrentTurns: 1 });
    const redis = await openRedis({ url: (server as RedisServer).url, timeoutMs: 1000, log: silentLog });
    const dying = await openGate(prefix, policy, { redis, leaseMs: 150 });
    const spending = await dying.take(claimOf({ micros: 30 }), Date.now());
    assert.ok(spending.ok);
    spending.settle({ micros: 30, tokens: 1 }, Date.now());
    await eventually(async () => (await spentToday(dying)) === 30);
    assert.ok((await dying.take(claimOf({ micros: 70 }), Date.now())).ok);
    // Gone like a killed process: its connection is closed and it renews nothing.
    await redis.close();
    const living = await openGate(prefix, policy, { leaseMs: 150 });
    t.after(() => Promise.all([living.close(), dying.close()]));
    await eventually(async () => {
      const verdict = await living.take(claimOf({ micros: 70 }), Date.now());
      if (verdict.ok) verdict.undo(Date.now());
      return verdict.ok;
    });
    assert.equal((await living.take(claimOf({ micros: 71 }), Date.now())).ok, false);
  },
);

test('each threshold is told by whoever passes it', { skip }, async (t) => {
  const passed: Reached[] = [];
  const onReached = (one: Reached) => void passed.push(one);
  const [one, two] = await twoGates(t, policyOf({ devices: { '*': { monthlyMicros: 100 } } }), { onReached });
  for (const [gate, micros] of [
    [one, 60],
    [two, 35],
  ] as const) {
    const verdict = await gate.take(claimOf({ micros: 5 }), Date.now());
    assert.ok(verdict.ok);
    verdict.settle({ micros, tokens: 1 }, Date.now());
    await until(() => passed.length >= (gate === one ? 1 : 3), 'the thresholds');
  }
  const told = new Set(
    passed.map(({ scope, name, span, threshold }) => `${scope} ${name} ${span} ${threshold}`),
  );
  assert.deepEqual([...told].toSorted(), [
    'device dev monthly 50',
    'device dev monthly 75',
    'device dev monthly 90',
  ]);
});

test(
  'while Redis is away money is refused at once and free turns go; when it comes back empty, the ledger fills it',
  { skip },
  async (t) => {
    const spent: SpentOn[] = [{ scope: 'whole', name: '', todayMicros: 80, monthMicros: 80 }];
    const policy = policyOf({ dailyMicros: 200 });
    const prefix = prefixOf();
    const readSpent = async () => spent;
    const strict = await openGate(prefix, policy, { readSpent });
    const easy = await openGate(prefix, policy, { readSpent, whenAway: 'allow' });
    t.after(() => Promise.all([strict.close(), easy.close()]));
    assert.ok((await strict.take(claimOf(), Date.now())).ok);

    await (server as RedisServer).halt();
    const refused = await strict.take(claimOf(), Date.now());
    assert.ok(!refused.ok && refused.why === 'away');
    assert.ok((await strict.take(claimOf({ micros: 0 }), Date.now())).ok);
    const alone = await easy.take(claimOf(), Date.now());
    assert.ok(alone.ok);
    alone.settle({ micros: 50, tokens: 1 }, Date.now());

    await (server as RedisServer).resume();
    await eventually(async () => (await strict.take(claimOf({ micros: 1 }), Date.now())).ok);
    const whole = await spentToday(strict);
    assert.ok(whole === 80 || whole === 130, String(whole));
    assert.equal((await strict.take(claimOf({ micros: 121 }), Date.now())).ok, false);
  },
);
