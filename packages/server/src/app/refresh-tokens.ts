import type { RefreshTokens } from '../features/gateway/process.ts';
import type { Configuration } from '../platform/config/index.ts';
import type { Secrets } from '../platform/secrets/index.ts';

/** The refresh tokens of `gateway.providers`: read through their references, kept in the secrets file they name. */
export function configuredRefreshTokens(configuration: Configuration, secrets: Secrets): RefreshTokens {
  const reference = (providerId: string): string | undefined =>
    configuration.current().gateway.providers.find(({ id }) => id === providerId)?.oauth?.refresh_token;
  return {
    current(providerId) {
      const text = reference(providerId);
      try {
        return text === undefined ? undefined : configuration.resolve(text);
      } catch {
        // The secret was taken away; whoever asks has one that is older.
        return undefined;
      }
    },
    async keep(providerId, token) {
      const name = /^\$\{secret:([^}]+)\}$/.exec(reference(providerId) ?? '')?.[1];
      if (name === undefined) return false;
      await secrets.set(name, token);
      return true;
    },
  };
}
