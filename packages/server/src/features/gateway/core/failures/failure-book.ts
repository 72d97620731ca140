import type { CallFailure, CallFailureCause, CallFailures } from '@vigiles/contract';

/** One failed call. */
export interface FailedCall {
  provider: string;
  model: string;
  cause: CallFailureCause;
  status: number | null;
  code: string | null;
  message: string;
  retryAfterMs: number | null;
}

/** Collects failures until they are reported: bounded, and nothing at all while all is well. */
export interface FailureBook {
  failed(call: FailedCall, now: number): void;
  /** Cheap where nothing failed before: one comparison. */
  worked(provider: string, model: string): void;
  /** What came together since the last time; null: nothing. */
  take(): CallFailures | null;
}

/** Clients choose model names: what is kept must not grow with their imagination. */
const MAX_PLACES = 200;
const MAX_MESSAGE = 300;

/**
 * @param wanted called when the first failure after a report is noted, with how long it may wait to be told
 */
export function createFailureBook(wanted: (ms: number) => void = () => undefined): FailureBook {
  const fresh = new Map<string, CallFailure>();
  /** In a row, by place and cause, until it works again. Longest ago first. */
  const rows = new Map<string, Map<CallFailureCause, number>>();
  const recovered = new Map<string, { provider: string; model: string }>();
  let dropped = 0;
  let soonest = Infinity;

  const place = (provider: string, model: string): string => `${provider}\n${model}`;

  function inARow({ provider, model, cause }: FailedCall): number {
    // Somebody who leaves says nothing about the provider.
    if (cause === 'client-gone') return 0;
    const key = place(provider, model);
    const causes = rows.get(key) ?? new Map<CallFailureCause, number>();
    rows.delete(key);
    rows.set(key, causes);
    if (rows.size > MAX_PLACES) for (const [first] of rows) if (rows.delete(first)) break;
    recovered.delete(key);
    const row = (causes.get(cause) ?? 0) + 1;
    causes.set(cause, row);
    return row;
  }

  function wake(ms: number): void {
    if (ms >= soonest) return;
    soonest = ms;
    wanted(ms);
  }

  return {
    failed(call, now) {
      const row = inARow(call);
      const key = `${place(call.provider, call.model)}\n${call.cause}`;
      const known = fresh.get(key);
      if (!known && fresh.size >= MAX_PLACES) {
        dropped += 1;
        return;
      }
      const { retryAfterMs, message, ...rest } = call;
      fresh.set(key, {
        ...rest,
        message: message.slice(0, MAX_MESSAGE),
        count: (known?.count ?? 0) + 1,
        in_a_row: row,
        retry_after_ms: retryAfterMs,
        last_at: now,
      });
      wake(call.cause === 'client-gone' ? LAZY_MS : SOON_MS);
    },
    worked(provider, model) {
      if (rows.size === 0) return;
      const key = place(provider, model);
      if (!rows.delete(key)) return;
      recovered.set(key, { provider, model });
      wake(SOON_MS);
    },
    take() {
      soonest = Infinity;
      if (fresh.size === 0 && recovered.size === 0 && dropped === 0) return null;
      const told = { failures: [...fresh.values()], recovered: [...recovered.values()], dropped };
      fresh.clear();
      recovered.clear();
      dropped = 0;
      return told;
    },
  };
}

/** How long failures may gather before they are told. */
const SOON_MS = 250;
const LAZY_MS = 10_000;
