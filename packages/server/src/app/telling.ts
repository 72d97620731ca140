import { createDeadman, createNotifications, notificationRoutes } from '../features/notifications/index.ts';
import type { Extend } from './extension.ts';

/** A store that does not take a small write within this time is no store that could keep what is seen. */
const writeMs = 5000;
const pruneEveryMs = 3_600_000;

/** Notifications with their queue, and the sign of life that tells when Vigiles itself is gone. */
export const telling: Extend = (kit) => {
  const log = kit.log.child({ category: 'notifications' });
  const { store, events, egress, clock, newId, config, configuration, secrets } = kit;
  const resolve = (text: string) => configuration.resolve(text);
  const notifications = createNotifications({
    store,
    events,
    egress,
    clock,
    newId,
    log,
    config,
    resolve,
    secrets,
    plugins: kit.plugins.channels,
  });
  const deadman = createDeadman({
    clock,
    log,
    egress,
    resolve,
    config: () => config().deadman,
    look: async () => {
      const wrong = await Promise.all(kit.looks().map((look) => look()));
      return wrong.find((each) => each !== null) ?? null;
    },
    changed: ({ ok, reason }) => {
      events
        .append('alert.raised', {
          actor: 'deadman',
          subject: 'vigiles',
          data: {
            severity: ok ? 'info' : 'critical',
            title: ok ? 'The sign of life is given again' : 'The sign of life cannot be given',
            message: reason,
            incident_id: null,
          },
        })
        .catch((thrown: unknown) => log.error({ err: thrown }, 'An alert could not be recorded'));
    },
  });
  let unsubscribe = () => {};
  let timer: NodeJS.Timeout | null = null;
  const stopped = new AbortController();
  return {
    routes: notificationRoutes({
      notifications,
      deadman,
      clock,
      redact: (text) => configuration.redact(text),
    }),
    components: [
      notifications.component,
      {
        name: 'notification upkeep',
        start() {
          unsubscribe = configuration.subscribe(() => notifications.reload());
          const prune = () => {
            notifications
              .prune(stopped.signal)
              .catch((thrown: unknown) =>
                log.warn({ err: thrown }, 'Old notifications could not be deleted; later again'),
              );
          };
          timer = setInterval(prune, pruneEveryMs).unref();
        },
        stop() {
          stopped.abort();
          unsubscribe();
          if (timer) clearInterval(timer);
        },
      },
      deadman.component,
    ],
    look: async () => {
      const late = Promise.withResolvers<string>();
      const timeout = setTimeout(
        () => late.resolve(`the store took no write within ${writeMs / 1000} s`),
        writeMs,
      );
      try {
        return await Promise.race([notifications.look().then(() => null), late.promise]);
      } finally {
        clearTimeout(timeout);
      }
    },
  };
};
