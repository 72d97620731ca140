import type { Actions } from '../features/actions/index.ts';
import { backupRoutes, createBackups } from '../features/backups/index.ts';
import type { ControlExtension, ControlKit } from './extension.ts';

/** Encrypted backups elsewhere. Each is a run of the one action runner. */
export function backups(
  kit: ControlKit,
  actions: Actions,
): Required<Pick<ControlExtension, 'routes' | 'components'>> {
  const { home, store, events, egress, clock, newId, log, config, configuration } = kit;
  const relay = createBackups({
    home,
    store,
    events,
    egress,
    clock,
    newId,
    log: log.child({ category: 'backups' }),
    config: () => config().backups,
    resolve: (text) => configuration.resolve(text),
    request: (request) => actions.request(request),
    cancel: (runId, actor) => actions.cancel(runId, actor),
  });
  actions.bind({ backups: relay.targets });
  let unsubscribe = (): void => {};
  return {
    routes: backupRoutes(relay),
    components: [
      relay.component,
      {
        name: 'backup settings',
        start() {
          unsubscribe = configuration.subscribe(relay.changed);
        },
        stop: () => unsubscribe(),
      },
    ],
  };
}
