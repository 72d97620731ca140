import type { AccountTokens } from '../features/gateway/process.ts';
import type { OauthVault } from '../features/oauth/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { failed, toFault } from '../kernel/fault.ts';
import { newId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Configuration } from '../platform/config/index.ts';
import type { EventLog } from '../platform/event-log/index.ts';
import type { Secrets } from '../platform/secrets/index.ts';
import type { Store } from '../platform/store/index.ts';

export interface AccountDeps {
  store: Store;
  events: EventLog;
  secrets: Secrets;
  configuration: Configuration;
  log: Log;
}

interface Opened {
  vault: OauthVault;
  close(): Promise<void>;
}

/**
 * Connected accounts as the gateway sees them. It reads the vault itself and renews there when control does not run: of all
 * processes on one store one renews at a time. Nothing of it is loaded before a provider uses an account.
 */
export function connectedAccountTokens(deps: AccountDeps): AccountTokens & { close(): Promise<void> } {
  const { store, events, secrets, configuration, log } = deps;
  let opened: Promise<Opened> | null = null;

  async function open(): Promise<Opened> {
    const [{ createOauthVault }, { createEgress }] = await Promise.all([
      import('../features/oauth/service.ts'),
      import('../platform/egress/index.ts'),
    ]);
    const egress = createEgress({ config: () => configuration.current().egress });
    const vault = createOauthVault({
      store,
      events,
      clock: systemClock,
      newId,
      log: log.child({ category: 'oauth' }),
      egress,
      secrets,
      config: () => configuration.current().oauth,
      resolve: (text) => configuration.resolve(text),
    });
    return { vault, close: () => egress.close() };
  }

  return {
    async token(account, refusedGeneration) {
      try {
        const { vault } = await (opened ??= open());
        return await vault.accessToken(account, refusedGeneration);
      } catch (thrown) {
        const problem = toFault(thrown);
        if (problem.kind === 'internal')
          log.error({ account, err: thrown }, 'a connected account could not be read');
        return failed(problem);
      }
    },
    onChanged(told) {
      events.subscribe(({ type, subject }) => {
        if (type.startsWith('oauth.')) told(subject);
      });
    },
    async close() {
      await (await opened)?.close();
    },
  };
}
