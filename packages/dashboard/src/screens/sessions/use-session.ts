import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { Session, SessionEvent } from '@vigiles/contract';
import { useEffect, useState, useSyncExternalStore } from 'react';
import {
  checkpointsQuery,
  readSessionEvents,
  sessionCommandsQuery,
  sessionQuery,
} from '../../data/session-queries.ts';
import { invalidate } from '../../data/read-again.ts';
import { followSession } from '../../live/follow-session.ts';
import { addLive, settleLive, type LiveText } from '../../live/live-texts.ts';
import { createSessionFeed, type FeedSnapshot, type SessionFeed } from '../../live/session-feed.ts';

const schedule = (flush: () => void): void => {
  if (document.hidden) setTimeout(flush, 500);
  else requestAnimationFrame(flush);
};

/** What is being said now, as an external store: it changes far more often than anything else on the screen. */
export interface LiveTexts {
  snapshot(): readonly LiveText[];
  subscribe(listener: () => void): () => void;
}

export interface OpenSession {
  feed: SessionFeed;
  texts: LiveTexts;
}

/** Types after which the session's own row is another one. */
const changesSession = /^(session|execution|decision|usage|command|agent|skill):/;
/** The row is read at most so often while its log flows. */
const REREAD_MS = 400;

function refresh(client: QueryClient, id: string, batch: readonly SessionEvent[]): void {
  if (batch.some(({ type }) => type === 'command:update'))
    invalidate(client, sessionCommandsQuery(id).queryKey);
  if (batch.some(({ type }) => type.startsWith('checkpoint:') || type.startsWith('execution:rollback')))
    invalidate(client, checkpointsQuery(id).queryKey);
}

/** Opens a session's log for as long as the screen is there. Null until the session was read once. */
export function useSessionFeed(session: Session | undefined): OpenSession | null {
  const client = useQueryClient();
  const [open, setOpen] = useState<OpenSession | null>(null);
  const id = session?.session_id;
  useEffect(() => {
    if (!session) return;
    const sessionId = session.session_id;
    const feed = createSessionFeed({
      head: session.head_seq,
      oldest: session.oldest_seq,
      schedule,
      read: async (afterSeq, limit) =>
        (await readSessionEvents(sessionId, { after_seq: afterSeq, limit })).events,
    });
    let texts: readonly LiveText[] = [];
    let next = texts;
    let drawn = false;
    const listeners = new Set<() => void>();
    const setTexts = (value: readonly LiveText[]): void => {
      if (value === next) return;
      next = value;
      if (drawn) return;
      drawn = true;
      schedule(() => {
        drawn = false;
        texts = next;
        for (const listener of listeners) listener();
      });
    };
    let reread: ReturnType<typeof setTimeout> | undefined;
    const rereadSoon = (): void => {
      reread ??= setTimeout(() => {
        reread = undefined;
        invalidate(client, sessionQuery(sessionId).queryKey);
      }, REREAD_MS);
    };
    const stopBatches = feed.onBatch((batch) => {
      refresh(client, sessionId, batch);
      if (batch.some(({ type }) => changesSession.test(type))) rereadSoon();
      let left = next;
      for (const { type, data } of batch) left = settleLive(left, type, data);
      setTexts(left);
    });
    const leave = followSession(sessionId, feed, {
      sampled: (type, data) => setTexts(addLive(next, type, data)),
      joined: () => {
        rereadSoon();
        invalidate(client, sessionCommandsQuery(sessionId).queryKey);
      },
      deleted: () => invalidate(client, sessionQuery(sessionId).queryKey),
    });
    setOpen({
      feed,
      texts: {
        snapshot: () => texts,
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    });
    return () => {
      clearTimeout(reread);
      stopBatches();
      leave();
      setOpen(null);
    };
    // The session’s row changes all the time; its log is opened once.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [id, client]);
  return open;
}

export const useFeed = (feed: SessionFeed): FeedSnapshot =>
  useSyncExternalStore(feed.subscribe, feed.snapshot);
