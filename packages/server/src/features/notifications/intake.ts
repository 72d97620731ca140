import type { VigilesEvent } from '@vigiles/contract';
import { createWaker } from '../../kernel/waker.ts';
import type { NotificationsDeps } from './deps.ts';
import { noticeOf, toldEvents, type Notice } from './core/notice.ts';
import { followAlert, followIncident, type Thread } from './core/thread.ts';
import { enqueue, keptText, takeBack, type Enqueue, type Tx } from './outbox.ts';
import type { NotificationTables } from './tables.ts';

const pageSize = 100;
/** Far behind the log without a match: the place is kept all the same, so that a restart does not read it all again. */
const keepPlaceEvery = 5000;
/** The same alert within this time is not told twice. */
const sameAlertMs = 600_000;

export interface IntakeDeps extends NotificationsDeps {
  enqueueOptions(now: number): Enqueue;
  /** Called when something was queued. */
  queued(): void;
}

/**
 * Turns events into notices. Reads the event log from where it stopped, and keeps its place in the same transaction as what it
 * queued: after a crash nothing is lost and nothing is queued twice.
 */
export function createIntake(deps: IntakeDeps) {
  const { store, events, log, clock } = deps;
  const db = store.db<NotificationTables>();
  let place = 0;
  let kept = 0;

  async function load(): Promise<void> {
    const row = await db
      .selectFrom('notification_cursor')
      .selectAll()
      .where('id', '=', 'events')
      .executeTakeFirst();
    if (row) {
      place = kept = row.seq;
      return;
    }
    // The first start: what happened before is history, not news.
    place = kept = await events.head();
    await db
      .insertInto('notification_cursor')
      .values({ id: 'events', seq: place })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }

  /** Moves the kept place on. @returns where it was: what comes before it another process of this store has taken */
  async function movePlace(tx: Tx, to: number): Promise<number> {
    const before = await tx.db
      .selectFrom('notification_cursor')
      .select('seq')
      .where('id', '=', 'events')
      .forUpdate()
      .executeTakeFirstOrThrow();
    await tx.db
      .updateTable('notification_cursor')
      .set({ seq: to })
      .where('id', '=', 'events')
      .where('seq', '<', to)
      .execute();
    return before.seq;
  }

  async function round(): Promise<boolean> {
    const head = await events.head();
    const page = await events.read({ afterSeq: place, limit: pageSize, types: [...toldEvents] });
    const last = page.at(-1)?.seq ?? 0;
    const full = page.length === pageSize;
    const to = full ? last : Math.max(head, last, place);
    if (page.length > 0) {
      let news = 0;
      await events.transaction<NotificationTables, void>(async (tx) => {
        const taken = await movePlace(tx, to);
        for (const event of page) if (event.seq > taken && (await take(tx, event))) news += 1;
      });
      kept = to;
      if (news > 0) deps.queued();
    } else if (to - kept > keepPlaceEvery) {
      await events.transaction<NotificationTables, void>(async (tx) => void (await movePlace(tx, to)));
      kept = to;
    }
    place = to;
    return full;
  }

  async function take(tx: Tx, event: VigilesEvent): Promise<boolean> {
    const options = deps.enqueueOptions(clock.now());
    if (event.type.startsWith('incident.')) {
      const { incident } = (event as VigilesEvent<'incident.updated'>).data;
      const thread = await threadOf(tx, incident.id);
      const step = followIncident(thread, incident, event.actor, event.ts);
      if (!step) return false;
      await keepThread(tx, step.thread);
      if (!step.notice) return false;
      await say(tx, step.notice, step.thread, options);
      return true;
    }
    const told = noticeOf(event);
    if (!told || !isWorthKeeping(told, options)) return false;
    const thread = told.incidentId === null ? null : await threadOf(tx, told.incidentId);
    if (told.kind === 'alert' && thread) {
      const step = followAlert(thread, told);
      await keepThread(tx, step.thread);
      if (!step.notice) return false;
      await say(tx, step.notice, step.thread, options);
      return true;
    }
    if (await saidBefore(tx, told)) return false;
    await enqueue(tx, told, null, options);
    return true;
  }

  async function say(tx: Tx, notice: Notice, thread: Thread, options: Enqueue): Promise<void> {
    const names = options.channels.map(({ name }) => name);
    const untracked = options.channels.filter((channel) => !options.tracks(channel)).map(({ name }) => name);
    const { incidentId, phase } = notice;
    if (incidentId !== null && phase === 'acknowledged') {
      const reason = notice.message;
      await takeBack(tx, incidentId, ['reminder', 'escalation'], names, reason, options.now);
      await takeBack(tx, incidentId, ['first'], untracked, reason, options.now);
    }
    if (incidentId !== null && phase === 'resolved') {
      await takeBack(
        tx,
        incidentId,
        ['reminder', 'escalation'],
        names,
        'over before its time came',
        options.now,
      );
    }
    await enqueue(tx, notice, thread, options);
  }

  async function saidBefore(tx: Tx, told: Notice): Promise<boolean> {
    const kept = keptText(told);
    const row = await tx.db
      .selectFrom('notification')
      .select('id')
      .where('created_at', '>', clock.now() - sameAlertMs)
      .where('kind', '=', told.kind)
      .where('severity', '=', told.severity)
      .where('title', '=', kept.title)
      .where('message', '=', kept.message)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  const waker = createWaker({
    work: async () => {
      while (await round()) if (waker.stopped()) return null;
      return null;
    },
    onFailure: (thrown) =>
      log.warn({ err: thrown }, 'Events could not be read for notifications; trying again'),
  });
  let unsubscribe = () => {};
  const told: ReadonlySet<string> = new Set(toldEvents);

  return {
    async start(): Promise<void> {
      await load();
      unsubscribe = events.subscribe(({ type }) => {
        if (told.has(type)) waker.wake();
      });
      // Before anything is sent: what was queued may be over by now.
      try {
        while (await round()) if (waker.stopped()) break;
      } catch (thrown) {
        log.warn({ err: thrown }, 'Events could not be read for notifications; trying again');
      }
      waker.wake();
    },
    async stop(): Promise<void> {
      unsubscribe();
      await waker.stop();
    },
    /** Whether everything up to now was read; for those who watch the watchdog. */
    idle: () => waker.idle(),
  };
}

/** Changes of state and of providers are many; they are only kept where a channel asks for them. */
const isWorthKeeping = (told: Notice, options: Enqueue): boolean =>
  (told.kind !== 'service' && told.kind !== 'provider') ||
  options.channels.some(({ enabled, kinds }) => enabled && kinds.includes(told.kind));

async function threadOf(tx: Tx, incidentId: string): Promise<Thread | null> {
  const row = await tx.db
    .selectFrom('notification_thread')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .executeTakeFirst();
  if (!row) return null;
  const { incident_id, opened_at, ...rest } = row;
  return { incidentId: incident_id, openedAt: opened_at, ...rest };
}

async function keepThread(tx: Tx, { incidentId, openedAt, ...rest }: Thread): Promise<void> {
  const row = { ...rest, opened_at: openedAt };
  await tx.db
    .insertInto('notification_thread')
    .values({ incident_id: incidentId, ...row })
    .onConflict((conflict) => conflict.column('incident_id').doUpdateSet(row))
    .execute();
}
