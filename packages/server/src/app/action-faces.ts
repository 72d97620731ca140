import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ActionFaces } from '../features/actions/index.ts';
import { createGatewayTargets } from '../features/gateway/index.ts';
import type { ControlKit } from './extension.ts';
import { featureSwitches } from './feature-switches.ts';
import { serviceEnvironment } from './service-environment.ts';

/** What actions may lay hands on besides services. @param baseEnv what every process we start may see of our environment */
export function actionFaces(
  kit: ControlKit,
  baseEnv: Readonly<Record<string, string>>,
): Omit<ActionFaces, 'services' | 'settings' | 'ci' | 'ports' | 'mail' | 'backups'> {
  const { home, env, store, events, newId, clock, configuration } = kit;
  const userHome = env['HOME'] ?? homedir();
  return {
    home,
    userHome,
    codexHome: env['CODEX_HOME'] || join(userHome, '.codex'),
    gateway: createGatewayTargets({ home, configuration, store, events, newId, now: () => clock.now() }),
    sessions: kit.sessions.hands,
    features: featureSwitches(kit),
    environmentOf: (script) => ({ ...baseEnv, ...serviceEnvironment(script.env, configuration) }),
    searchPath: baseEnv['PATH'] ?? '',
  };
}
