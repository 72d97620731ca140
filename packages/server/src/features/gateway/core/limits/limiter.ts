import { SlidingWindow } from './sliding-window.ts';
import {
  concerns,
  type Caller,
  type Limit,
  type LimitUnit,
  type LimitWindow,
  type TurnRule,
} from './turn-rules.ts';

/** A limit that is used up. */
export interface OverLimit {
  unit: LimitUnit;
  window: LimitWindow;
  device: string | null;
  model: string | null;
  limit: number;
  used: number;
  retryAfterMs: number;
}

interface Counter {
  rule: TurnRule;
  device: string | null;
  windows: { limit: Limit; window: SlidingWindow }[];
}

/** What a turn took: it is put right when the turn ends. */
export interface Taken {
  counters: readonly Counter[];
  at: number;
  tokens: number;
}

/**
 * Requests and tokens of model traffic. Taking is one synchronous step over all rules, so a limit of 100 lets exactly
 * 100 through however many race, and no more than 100 in any minute, however it is cut.
 */
export interface TurnLimiter {
  configure(rules: readonly TurnRule[]): void;
  /** Takes one request and `tokens`, everywhere or nowhere. */
  take(caller: Caller, tokens: number, nowMs: number): Taken | OverLimit;
  /** The turn used other tokens than it took. */
  settle(taken: Taken, tokens: number, nowMs: number): void;
  /** As if it had never been taken. */
  undo(taken: Taken, nowMs: number): void;
  /** Counts what happened earlier, from the ledger. */
  recall(caller: Caller, requests: number, tokens: number, atMs: number, nowMs: number): void;
  /** Forgets counters in which nothing is left. */
  sweep(nowMs: number): void;
  /** Every limit that concerns a device, with what it has used. */
  state(deviceId: string, nowMs: number): Omit<OverLimit, 'retryAfterMs'>[];
}

export function createTurnLimiter(initial: readonly TurnRule[]): TurnLimiter {
  let rules = initial.map((rule) => ({ rule, counters: new Map<string, Counter>() }));

  function counterOf({ rule, counters }: (typeof rules)[number], deviceId: string): Counter {
    const key = rule.device === null ? '' : deviceId;
    let counter = counters.get(key);
    if (!counter) {
      const windows = rule.limits.map((limit) => ({ limit, window: new SlidingWindow(limit.windowMs) }));
      counter = { rule, device: rule.device === null ? null : deviceId, windows };
      counters.set(key, counter);
    }
    return counter;
  }

  function add(
    counters: readonly Counter[],
    at: number,
    requests: number,
    tokens: number,
    now: number,
  ): void {
    for (const { windows } of counters)
      for (const { limit, window } of windows) {
        const amount = limit.unit === 'requests' ? requests : tokens;
        if (amount !== 0) window.add(at, amount, now);
      }
  }

  const concerned = (caller: Caller): Counter[] => {
    const found: Counter[] = [];
    for (const each of rules) if (concerns(each.rule, caller)) found.push(counterOf(each, caller.deviceId));
    return found;
  };

  return {
    configure(next) {
      const before = new Map(rules.map((each) => [each.rule.key, each]));
      rules = next.map((rule) => {
        const counters = before.get(rule.key)?.counters ?? new Map<string, Counter>();
        for (const counter of counters.values()) {
          counter.rule = rule;
          counter.windows = counter.windows.map(({ window }, i) => ({
            limit: rule.limits[i] as Limit,
            window,
          }));
        }
        return { rule, counters };
      });
    },
    take(caller, tokens, now) {
      const counters = concerned(caller);
      for (const { rule, device, windows } of counters)
        for (const { limit, window } of windows) {
          const amount = limit.unit === 'requests' ? 1 : tokens;
          const used = window.used(now);
          if (used + amount <= limit.limit) continue;
          const { unit, window: name } = limit;
          // What is larger than the limit alone would wait for ever: it may try when all is free.
          const retryAfterMs = Math.max(1, window.waitMs(Math.max(0, limit.limit - amount), now));
          return { unit, window: name, device, model: rule.model, limit: limit.limit, used, retryAfterMs };
        }
      add(counters, now, 1, tokens, now);
      return { counters, at: now, tokens };
    },
    settle({ counters, at, tokens: reserved }, tokens, now) {
      if (tokens !== reserved) add(counters, at, 0, tokens - reserved, now);
    },
    undo({ counters, at, tokens }, now) {
      add(counters, at, -1, -tokens, now);
    },
    recall(caller, requests, tokens, at, now) {
      add(concerned(caller), at, requests, tokens, now);
    },
    sweep(now) {
      for (const { counters } of rules)
        for (const [key, { windows }] of counters)
          if (windows.every(({ window }) => window.used(now) === 0)) counters.delete(key);
    },
    state(deviceId, now) {
      return rules
        .filter(({ rule }) => rule.device === null || rule.device === '*' || rule.device === deviceId)
        .flatMap((each) => {
          const { rule, device, windows } = counterOf(each, deviceId);
          return windows.map(({ limit, window }) => ({
            unit: limit.unit,
            window: limit.window,
            device,
            model: rule.model,
            limit: limit.limit,
            used: window.used(now),
          }));
        });
    },
  };
}
