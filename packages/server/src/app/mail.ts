import type { Actions } from '../features/actions/index.ts';
import { createMail } from '../features/mail/index.ts';
import type { ControlExtension, ControlKit } from './extension.ts';

/** Mail for agents and devices. Each try at sending one goes through the one action runner. */
export function mail(
  kit: ControlKit,
  actions: Actions,
): Required<Pick<ControlExtension, 'routes' | 'components'>> {
  const { store, events, egress, clock, newId, log, config, configuration, quotas } = kit;
  const { routes, component, targets } = createMail({
    store,
    events,
    egress,
    clock,
    newId,
    log: log.child({ category: 'mail' }),
    config: () => config().mail,
    quotas,
    resolve: (text) => configuration.resolve(text),
    request: (request) => actions.request(request),
    runs: (handler) => actions.subscribe(handler),
    hasRun: async (target) => (await actions.runs({ target, open: true, limit: 1 })).length > 0,
    approve: (runId, actor, scopes) => actions.approve(runId, actor, scopes),
    deny: (runId, actor) => actions.cancel(runId, actor),
    changes: (handler) => configuration.subscribe(handler),
  });
  actions.bind({ mail: targets });
  return { routes, components: [component] };
}
