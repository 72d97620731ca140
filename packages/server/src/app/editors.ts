import { fault, raise } from '../kernel/fault.ts';
import { callRoute } from '../platform/http/index.ts';
import { createVscodeBridge } from '../features/vscode-bridge/index.ts';
import type { Extend } from './extension.ts';

/** The bridge for editors: it does what control's own routes do, and only what its list names. */
export const editors: Extend = (kit) => {
  const { home, version, config, configuration, events, clock, newId } = kit;
  const { routes, component } = createVscodeBridge({
    home,
    version,
    config: () => config().vscode,
    follow: (changed) => configuration.subscribe(changed),
    call(operationId, input) {
      const route =
        kit.routes().find((each) => each.operationId === operationId) ??
        raise(fault('unavailable', 'feature_absent', `This Vigiles has no ${operationId}.`));
      return callRoute(route, { ...input, requestId: newId('req') }, (entry) => kit.audit(entry));
    },
    events,
    clock,
    newId,
    log: kit.log.child({ category: 'vscode' }),
  });
  return { routes, components: [component] };
};
