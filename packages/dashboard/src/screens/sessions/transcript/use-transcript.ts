import type { SessionEvent } from '@vigiles/contract';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { readSessionEvents, SESSION_PAGE } from '../../../data/session-queries.ts';
import type { SessionFeed } from '../../../live/session-feed.ts';
import { createTranscript, type TranscriptItem } from './build-transcript.ts';

/** The story begins so far back; earlier is read on request. */
const FIRST_EVENTS = SESSION_PAGE;
/** Most events the story is made of: beyond it its beginning is let go. */
const EVENTS_KEPT = 8_000;

export interface Transcript {
  items: readonly TranscriptItem[];
  /** Null until the first page was read. */
  from: number | null;
  error: Error | null;
  loading: boolean;
  earlier(): void;
  retry(): void;
}

/** The session's story: its end at once, what happens as it happens, and what was before on request. */
export function useTranscript(sessionId: string, feed: SessionFeed): Transcript {
  const book = useMemo(() => createBook(), []);
  const items = useSyncExternalStore(book.subscribe, book.items);
  const [state, setState] = useState<{ from: number | null; error: Error | null; loading: boolean }>({
    from: null,
    error: null,
    loading: true,
  });
  const stopped = useRef(false);

  const load = useCallback(
    async (from: number, to: number): Promise<SessionEvent[]> => {
      const events: SessionEvent[] = [];
      for (let after = from - 1; after < to;) {
        const page = await readSessionEvents(sessionId, {
          after_seq: after,
          limit: Math.min(SESSION_PAGE, to - after),
        });
        events.push(...page.events);
        const last = page.events.at(-1)?.seq;
        if (last === undefined) break;
        after = last;
      }
      return events;
    },
    [sessionId],
  );

  const begin = useCallback(async (): Promise<void> => {
    setState({ from: null, error: null, loading: true });
    try {
      const head = feed.cursor();
      const from = Math.max(feed.snapshot().oldest, head - FIRST_EVENTS + 1);
      const events = head === 0 ? [] : await load(from, head);
      if (stopped.current) return;
      book.begin(events);
      setState({ from: events[0]?.seq ?? from, error: null, loading: false });
    } catch (error) {
      if (!stopped.current) setState({ from: null, error: error as Error, loading: false });
    }
  }, [book, feed, load]);

  useEffect(() => {
    stopped.current = false;
    // Before the first page is read, so that nothing falls between.
    const end = feed.onBatch((batch) => book.add(batch));
    void begin();
    return () => {
      stopped.current = true;
      end();
    };
  }, [book, feed, begin]);

  const earlier = (): void => {
    const { from } = state;
    if (from === null || state.loading) return;
    setState({ ...state, loading: true });
    const first = Math.max(feed.snapshot().oldest, from - SESSION_PAGE);
    load(first, from - 1).then(
      (events) => {
        book.prepend(events);
        setState({ from: first, error: null, loading: false });
      },
      (error: unknown) => setState({ from, error: error as Error, loading: false }),
    );
  };
  return { items, ...state, earlier, retry: () => void begin() };
}

/** The events of a story and the story made of them. */
function createBook() {
  let events: SessionEvent[] = [];
  let waiting: SessionEvent[] | null = [];
  const transcript = createTranscript();
  let shown: readonly TranscriptItem[] = [];
  const listeners = new Set<() => void>();
  const tell = (): void => {
    shown = transcript.items();
    for (const listener of listeners) listener();
  };
  const rebuild = (): void => {
    transcript.clear();
    for (const event of events) transcript.take(event);
    tell();
  };
  const add = (batch: readonly SessionEvent[]): void => {
    if (waiting) return void waiting.push(...batch);
    const after = events.at(-1)?.seq ?? 0;
    const fresh = batch.filter(({ seq }) => seq > after);
    if (fresh.length === 0) return;
    events.push(...fresh);
    if (events.length > EVENTS_KEPT) {
      // A quarter at once: made anew seldom, not with every event.
      events = events.slice(-Math.floor(EVENTS_KEPT * 0.75));
      rebuild();
      return;
    }
    for (const event of fresh) transcript.take(event);
    tell();
  };
  return {
    add,
    begin(first: readonly SessionEvent[]): void {
      const held = waiting ?? [];
      waiting = null;
      events = [...first];
      rebuild();
      add(held);
    },
    prepend(before: readonly SessionEvent[]): void {
      events = [...before, ...events];
      rebuild();
    },
    items: () => shown,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
