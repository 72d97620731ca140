import { FaultError } from '../kernel/fault.ts';
import type { Configuration } from '../platform/config/index.ts';

/**
 * A service's `env` with every `${env:…}` and `${secret:…}` filled in. Only for the environment of its process: the values
 * must stand nowhere else. Throws an error that names what is missing.
 */
export function serviceEnvironment(
  env: Readonly<Record<string, string>>,
  configuration: Pick<Configuration, 'resolve'>,
): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [key, text] of Object.entries(env)) {
    try {
      filled[key] = configuration.resolve(text);
    } catch (thrown) {
      const details = thrown instanceof FaultError ? thrown.fault.details : undefined;
      if (typeof details?.['name'] !== 'string') throw thrown;
      const what = details['kind'] === 'secret' ? 'secret' : 'environment variable';
      const message = `${key} needs the ${what} “${details['name']}”, which does not exist`;
      throw new Error(message, { cause: thrown });
    }
  }
  return filled;
}
