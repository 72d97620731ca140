import type { ChannelHealth, Delivery } from '@vigiles/contract';
import { fault, failed, ok, type Result } from '../../kernel/fault.ts';
import type { Component } from '../../kernel/lifecycle.ts';
import { createDeliveryStore } from './delivery-store.ts';
import { definitionOf } from './configured-channels.ts';
import type { NotificationsDeps } from './deps.ts';
import { createDispatcher } from './dispatcher.ts';
import { channelHealth } from './health.ts';
import { failingNotice } from './failing.ts';
import { createHistoryStore } from './history-store.ts';
import { createIntake } from './intake.ts';
import { notice, type Notice } from './core/notice.ts';
import { enqueue, type Audience, type Enqueue, type Shown } from './outbox.ts';
import { createPush } from './push.ts';
import type { NotificationTables } from './tables.ts';

export { createDeadman, type DeadmanDeps } from './deadman.ts';
export type { PluginChannels } from './define-channel.ts';
export { notificationRoutes } from './routes.ts';

/** Less than anybody waits for our answer. */
const standardTestWaitMs = 12_000;

/** Telling people: from events to notices, from notices to channels, and what became of each. */
export function createNotifications(deps: NotificationsDeps) {
  const { store, events, clock, newId, config, log, secrets, testWaitMs = standardTestWaitMs } = deps;
  const deliveries = createDeliveryStore({ store, events, newId });
  const history = createHistoryStore(store);
  const push = createPush({ store, egress: deps.egress, now: () => clock.now(), newId, secrets });
  const tagsOf = (service: string | null): readonly string[] =>
    config().watchdog.services.find(({ name }) => name === service)?.tags ?? [];
  const enqueueOptions = (now: number): Enqueue => ({
    channels: config().notifications.channels,
    groupWaitMs: config().notifications.group_wait_s * 1000,
    newId,
    tracks: (channel) => definitionOf(channel).tracks ?? false,
    tags: tagsOf,
    now,
  });
  const linkOf = (incidentId: string | null): string | null => {
    const base = config().notifications.dashboard_url?.replace(/\/+$/, '');
    if (base === undefined) return null;
    return incidentId === null
      ? `${base}/notifications`
      : `${base}/incidents/${encodeURIComponent(incidentId)}`;
  };
  const dispatcher = createDispatcher({
    ...deps,
    deliveries,
    push,
    linkOf,
    async failing(channel, reason) {
      const said = await failingNotice(store, channel, reason, clock.now());
      if (said) await tell(said, undefined, { but: channel });
    },
  });
  const intake = createIntake({ ...deps, enqueueOptions, queued: () => dispatcher.wake() });

  /** Writes a notice and queues it; resolves with its id. */
  async function tell(said: Notice, shown?: Shown, only?: Audience): Promise<string> {
    const id = await events.transaction<NotificationTables, string>((tx) =>
      enqueue(tx, said, null, enqueueOptions(clock.now()), shown, only),
    );
    dispatcher.wake();
    return id;
  }

  const component: Component = {
    name: 'notifications',
    async start() {
      await intake.start();
      await dispatcher.start();
    },
    async stop() {
      await intake.stop();
      await dispatcher.stop();
    },
  };

  return {
    component,
    history,
    push,
    tell,
    health: (): Promise<ChannelHealth[]> =>
      channelHealth({ store, config, resolve: deps.resolve, now: () => clock.now() }),
    /** The configuration changed: what could not be sent may be possible now. */
    reload: () => dispatcher.wake(),
    /** Raises what is wrong with the store where a small write does not work. */
    async look(): Promise<void> {
      await store
        .db<NotificationTables>()
        .insertInto('notification_cursor')
        .values({ id: 'look', seq: clock.now() })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ seq: clock.now() }))
        .execute();
    },
    /** Forgets what is older than the configuration wants to keep. */
    prune: (signal?: AbortSignal): Promise<number> =>
      history.clear(clock.now() - config().notifications.keep_days * 86_400_000, clock.now(), signal),

    /** Sends a test on one channel and waits for what becomes of it. Filters and quiet hours do not hold. */
    async test(name: string, actor: string, signal: AbortSignal): Promise<Result<Delivery>> {
      const channel = config().notifications.channels.find((each) => each.name === name);
      if (!channel) return failed(fault('not-found', 'channel_not_found', `There is no channel “${name}”.`));
      if (!channel.enabled) return failed(fault('conflict', 'channel_off', `The channel ${name} is off.`));
      const said = notice({
        kind: 'system',
        severity: 'info',
        title: 'Test from Vigiles',
        message: `This is how the channel ${name} tells you something.`,
        actor,
        at: clock.now(),
      });
      const id = await tell(said, undefined, { channel: name, role: 'test' });
      dispatcher.wakeNow(name);
      const settled = await settledDelivery(id, signal);
      if (settled && (settled.attempts > 0 || settled.finished_at !== null)) return ok(settled);
      const message =
        settled?.state === 'queued'
          ? `${name} has other messages to send first, or may be sent only so many a minute: the test goes out in its turn.`
          : `${name} has not answered within ${testWaitMs / 1000} s; what becomes of it stands in the history.`;
      return failed(fault('timeout', 'channel_slow', message));
    },

    /** Tries a delivery again now, whatever became of it. */
    async retry(id: string): Promise<Result<Delivery>> {
      const now = clock.now();
      const found = await deliveries.again(id, now);
      if (!found) {
        return failed(
          fault(
            'not-found',
            'delivery_not_found',
            'There is no delivery of this id that could be tried again.',
          ),
        );
      }
      dispatcher.wakeNow(found.channel);
      return ok(found);
    },
  };

  /** The first delivery of a notice, once it was tried; the last state known where the time runs out. */
  async function settledDelivery(id: string, signal: AbortSignal): Promise<Delivery | null> {
    const done = Promise.withResolvers<void>();
    const unsubscribe = events.subscribe((event) => {
      if (event.type === 'notification.settled' && event.subject === id) done.resolve();
    });
    const timer = setTimeout(done.resolve, testWaitMs);
    signal.addEventListener('abort', () => done.resolve(), { once: true });
    const poll = setInterval(() => {
      // A try that will be repeated is an answer, too.
      history.byId(id).then(
        (entry) => {
          if ((entry?.deliveries[0]?.attempts ?? 0) > 0) done.resolve();
        },
        (thrown: unknown) => log.debug({ err: thrown }, 'The state of a test could not be read'),
      );
    }, 250);
    try {
      await done.promise;
    } finally {
      unsubscribe();
      clearTimeout(timer);
      clearInterval(poll);
    }
    return (await history.byId(id))?.deliveries[0] ?? null;
  }
}

export type Notifications = ReturnType<typeof createNotifications>;
