import type { PluginPermissions } from '@vigiles/contract';
import { withoutSecrets } from '../../../platform/secrets/index.ts';

/** The secrets a plugin is handed with a call, and how to take them out of its words. */
export interface Handed {
  secrets: Record<string, string>;
  clean(text: string): string;
}

/** @param resolve fills in `${secret:name}`; throws where there is none */
export function handedSecrets(
  granted: Pick<PluginPermissions, 'secrets'>,
  resolve: (text: string) => string,
): Handed {
  const secrets: Record<string, string> = {};
  for (const name of granted.secrets) {
    try {
      secrets[name] = resolve(`\${secret:${name}}`);
    } catch {
      // Not set: the plugin is told so when it asks for it.
    }
  }
  return { secrets, clean: (text) => withoutSecrets(text, Object.values(secrets)) };
}
