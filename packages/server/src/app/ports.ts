import type { Service } from '@vigiles/contract';
import type { Actions } from '../features/actions/index.ts';
import { createPorts } from '../features/ports/index.ts';
import type { Route } from '../kernel/route.ts';
import type { ControlKit } from './extension.ts';

/** Named ports. What ends a process goes through the one action runner. */
export function ports(kit: ControlKit, actions: Actions, list: () => readonly Service[]): readonly Route[] {
  const { store, events, clock } = kit;
  const { routes, targets } = createPorts({
    store,
    events,
    now: clock.now,
    services: () =>
      list().map(({ name, kind, port, pid, depends_on: dependsOn }) => ({
        name,
        supervised: kind === 'supervised',
        port,
        pid,
        dependsOn,
      })),
    request: (request) => actions.request(request),
  });
  actions.bind({ ports: targets });
  return routes;
}
