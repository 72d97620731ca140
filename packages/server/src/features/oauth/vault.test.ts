import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { OauthConfig, EgressConfig, type Identity, type VigilesEvent } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { FaultError } from '../../kernel/fault.ts';
import { newId } from '../../kernel/ids.ts';
import { silentLog } from '../../kernel/log.ts';
import { createEgress } from '../../platform/egress/index.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { until } from '../../testing/test-control.ts';
import { oauthMigrations } from './migrations.ts';
import { createOauthVault } from './service.ts';
import { openOidc, type OidcRig } from './testing/oidc-rig.ts';
import type { OauthTables } from './tables.ts';

const migrations = { ...eventLogMigrations, ...oauthMigrations };
const origin = 'https://vigiles.example';
const person: Identity = { kind: 'browser', deviceId: 'person', name: 'Ada', scopes: ['admin'] };
const other: Identity = { ...person, deviceId: 'other' };

const codeOf = (thrown: unknown): string =>
  thrown instanceof FaultError ? thrown.fault.code : String(thrown);
const rejectsWith = (work: Promise<unknown>, code: string) =>
  assert.rejects(work, (thrown) => {
    assert.equal(codeOf(thrown), code);
    return true;
  });

let oidc: OidcRig;
before(async () => {
  oidc = await openOidc(`${origin}/oauth/callback`);
});
after(() => oidc.close());

/** Real time, which can be moved on: the provider lives in the same. */
function movableClock(): Clock & { pass(ms: number): void } {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    pass: (ms) => void (ahead += ms),
  };
}

