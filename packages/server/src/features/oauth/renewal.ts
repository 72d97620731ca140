import { setTimeout as delay } from 'node:timers/promises';
import * as oauth from 'oauth4webapi';
import type { OauthProviderConfig } from '@vigiles/contract';
import { failed, fault, ok, toFault, type Fault, type Result } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import { presetOf } from './core/presets.ts';
import { expired, notConnected } from './faults.ts';
import { codeIn, faultOf, type ProviderClient, type ProviderClients } from './provider-client.ts';
import { bearers, expiryOf, type Tokens } from './sign-in.ts';
import type { TokenBox } from './token-box.ts';
import type { AccountRow, VaultStore } from './vault-store.ts';

/** A token is renewed this long before it ends; one that lives shorter than twice that, at half its life. */
const marginMs = 300_000;

/** When a row's token is renewed; null: never by itself. UTC ms. */
const renewalAt = ({ expires_at: end, connected_at, refreshed_at }: AccountRow): number | null =>
  end === null ? null : end - Math.min(marginMs, Math.max(0, end - (refreshed_at ?? connected_at)) / 2);

/** No renewal takes longer; a process that died in one is succeeded after it. */
const leaseMs = 30_000;
/** How long somebody waits for another process that renews. */
const patienceMs = 25_000;
const firstRetryMs = 15_000;
const longestRetryMs = 3_600_000;

export interface RenewalDeps {
  vault: VaultStore;
  box: TokenBox;
  clients: ProviderClients;
  log: Log;
  /** A name for this process. */
  owner: string;
  now(): number;
  provider(id: string): OauthProviderConfig;
}

/** A token to ask a provider with; `generation` tells which one it was. */
export interface Usable {
  access: string;
  generation: number;
  /** UTC ms; null: the provider did not say. */
  expiresAt: number | null;
}

/**
 * Access tokens that are good now. Of all processes on one database one renews at a time: refresh tokens are replaced at each
 * use, and one that is used twice has the provider end them all. RFC 6749 §6, RFC 9700 §4.14.
 */
