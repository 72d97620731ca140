import type { Actions } from '../features/actions/index.ts';
import { backupRoutes, createBackups, type BackupTroubles } from '../features/backups/index.ts';
import type { Watchdog } from '../features/watchdog/index.ts';
import type { ControlExtension, ControlKit } from './extension.ts';

/** A failed backup is an incident of its place; where nothing is watched, people are told without one. */
function troublesOf({ events, config }: ControlKit, told: Watchdog['told']): BackupTroubles {
  const faultOf = (name: string) =>
    ({
      fault: 'E6',
      signal: 'state.backup_failed',
      target: `backup:${name}`,
      targetClass: 'backup',
    }) as const;
  return {
    failed: (name, reason) =>
      config().watchdog.enabled
        ? told.failed(faultOf(name), reason)
        : events.append('alert.raised', {
            actor: 'backups',
            subject: `backup:${name}`,
            data: {
              severity: 'critical',
              title: `The backup to ${name} failed`,
              message: reason,
              incident_id: null,
            },
          }),
    over: (name) => told.over(faultOf(name), 'a backup was made, and read back'),
  };
}

/** Encrypted backups elsewhere. Each is a run of the one action runner. */
export function backups(
  kit: ControlKit,
  actions: Actions,
  told: Watchdog['told'],
): Required<Pick<ControlExtension, 'routes' | 'components'>> {
  const { home, store, presence, egress, clock, newId, config, configuration } = kit;
  const log = kit.log.child({ category: 'backups' });
  const relay = createBackups({
    home,
    store,
    presence,
    troubles: troublesOf(kit, told),
    egress,
    clock,
    newId,
    log,
    config: () => config().backups,
    resolve: (text) => configuration.resolve(text),
    request: (request) => actions.request(request),
    cancel: (runId, actor) => actions.cancel(runId, actor),
  });
  actions.bind({ backups: relay.targets });
  /** Stories of places that no backup goes to any more. */
  const leave = (): Promise<void> => {
    const places = new Set(
      config().backups.targets.flatMap(({ name, enabled }) => (enabled ? [`backup:${name}`] : [])),
    );
    return told.left((target, targetClass) => targetClass === 'backup' && !places.has(target));
  };
  let unsubscribe = (): void => {};
  return {
    routes: backupRoutes(relay),
    components: [
      relay.component,
      {
        name: 'backup settings',
        async start() {
          unsubscribe = configuration.subscribe(() => {
            relay.changed();
            leave().catch((thrown: unknown) =>
              log.warn({ err: thrown }, 'Incidents of backup places that are gone could not be closed'),
            );
          });
          await leave();
        },
        stop: () => unsubscribe(),
      },
    ],
  };
}