forEachStore('oauth vault', (openStore, newPlace) => {
  const stops: (() => Promise<void>)[] = [];
  after(async () => {
    for (const stop of stops.toReversed()) await stop();
  });

  const open = async (store: Store, clock: Clock, keys: Map<string, string>, more: object = {}) => {
    const events = createEventLog({ store, log: silentLog, clock, newId, validate: true });
    const { port } = new URL(oidc.issuer);
    const egress = createEgress({
      config: () => EgressConfig.parse({ allow_private: [`127.0.0.1:${port}`] }),
    });
    const config = OauthConfig.parse({
      providers: [
        {
          id: 'home',
          preset: 'oidc',
          issuer: oidc.issuer,
          client_id: oidc.clientId,
          client_secret: oidc.clientSecret,
          ...more,
        },
      ],
    });
    const vault = createOauthVault({
      store,
      events,
      clock,
      newId,
      log: silentLog,
      egress,
      config: () => config,
      resolve: (text) => text,
      secrets: {
        async ensure(name, make) {
          if (!keys.has(name)) keys.set(name, make());
          return keys.get(name) ?? '';
        },
      },
    });
    await events.start();
    const seen: VigilesEvent[] = [];
    events.subscribe((event) => seen.push(event));
    stops.push(async () => {
      await vault.stop();
      await events.stop();
      await egress.close();
    });
    return { vault, store, seen };
  };
  const fresh = async (more?: object) => {
    const clock = movableClock();
    return { clock, ...(await open(await openStore({ migrations }), clock, new Map(), more)) };
  };
  const callbackOf = (url: URL) =>
    Object.fromEntries(url.searchParams) as { state: string; code: string; iss: string };
  const connect = async (vault: Awaited<ReturnType<typeof open>>['vault']) => {
    const { authorization_url } = await vault.begin('home', person, origin);
    const back = await oidc.agree(authorization_url);
    return vault.finish(callbackOf(back), person);
  };

  it('connects an account with PKCE and a nonce, and keeps its tokens sealed', async () => {
    const { vault, store, seen } = await fresh();
    assert.equal((await vault.show('home')).status, 'not_configured');
    const begun = await vault.begin('home', person, origin);
    const asked = new URL(begun.authorization_url).searchParams;
    assert.equal(asked.get('code_challenge_method'), 'S256');
    assert.equal(asked.get('redirect_uri'), `${origin}/oauth/callback`);
    assert.ok((asked.get('nonce') ?? '').length >= 40 && (asked.get('state') ?? '').length >= 40);
    assert.equal((await vault.show('home')).status, 'pending_auth');
    const callback = callbackOf(await oidc.agree(begun.authorization_url));
    const connection = await vault.finish(callback, person);
    assert.equal(connection.status, 'connected');
    assert.equal(connection.account, 'ada@example.org');
    assert.deepEqual([connection.renewable, connection.connected_by], [true, 'device:person']);
    await rejectsWith(vault.finish(callback, person), 'oauth_state_invalid');

    const usable = await vault.accessToken('home');
    assert.ok(usable.ok && oidc.given.has(usable.value.access));
    const kept = JSON.stringify([
      await store.db<OauthTables>().selectFrom('oauth_account').selectAll().execute(),
      await store.db<OauthTables>().selectFrom('oauth_state').selectAll().execute(),
      seen,
      await vault.list(),
    ]);
    for (const secret of [...oidc.given, oidc.clientSecret])
      assert.ok(!kept.includes(secret), 'a token lies open');
  });

  it('takes a callback from who began it, in time, with the right issuer, and from nobody else', async () => {
    const { vault, clock } = await fresh();
    const go = async () =>
      callbackOf(await oidc.agree((await vault.begin('home', person, origin)).authorization_url));
    const stolen = await go();
    await rejectsWith(vault.finish(stolen, other), 'oauth_state_invalid');
    assert.equal((await vault.finish(stolen, person)).status, 'connected', 'a stranger did not use it up');
    await rejectsWith(vault.finish({ ...(await go()), state: 'made-up' }, person), 'oauth_state_invalid');
    await rejectsWith(
      vault.finish({ ...(await go()), iss: 'https://evil.example' }, person),
      'oauth_bad_answer',
    );
    const { iss: _left, ...without } = await go();
    await rejectsWith(vault.finish(without, person), 'oauth_bad_answer');
    const { state } = await go();
    await rejectsWith(
      vault.finish({ state, iss: oidc.issuer, error: 'access_denied' }, person),
      'oauth_refused',
    );
    await rejectsWith(vault.finish({ ...(await go()), code: 'another-code' }, person), 'oauth_refused');
    const late = await go();
    clock.pass(10 * 60_000);
    await rejectsWith(vault.finish(late, person), 'oauth_state_invalid');
    await rejectsWith(vault.begin('home', person, 'http://vigiles.lan'), 'oauth_public_url_missing');
    await rejectsWith(vault.begin('nobody', person, origin), 'oauth_provider_unknown');
  });

  it('renews five minutes before the end, once, however many ask in however many processes', async () => {
    const place = await newPlace();
    const clock = movableClock();
    const keys = new Map<string, string>();
    const here = await open(await openStore({ migrations, place }), clock, keys);
    const there = await open(await openStore({ migrations, place }), clock, keys);
    oidc.setLifetime(3600);
    await connect(here.vault);
    const first = await here.vault.accessToken('home');
    clock.pass(3600_000 - 301_000);
    assert.deepEqual(await there.vault.accessToken('home'), first, 'not yet');
    clock.pass(2000);
    await here.vault.round();
    const early = await there.vault.accessToken('home');
    assert.ok(
      first.ok && early.ok && early.value.access !== first.value.access,
      'renewed while it still held',
    );
    clock.pass(3600_000 + 1000);
    oidc.events.length = 0;
    const all = await Promise.all(
      [here, there, here, there, here, there].map(({ vault }) => vault.accessToken('home')),
    );
    const tokens = new Set(all.map((one) => (one.ok ? one.value.access : one.fault.code)));
    assert.equal(tokens.size, 1);
    assert.ok(oidc.given.has([...tokens][0] ?? ''));
    assert.deepEqual(
      oidc.events.filter((name) => name === 'refresh_token.consumed').length,
      1,
      'a rotating refresh token was used once',
    );
    assert.ok(!oidc.events.includes('grant.error'));
  });

  it('renews a token that lives shorter than ten minutes at half its life', async () => {
    const { vault, clock } = await fresh();
    oidc.setLifetime(240);
    await connect(vault);
    const first = await vault.accessToken('home');
    clock.pass(118_000);
    assert.deepEqual(await vault.accessToken('home'), first, 'not yet');
    clock.pass(4000);
    const next = await vault.accessToken('home');
    assert.ok(first.ok && next.ok && next.value.generation > first.value.generation);
    const again = await vault.accessToken('home', next.value.generation);
    assert.ok(
      again.ok && again.value.access !== next.value.access,
      'one that was refused is not given again',
    );
  });

  it('invalid_grant ends in the state token_expired with one notice, and is not tried again', async () => {
    const place = await newPlace();
    const clock = movableClock();
    const keys = new Map<string, string>();
    const here = await open(await openStore({ migrations, place }), clock, keys);
    const there = await open(await openStore({ migrations, place }), clock, keys);
    await connect(here.vault);
    oidc.withdraw();
    clock.pass(3600_000);
    oidc.events.length = 0;
    for (const { vault } of [here, there, here, there]) {
      const refused = await vault.accessToken('home');
      assert.equal(!refused.ok && refused.fault.code, 'oauth_expired');
      await vault.round();
    }
    const { status, error } = await there.vault.show('home');
    assert.deepEqual([status, error], ['expired', 'token_expired']);
    assert.equal(oidc.events.filter((name) => name === 'grant.error').length, 1, 'asked once');
    await until('the notice is there', () => there.seen.some(({ type }) => type === 'alert.raised'));
    assert.equal(there.seen.filter(({ type }) => type === 'alert.raised').length, 1);
    assert.equal((await connect(there.vault)).status, 'connected');
    assert.ok((await here.vault.accessToken('home')).ok, 'connected anew');
  });

  it('a provider that is away is asked again later, and the token is used while it holds', async () => {
    const place = await newPlace();
    const clock = movableClock();
    const keys = new Map<string, string>();
    const { vault } = await open(await openStore({ migrations, place }), clock, keys);
    const away = { token_url: `${oidc.issuer}/nowhere` };
    const cut = await open(await openStore({ migrations, place }), clock, keys, away);
    oidc.setLifetime(3600);
    await connect(vault);
    clock.pass(3600_000 - 30_000);
    assert.ok((await cut.vault.accessToken('home')).ok, 'the old one still holds');
    clock.pass(31_000);
    const refused = await cut.vault.accessToken('home');
    assert.equal(!refused.ok && refused.fault.code, 'oauth_renewal_failed');
    assert.equal((await cut.vault.show('home')).status, 'error');
    assert.ok((await cut.vault.show('home')).message);
    const resting = await vault.accessToken('home');
    assert.equal(!resting.ok && resting.fault.code, 'oauth_renewal_failed', 'not asked again at once');
    clock.pass(60_000);
    assert.ok((await vault.accessToken('home')).ok);
    const { status, error } = await vault.show('home');
    assert.deepEqual([status, error], ['connected', null]);
  });

  it('disconnecting ends it at the provider and here', async () => {
    const { vault, seen } = await fresh();
    await connect(vault);
    const usable = await vault.accessToken('home');
    assert.ok(usable.ok);
    oidc.events.length = 0;
    assert.deepEqual(await vault.disconnect('home', 'device:person'), { provider: 'home', revoked: true });
    assert.ok(oidc.events.includes('grant.revoked'));
    const asked = await fetch(`${oidc.issuer}/api/me`, {
      headers: { authorization: `Bearer ${usable.value.access}` },
    });
    assert.equal(asked.status, 401);
    assert.equal((await vault.show('home')).status, 'not_configured');
    await rejectsWith(vault.disconnect('home', 'device:person'), 'oauth_not_connected');
    await until('it was told', () => seen.some(({ type }) => type === 'oauth.disconnected'));
  });
});
