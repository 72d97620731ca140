import type { Log } from '../../../kernel/log.ts';
import { RedisAwayError, type RedisClient } from '../../../platform/redis/index.ts';
import type { Reached } from '../core/budget/book.ts';
import type { BudgetScope, SpentOn } from '../core/budget/budget-rules.ts';
import { spansAt, type Spans } from '../core/budget/spans.ts';
import type { AccountState, Claim, Gate, GatePolicy, Grant, Refusal, Used, Verdict } from '../core/gate.ts';
import type { SoloGate } from '../core/solo-gate.ts';
import { turnRules, type TurnRule } from '../core/limits/turn-rules.ts';
import { BEAT, FILL, LOOK, SETTLE, TAKE } from './scripts.ts';
import { createSettlements } from './settlements.ts';
import { accountName, dayKey, monthKey, rateOf, sharedClaim, type SharedClaim } from './shared-claim.ts';
import { createTold } from './told.ts';

export interface SharedGateOptions {
  redis: RedisClient;
  prefix: string;
  policy: GatePolicy;
  /** What happens to turns that cost money while Redis is away. */
  whenAway: 'refuse' | 'allow';
  /** Counts for this gateway alone while Redis is away. */
  solo: SoloGate;
  /** The ledger's sums, with everything this gateway has settled so far. */
  readSpent(nowMs: number, timeZone: string): Promise<readonly SpentOn[]>;
  onReached(passed: Reached): void;
  newId(prefix: string): string;
  now(): number;
  log: Log;
  /** How long a gateway that says nothing keeps what it holds. Default 15 s. */
  leaseMs?: number;
}

const AWAY_RETRY_MS = 3000;
const CONCURRENT_RETRY_MS = 1000;
/** Sums are kept for a while after their span, for turns that end late. */
const FORGET_AFTER_MS = 7 * 86_400_000;
const TRIES = 3;