export function createRenewal(deps: RenewalDeps) {
  const { vault, box, clients, log, owner, now } = deps;
  const running = new Map<string, Promise<boolean>>();

  async function tokensOf(row: AccountRow): Promise<Usable> {
    const { access } = await box.open<Tokens>(row.provider, row.sealed);
    return { access, generation: row.generation, expiresAt: row.expires_at };
  }

  /** The provider no longer takes what it gave: told once, whoever finds it out, and never tried again by itself. */
  async function end(row: AccountRow, label: string): Promise<void> {
    const title = `${label} has to be connected again`;
    const message = `${label} no longer takes the authorization of ${row.account ?? 'the connected account'}. It may have been withdrawn there, or have expired. Connect it again under Devices.`;
    const first = await vault.settle(
      row,
      { status: 'expired', error: 'token_expired', message, retry_at: null },
      { title, message },
    );
    if (first) log.warn({ provider: row.provider }, 'a connected account has expired');
  }

  async function keep(
    row: AccountRow,
    client: ProviderClient,
    answer: oauth.TokenEndpointResponse,
    used: string,
  ) {
    const nowMs = now();
    // Without a new one the one before goes on, RFC 6749 §6.
    const refresh = answer.refresh_token ?? used;
    const written = await vault.settle(
      row,
      {
        sealed: await box.seal(row.provider, { access: answer.access_token, refresh } satisfies Tokens),
        expires_at: expiryOf(answer, nowMs),
        generation: row.generation + 1,
        failures: 0,
        retry_at: null,
        error: null,
        message: null,
        refreshed_at: nowMs,
      },
      null,
    );
    if (written) return;
    // Disconnected or connected anew while this was under way: what came is nobody's.
    if (answer.refresh_token !== undefined)
      await oauth
        .revocationRequest(client.server, client.client, client.auth, answer.refresh_token, client.through)
        .catch(() => undefined);
  }

  /** One renewal, with the lease in hand. */
  async function renew(row: AccountRow): Promise<void> {
    let label = row.provider;
    try {
      const client = await clients.open(deps.provider(row.provider));
      label = client.label;
      const { refresh } = await box.open<Tokens>(row.provider, row.sealed);
      if (refresh === null) return await end(row, label);
      const response = await oauth.refreshTokenGrantRequest(
        client.server,
        client.client,
        client.auth,
        refresh,
        client.through,
      );
      const answer = await oauth.processRefreshTokenResponse(client.server, client.client, response, {
        recognizedTokenTypes: bearers,
      });
      return await keep(row, client, answer, refresh);
    } catch (thrown) {
      if (codeIn(thrown) === 'invalid_grant') return end(row, label);
      const failure = faultOf(thrown, label);
      const failures = row.failures + 1;
      await vault.settle(
        row,
        {
          failures,
          retry_at: now() + Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 12)),
          error: failure.code,
          message: failure.message,
        },
        null,
      );
      log.warn(
        { provider: row.provider, code: failure.code, failures },
        'an access token could not be renewed',
      );
    }
  }

  /** Renews, or joins the renewal of this process that is under way. False: another process has it in hand. */
  async function renewOnce(row: AccountRow): Promise<boolean> {
    const under = running.get(row.provider);
    if (under) return under;
    const nowMs = now();
    const work = vault
      .lease(row.provider, row.generation, owner, nowMs, nowMs + leaseMs)
      .then(async (mine) => {
        if (mine) await renew(row);
        return mine;
      })
      .finally(() => running.delete(row.provider));
    running.set(row.provider, work);
    return work;
  }

  const waiting = (row: AccountRow, label: string): Fault =>
    fault(
      'unavailable',
      'oauth_renewal_failed',
      `${label} could not renew its token: ${row.error ?? 'unknown'}.`,
      {
        retryAfterMs: Math.max(1000, (row.retry_at ?? 0) - now()),
      },
    );

  /**
   * A token that is good for a while yet. Faults: `oauth_not_connected`, `oauth_expired`, `oauth_renewal_failed`.
   * @param refusedGeneration the one the provider just refused although its time was not over
   */
  async function usable(id: string, refusedGeneration?: number): Promise<Result<Usable>> {
    const label = presetOf(deps.provider(id).preset, id).label;
    const until = performance.now() + patienceMs;
    for (;;) {
      const row = await vault.account(id);
      if (!row) return failed(notConnected(label));
      if (row.status === 'expired') return failed(expired(label));
      const nowMs = now();
      const wasRefused = row.generation === refusedGeneration;
      const renewAt = renewalAt(row);
      const fresh = renewAt === null || nowMs < renewAt;
      if (fresh && !wasRefused) return ok(await tokensOf(row));
      const alive = !wasRefused && row.expires_at !== null && nowMs < row.expires_at;
      if (row.renewable === 0) {
        if (alive) return ok(await tokensOf(row));
        await end(row, label);
        continue;
      }
      const resting = row.retry_at !== null && nowMs < row.retry_at;
      if (!resting) {
        if (await renewOnce(row)) {
          const after = await vault.account(id);
          // Nothing came of it: what is left of the old one, or what went wrong.
          if (after && after.generation === row.generation && after.status === 'connected')
            return alive ? ok(await tokensOf(row)) : failed(waiting(after, label));
          continue;
        }
      } else if (!alive) return failed(waiting(row, label));
      // Somebody else renews: as long as the old one holds, it is used.
      if (alive) return ok(await tokensOf(row));
      if (performance.now() > until) return failed(waiting(row, label));
      await delay(50);
    }
  }

  return {
    usable,
    /** Resolves when no renewal is under way: cut off, the token that the provider has just replaced would be lost. */
    async settled(): Promise<void> {
      await Promise.allSettled(running.values());
    },
    /** Renews what ends soon, so that an account that has expired is told before it is needed. */
    async due(ids: readonly string[]): Promise<void> {
      for (const row of await vault.accounts()) {
        const renewAt = renewalAt(row);
        if (row.status !== 'connected' || renewAt === null || now() < renewAt) continue;
        if (!ids.includes(row.provider)) continue;
        try {
          await usable(row.provider);
        } catch (thrown) {
          log.error(
            { provider: row.provider, code: toFault(thrown).code },
            'an account could not be looked after',
          );
        }
      }
    },
  };
}
