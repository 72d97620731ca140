import type { SessionEvent } from '@vigiles/contract';

/** So far back is looked at a time. The server goes through as many for one answer. */
const WINDOW = 5_000;
const PAGE = 500;
/** Rows that are looked for before somebody scrolls. */
const ENOUGH = 200;
/** More of one kind nobody reads here; the export has them. */
const KEPT = 5_000;

export interface FilteredSnapshot {
  /** Oldest first. */
  events: readonly SessionEvent[];
  /** Everything older than this was not looked at yet. */
  from: number;
  loading: boolean;
  failed: boolean;
  /** There may be older ones. */
  more: boolean;
}

export interface FilteredOptions {
  head: number;
  oldest: number;
  /** Exact types, or `topic:*`. */
  types: readonly string[];
  read(afterSeq: number, limit: number): Promise<{ events: readonly SessionEvent[]; next_seq: number }>;
}

/** Whether a type is among the wanted ones; `skill:*` is every type of that topic. */
export const wantsType = (types: readonly string[], type: string): boolean =>
  types.some((wanted) => (wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type));

/** The events of some types, from the end of a log backwards: the newest are there at once, older ones when asked for. */
export function createFilteredLog({ head, oldest, types, read }: FilteredOptions) {
  let events: readonly SessionEvent[] = [];
  let from = head + 1;
  let loading = false;
  let failed = false;
  let end = new AbortController();
  let snapshot = look();
  const listeners = new Set<() => void>();

  function look(): FilteredSnapshot {
    return { events, from, loading, failed, more: from > oldest && events.length < KEPT };
  }
  const tell = (): void => {
    snapshot = look();
    for (const listener of listeners) listener();
  };
  async function readWindow(): Promise<void> {
    const top = from - 1;
    const bottom = Math.max(oldest - 1, top - WINDOW);
    const found: SessionEvent[] = [];
    for (let after = bottom; after < top && !end.signal.aborted;) {
      const page = await read(after, PAGE);
      found.push(...page.events.filter(({ seq }) => seq <= top));
      // A log that ends earlier than it was said has nothing more.
      if (page.next_seq <= after) break;
      after = page.next_seq;
    }
    events = [...found, ...events];
    from = bottom + 1;
  }
  async function loadOlder(): Promise<void> {
    if (loading || end.signal.aborted || !look().more) return;
    loading = true;
    failed = false;
    const enough = events.length + ENOUGH;
    tell();
    try {
      do {
        await readWindow();
        if (events.length < enough) tell();
      } while (!end.signal.aborted && look().more && events.length < enough);
    } catch {
      failed = true;
    }
    loading = false;
    if (!end.signal.aborted) tell();
  }
  return {
    snapshot: (): FilteredSnapshot => snapshot,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    loadOlder,
    /** What came live; what is not wanted is left out. */
    push(batch: readonly SessionEvent[]): void {
      const last = Math.max(head, events.at(-1)?.seq ?? 0);
      const news = batch.filter(({ seq, type }) => seq > last && wantsType(types, type));
      if (news.length === 0) return;
      events = [...events, ...news].slice(-KEPT);
      tell();
    },
    /** Reads while somebody looks, until the returned function is called. */
    open(): () => void {
      end = new AbortController();
      void loadOlder();
      return () => end.abort();
    },
  };
}