/** The gate of several gateways: Redis decides each turn in one atomic script. */
export function createSharedGate(options: SharedGateOptions): Gate {
  const { redis, solo, log, newId, leaseMs = 15_000 } = options;
  // Braces: all keys on one node of a cluster, where a script may reach them.
  const key = `{${options.prefix}}`;
  const run = (script: string, argument: object): Promise<unknown> =>
    redis.run(script, key, JSON.stringify(argument));
  const settlements = createSettlements((argument) => run(SETTLE, argument), log);
  const told = createTold(options.onReached);
  let { policy } = options;
  let rules: readonly TurnRule[] = turnRules(policy.requestsPerMinute, policy.limits);
  let owner = newId('gwy');
  let spans = spansAt(options.now(), policy.budgets.timeZone);
  let filling: Promise<void> | null = null;

  const spansNow = (now: number): Spans => {
    if (now >= spans.day.endsAt) spans = spansAt(now, policy.budgets.timeZone);
    return spans;
  };

  async function beat(): Promise<void> {
    const before = owner;
    const alive = await run(BEAT, { owner, lease: leaseMs });
    // What it held was given back by the others: it must not be given back again.
    if (alive === 0 && owner === before && seen) owner = newId('gwy');
    if (owner !== before) await run(BEAT, { owner, lease: leaseMs });
    seen = true;
  }
  let seen = false;

  const fill = (now: number): Promise<void> =>
    (filling ??= fillFrom(null, now).finally(() => {
      filling = null;
    }));

  async function fillFrom(given: readonly SpentOn[] | null, now: number): Promise<void> {
    const { timeZone = 'UTC' } = policy.budgets;
    const { day, month } = spansNow(now);
    const spent = given ?? (await options.readSpent(now, timeZone));
    const sums = (read: (each: SpentOn) => number) =>
      Object.fromEntries(spent.map((each) => [accountName(each.scope, each.name), read(each)]));
    await run(FILL, {
      over: given !== null,
      spans: [
        {
          key: `day:${day.name}`,
          forget: day.endsAt + FORGET_AFTER_MS,
          spent: sums((each) => each.todayMicros),
        },
        {
          key: `month:${month.name}`,
          forget: month.endsAt + FORGET_AFTER_MS,
          spent: sums((each) => each.monthMicros),
        },
      ],
    });
  }

  async function take(claim: Claim, now: number): Promise<Verdict> {
    const id = newId('tak');
    const at = spansNow(now);
    const shared = sharedClaim(claim, rules, policy.budgets, at);
    let by = owner;
    try {
      for (let tries = 0; tries < TRIES; tries += 1) {
        by = owner;
        const { rates, holds } = shared;
        const { deviceId: device, micros } = claim;
        const spanKeys = shared.spans;
        const argument = {
          id,
          owner: by,
          device,
          open: policy.concurrentTurns,
          rates,
          micros,
          holds,
          spans: spanKeys,
        };
        const answer = (await run(TAKE, argument)) as [string, ...(string | number)[]];
        if (answer[0] === 'orphan') await beat();
        else if (answer[0] === 'unfilled') await fill(now);
        else if (answer[0] === 'ok') return new SharedGrant(claim, shared, at, by, id, Number(answer[1]));
        else return refusal(answer, claim, shared, at, now, policy.concurrentTurns);
      }
    } catch (thrown) {
      // It may have been taken all the same: what was taken is given back as soon as Redis answers.
      if (!(thrown instanceof RedisAwayError))
        settlements.push({
          argument: settling(claim, shared, by, id, { micros: 0, tokens: 0 }, 0, true),
          done() {},
        });
    }
    return withoutRedis(claim, shared, now);
  }

  function withoutRedis(claim: Claim, shared: SharedClaim, now: number): Verdict {
    if (claim.micros > 0 && options.whenAway === 'refuse')
      return { ok: false, why: 'away', retryAfterMs: AWAY_RETRY_MS };
    const verdict = solo.take(claim, now);
    return verdict.ok ? new AloneGrant(verdict, shared) : verdict;
  }

  /** @param undone the turn never went: its tokens and requests are given back too */
  function settling(
    claim: Claim,
    shared: SharedClaim,
    by: string,
    id: string,
    used: Used,
    takenAt: number,
    undone: boolean,
  ): object {
    const { holds, accounts, spans: spanKeys } = shared;
    const change = (rate: SharedClaim['rates'][number], i: number): number => {
      if (undone) return -rate.amount;
      return shared.limits[i]?.limit.unit === 'tokens' ? used.tokens - claim.tokens : 0;
    };
    const rates = shared.rates
      .map((rate, i) => ({ key: rate.key, slot: rate.slot, amount: change(rate, i) }))
      .filter(({ amount }) => amount !== 0 && takenAt > 0);
    const { deviceId: device, micros } = claim;
    const money = micros > 0 || used.micros > 0;
    return {
      id,
      owner: by,
      device,
      at: takenAt,
      micros,
      holds: micros > 0 ? holds : [],
      rates,
      spent: used.micros,
      accounts: money ? accounts : [],
      spans: spanKeys,
    };
  }

  class SharedGrant implements Grant {
    readonly ok = true;
    readonly claim: Claim;
    readonly #end: (used: Used, undone: boolean) => void;

    constructor(claim: Claim, shared: SharedClaim, at: Spans, by: string, id: string, takenAt: number) {
      this.claim = claim;
      this.#end = (used, undone) =>
        settlements.push({
          argument: settling(claim, shared, by, id, used, takenAt, undone),
          done: (sums) => told.tell(sums, shared.holds, at),
        });
    }

    settle(used: Used): void {
      this.#end(used, false);
    }

    undo(): void {
      this.#end({ micros: 0, tokens: 0 }, true);
    }
  }

  /** Taken while Redis was away: what it costs is told when it is back. */
  class AloneGrant implements Grant {
    readonly ok = true;
    readonly claim: Claim;
    readonly #grant: Grant;
    readonly #shared: SharedClaim;

    constructor(grant: Grant, shared: SharedClaim) {
      this.claim = grant.claim;
      this.#grant = grant;
      this.#shared = shared;
    }

    settle(used: Used, now: number): void {
      this.#grant.settle(used, now);
      if (used.micros === 0) return;
      const free = { ...this.claim, micros: 0 };
      settlements.push({
        argument: settling(free, this.#shared, 'nobody', newId('tak'), used, 0, false),
        done() {},
      });
    }

    undo(now: number): void {
      this.#grant.undo(now);
    }
  }

  const beating = setInterval(() => {
    beat().then(
      () => settlements.retry(),
      () => undefined,
    );
  }, leaseMs / 3);
  beating.unref();
  redis.onReady(() => {
    beat().then(
      () => settlements.retry(),
      () => undefined,
    );
  });

  return {
    take,
    configure(next, now) {
      const moved = next.budgets.timeZone !== policy.budgets.timeZone;
      policy = next;
      rules = turnRules(next.requestsPerMinute, next.limits);
      if (moved) spans = spansAt(now, next.budgets.timeZone);
      solo.configure(next, now);
    },
    fill(spent, now) {
      solo.fill(spent, now);
    },
    async accounts(now) {
      const at = spansNow(now);
      const found = await look([{ key: dayKey(at) }, { key: monthKey(at) }], []);
      const [day = {}, month = {}] = found.spent.map(pairs);
      const held = pairs(found.held);
      const names = new Set([...Object.keys(day), ...Object.keys(month)]);
      names.delete('#');
      return [...names].map((name): AccountState => {
        const cut = name.indexOf(':');
        return {
          scope: (cut === -1 ? name : name.slice(0, cut)) as BudgetScope,
          name: cut === -1 ? '' : name.slice(cut + 1),
          todayMicros: day[name] ?? 0,
          monthMicros: month[name] ?? 0,
          todayReservedMicros: held[`${dayKey(at)}|${name}`] ?? 0,
          monthReservedMicros: held[`${monthKey(at)}|${name}`] ?? 0,
        };
      });
    },
    async limits(deviceId) {
      const asked = rules
        .filter(({ device }) => device === null || device === '*' || device === deviceId)
        .flatMap((rule) => rule.limits.map((limit) => ({ rule, limit })));
      const { used } = await look(
        [],
        asked.map(({ rule, limit }) => rateOf(rule, limit, deviceId, 0)),
      );
      return asked.map(({ rule, limit }, i) => ({
        unit: limit.unit,
        window: limit.window,
        device: rule.device === null ? null : deviceId,
        model: rule.model,
        limit: limit.limit,
        used: used[i] ?? 0,
      }));
    },
    sweep: (now) => solo.sweep(now),
    async close() {
      clearInterval(beating);
      settlements.retry();
      await settlements.drained(2000);
      await run(BEAT, { owner, lease: leaseMs, leave: true }).catch(() => undefined);
      await redis.close();
    },
  };

  async function look(spanKeys: { key: string }[], rates: object[]): Promise<Looked> {
    const found = JSON.parse(String(await run(LOOK, { spans: spanKeys, rates }))) as Looked;
    // An empty Lua table is written as an object.
    return { spent: found.spent, held: found.held, used: Array.isArray(found.used) ? found.used : [] };
  }
}

interface Looked {
  spent: unknown[];
  held: unknown;
  used: number[];
}

/** Redis answers hashes as names and values in turn. */
function pairs(list: unknown): Record<string, number> {
  const found: Record<string, number> = {};
  if (Array.isArray(list))
    for (let i = 0; i < list.length; i += 2) found[String(list[i])] = Number(list[i + 1]);
  return found;
}

/** The script's refusal in the gate's words. */
function refusal(
  answer: readonly (string | number)[],
  claim: Claim,
  shared: SharedClaim,
  spans: Spans,
  now: number,
  concurrentTurns: number,
): Refusal {
  if (answer[0] === 'rate') {
    const asked = shared.limits[Number(answer[1]) - 1];
    if (asked) {
      const { rule, limit } = asked;
      return {
        ok: false,
        why: 'limit',
        unit: limit.unit,
        window: limit.window,
        device: rule.device === null ? null : claim.deviceId,
        model: rule.model,
        limit: limit.limit,
        used: Number(answer[2]),
        retryAfterMs: Number(answer[3]),
      };
    }
  }
  const hold = answer[0] === 'budget' ? shared.holds[Number(answer[1])] : undefined;
  if (hold) {
    const daily = hold.span === dayKey(spans);
    const cut = hold.account.indexOf(':');
    return {
      ok: false,
      why: 'budget',
      scope: (cut === -1 ? hold.account : hold.account.slice(0, cut)) as BudgetScope,
      name: cut === -1 ? '' : hold.account.slice(cut + 1),
      span: daily ? 'daily' : 'monthly',
      limitMicros: hold.limit,
      retryAfterMs: (daily ? spans.day.endsAt : spans.month.endsAt) - now,
    };
  }
  return { ok: false, why: 'open-turns', limit: concurrentTurns, retryAfterMs: CONCURRENT_RETRY_MS };
}
