import type { Identity, OauthConnection, OauthProviderConfig, VigilesConfig } from '@vigiles/contract';
import { oauthPresets } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { raise, type Result } from '../../kernel/fault.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { PassedAnswer } from '../../kernel/route.ts';
import type { Egress } from '../../platform/egress/index.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Secrets } from '../../platform/secrets/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { presetOf, presets } from './core/presets.ts';
import { notConnected, unknownProvider } from './faults.ts';
import { createPassThrough, type Passed } from './pass-through.ts';
import { createProviderClients } from './provider-client.ts';
import { createRenewal, type Usable } from './renewal.ts';
import { revokeAtProvider } from './revoke.ts';
import { createSignIn, type Callback, type Tokens } from './sign-in.ts';
import { createTokenBox } from './token-box.ts';
import { createVaultStore, type AccountRow } from './vault-store.ts';

export interface OauthDeps {
  store: Store;
  events: EventLog;
  clock: Clock;
  newId: NewId;
  log: Log;
  egress: Pick<Egress, 'fetch'>;
  secrets: Partial<Pick<Secrets, 'ensure'>> | null;
  config(): VigilesConfig['oauth'];
  resolve(text: string): string;
}

/** How often tokens that end soon are looked for. */
const roundMs = 20_000;

/** Accounts at other services, held for everybody: connected by a person, renewed by itself, used through the pass-through. */
export interface OauthVault {
  /** Every provider that is configured, and the known ones that are not; never a token. */
  list(): Promise<OauthConnection[]>;
  show(id: string): Promise<OauthConnection>;
  begin(id: string, identity: Identity, origin: string): ReturnType<ReturnType<typeof createSignIn>['begin']>;
  finish(callback: Callback, identity: Identity): Promise<OauthConnection>;
  /** Renews now. */
  renew(id: string): Promise<OauthConnection>;
  disconnect(id: string, actor: string): Promise<{ provider: string; revoked: boolean }>;
  /**
   * A good access token, for what runs inside of Vigiles only.
   * @param refusedGeneration the one the provider just refused although its time was not over
   */
  accessToken(id: string, refusedGeneration?: number): Promise<Result<Usable>>;
  pass(asked: Passed, identity: Identity): Promise<PassedAnswer>;
  /** One look for tokens that end soon. */
  round(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const unconfigured = (id: string, label: string): OauthConnection => ({
  provider: id,
  label,
  status: 'not_configured',
  configured: false,
  account: null,
  scopes: [],
  connected_at: null,
  connected_by: null,
  expires_at: null,
  refreshed_at: null,
  renewable: false,
  error: null,
  message: null,
  proxy: [],
});

export function createOauthVault(deps: OauthDeps): OauthVault {
  const { store, events, clock, newId, log, egress, config } = deps;
  const now = () => clock.now();
  const find = (id: string): OauthProviderConfig | undefined =>
    config().providers.find((one) => one.id === id);
  const provider = (id: string): OauthProviderConfig => find(id) ?? raise(unknownProvider(id));

  function shown(row: AccountRow | undefined, id: string, pending = false): OauthConnection {
    const known = find(id);
    const label = presetOf(known?.preset ?? id, id).label;
    const base = {
      ...unconfigured(id, label),
      configured: known !== undefined,
      proxy: known?.proxy.allow ?? [],
    };
    if (!row) return { ...base, status: pending && known ? 'pending_auth' : 'not_configured' };
    const ended = row.expires_at !== null && row.expires_at <= now();
    const failing = row.failures > 0 && (ended || row.expires_at === null);
    const over = row.status === 'expired' || (ended && row.renewable === 0);
    return {
      ...base,
      status: over ? (pending ? 'pending_auth' : 'expired') : failing ? 'error' : 'connected',
      account: row.account,
      scopes: JSON.parse(row.scopes) as string[],
      connected_at: row.connected_at,
      connected_by: row.connected_by,
      expires_at: row.expires_at,
      refreshed_at: row.refreshed_at,
      renewable: row.renewable === 1,
      error: row.error ?? (over ? 'token_expired' : null),
      message: row.message,
    };
  }

  const vault = createVaultStore(store, events, (row) => shown(row, row.provider));
  const box = createTokenBox(deps.secrets);
  const clients = createProviderClients(egress, deps.resolve, now);
  const signIn = createSignIn({ vault, box, clients, egress, now, provider });
  const renewal = createRenewal({ vault, box, clients, log, owner: newId('vault'), now, provider });
  const pass = createPassThrough({ renewal, egress, provider });

  const show = async (id: string): Promise<OauthConnection> => {
    const [row, pending] = await Promise.all([vault.account(id), vault.pending(now())]);
    return shown(row, id, pending.has(id));
  };

  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();
  const look = (): Promise<void> => renewal.due(config().providers.map(({ id }) => id));

  return {
    async list() {
      const [rows, pending] = await Promise.all([vault.accounts(), vault.pending(now())]);
      const used = new Set<string>(config().providers.map(({ preset }) => preset));
      const configured = config().providers.map(({ id }) =>
        shown(
          rows.find((row) => row.provider === id),
          id,
          pending.has(id),
        ),
      );
      const others = oauthPresets
        .filter((name) => !used.has(name) && !configured.some((one) => one.provider === name))
        .map((name) => unconfigured(name, presets[name]?.label ?? name));
      return [...configured, ...others];
    },
    show: async (id) => {
      provider(id);
      return show(id);
    },
    begin: (id, identity, origin) => signIn.begin(id, identity, origin),
    finish: async (callback, identity) => show(await signIn.finish(callback, identity)),
    async renew(id) {
      const row = await vault.account(id);
      if (!row) return raise(notConnected(presetOf(provider(id).preset, id).label));
      const renewed = await renewal.usable(id, row.generation);
      if (!renewed.ok) raise(renewed.fault);
      return show(id);
    },
    async disconnect(id, actor) {
      const row = await vault.remove(id);
      if (!row) return raise(notConnected(presetOf(find(id)?.preset ?? id, id).label));
      // It is gone here whatever the provider says: nobody waits for a service that is down to be rid of an account.
      let revoked = false;
      try {
        const tokens = await box.open<Tokens>(id, row.sealed);
        revoked = await revokeAtProvider(await clients.open(provider(id)), tokens, egress);
      } catch {
        log.warn({ provider: id }, 'an account was taken out without its provider');
      }
      await vault.told(id, actor, revoked);
      return { provider: id, revoked };
    },
    accessToken: async (id, refusedGeneration) => renewal.usable(id, refusedGeneration),
    pass,
    round: look,
    start() {
      timer = setInterval(() => {
        round = round.then(look).catch((thrown: unknown) => {
          log.error({ err: thrown }, 'connected accounts could not be looked after');
        });
      }, roundMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await round;
      await renewal.settled();
    },
  };
}
