import type { Actions } from '../features/actions/index.ts';
import { createGithub, type GithubDeps } from '../features/github/index.ts';
import type { ControlExtension, ControlKit } from './extension.ts';

export type CiPaces = GithubDeps['paces'];

/** GitHub Actions under watch; what is done about them goes through the one action runner. */
export function ci(
  kit: ControlKit,
  actions: Actions,
  asking: GithubDeps['asking'],
  paces?: CiPaces,
): Required<Pick<ControlExtension, 'routes' | 'components'>> {
  const { store, events, presence, egress, clock, newId, log, version, env, config, configuration } = kit;
  const github = createGithub({
    store,
    events,
    presence,
    egress,
    clock,
    newId,
    log,
    version,
    env,
    config: () => config().github,
    resolve: (text) => configuration.resolve(text),
    sessions: kit.sessions,
    startAgent: () => kit.agents.start,
    asking,
    request: (request) => actions.request(request),
    ...(paces ? { paces } : {}),
  });
  actions.bind({ ci: github.targets });
  return { routes: github.routes, components: [github.component] };
}
