import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { GatewayConfig, ProviderConfig } from '@vigiles/contract';
import type { Clock } from '../../../../kernel/clock.ts';
import { failed, fault, ok, type Fault } from '../../../../kernel/fault.ts';
import { silentLog, type Log } from '../../../../kernel/log.ts';
import { startTokenEndpoint, type TokenRules } from '../../../../testing/upstreams/token-endpoint.ts';
import type { ProviderType } from '../../providers/define-provider.ts';
import { providers } from '../../providers/registry.gen.ts';
import { noTables } from '../model-metadata/fact-book.ts';
import { createUpstreamTable } from '../upstream-table.ts';
import type { Authorised, Credential } from './credential.ts';
import { createCredentials, type AccountTokens, type RefreshTokens } from './credentials.ts';
import { requestToken } from './request-token.ts';

const MINUTE = 60_000;
const type: ProviderType = providers['openai-compatible'];
const request = { method: 'POST', origin: 'http://h', path: '/', headers: [], body: Buffer.alloc(0) };

function handClock(): Clock & { pass(ms: number): void } {
  let now = Date.parse('2026-01-01T00:00:00Z');
  return { now: () => now, monotonic: () => now, pass: (ms) => void (now += ms) };
}

function listening(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const keep = (fields: object, message: string): void => void lines.push(JSON.stringify(fields) + message);
  const log: Log = { ...silentLog, info: keep, warn: keep, error: keep };
  return { log, lines };
}

const configOf = (url: string, oauth: object = {}): ProviderConfig =>
  ProviderConfig.parse({
    id: 'mine',
    type: 'openai-compatible',
    oauth: { token_url: url, client_id: 'client', client_secret: 'client-secret-value', ...oauth },
  });

async function setUp(
  t: TestContext,
  rules: Partial<TokenRules> = {},
  oauth: object = {},
  refreshTokens?: RefreshTokens,
) {
  const endpoint = await startTokenEndpoint({ check: () => null, ...rules });
  t.after(() => endpoint.close());
  const clock = handClock();
  const { log, lines } = listening();
  const credentials = createCredentials({ clock, log, refreshTokens });
  const config = configOf(endpoint.url, oauth);
  const credential = credentials.open(config, type);
  assert.ok(credential && typeof credential !== 'string');
  return { endpoint, clock, lines, credentials, credential, config };
}

const tokenOf = (given: Authorised): string | undefined => (given.ok ? given.headers[1] : given.error.code);
const ask = async (credential: Credential): Promise<string | undefined> =>
  tokenOf(await credential.authorise(request));

test('many turns at once wait for one token request, and later ones for none', async (t) => {
  const { endpoint, credential } = await setUp(t);
  const all = await Promise.all(Array.from({ length: 50 }, () => ask(credential)));
  assert.deepEqual(new Set(all), new Set(['Bearer access-token-1']));
  const given = credential.authorise(request);
  assert.ok(!(given instanceof Promise));
  assert.equal(endpoint.forms().length, 1);
});

test('a token is replaced five minutes before it ends, and no turn waits for that', async (t) => {
  const { endpoint, credential, clock } = await setUp(t);
  await ask(credential);
  clock.pass(54 * MINUTE);
  assert.equal(tokenOf(credential.authorise(request) as Authorised), 'Bearer access-token-1');
  assert.equal(endpoint.forms().length, 1);
  clock.pass(2 * MINUTE);
  const meanwhile = credential.authorise(request);
  assert.ok(!(meanwhile instanceof Promise));
  assert.equal(tokenOf(meanwhile), 'Bearer access-token-1');
  while (tokenOf(credential.authorise(request) as Authorised) !== 'Bearer access-token-2') {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(endpoint.forms().length, 2);
  clock.pass(2 * 60 * MINUTE);
  assert.equal(await ask(credential), 'Bearer access-token-3');
});

test('a token that lives shorter than that is replaced at half its life', async (t) => {
  const { endpoint, credential, clock } = await setUp(t, { expiresInS: 120 });
  await ask(credential);
  clock.pass(59_000);
  assert.ok(!(credential.authorise(request) instanceof Promise));
  assert.equal(endpoint.forms().length, 1);
  clock.pass(2000);
  assert.equal(tokenOf(credential.authorise(request) as Authorised), 'Bearer access-token-1');
  clock.pass(60_000);
  assert.equal(await ask(credential), 'Bearer access-token-2');
});

test('a refused token is asked for anew, unless it is fresh', async (t) => {
  const { credential, clock } = await setUp(t);
  await ask(credential);
  assert.equal(credential.refused(), false);
  clock.pass(MINUTE);
  assert.equal(credential.refused(), true);
  assert.equal(credential.refused(), false);
  assert.equal(await ask(credential), 'Bearer access-token-2');
});

test('the client proves itself in the form or in a header, and asks for its scope', async (t) => {
  const { endpoint, credential } = await setUp(t, {}, { scope: 'a b' });
  await ask(credential);
  const client = { client_id: 'client', client_secret: 'client-secret-value' };
  assert.deepEqual(endpoint.forms(), [{ grant_type: 'client_credentials', scope: 'a b', ...client }]);
  const basic = await setUp(t, {}, { client_id: 'a:b', client_auth: 'basic' });
  await ask(basic.credential);
  assert.deepEqual(basic.endpoint.forms(), [{ grant_type: 'client_credentials' }]);
  const { authorization } = basic.endpoint.upstream.requests[0]?.headers ?? {};
  const pair = Buffer.from(authorization?.slice(6) ?? '', 'base64').toString();
  assert.equal(pair, 'a%3Ab:client-secret-value');
});

test('a refused grant is one clear error, logged once, without a secret, and not asked for again at once', async (t) => {
  const { endpoint, credential, clock, lines } = await setUp(
    t,
    { check: () => 'invalid_grant' },
    { refresh_token: 'refresh-token-value' },
  );
  const given = await credential.authorise(request);
  assert.ok(!given.ok);
  assert.deepEqual([given.error.kind, given.error.code], ['auth', 'upstream_oauth_refused']);
  assert.match(
    given.error.message,
    /The provider mine has no access token: .* no longer good \(invalid_grant\); sign in/,
  );
  for (let round = 0; round < 20; round++) assert.equal(await ask(credential), 'upstream_oauth_refused');
  assert.equal(endpoint.forms().length, 1);
  assert.equal(lines.length, 1);
  const seen = lines.join('') + JSON.stringify(given);
  assert.ok(!seen.includes('refresh-token-value') && !seen.includes('client-secret-value'), seen);
  clock.pass(2 * MINUTE);
  await ask(credential);
  assert.equal(endpoint.forms().length, 2);
});

test('a refresh token that is replaced is kept, used, and does not cost the token when it comes back', async (t) => {
  let stored = 'rt-1';
  let good = 'rt-1';
  let count = 1;
  const refreshTokens: RefreshTokens = {
    current: () => stored,
    async keep(_id, token) {
      stored = token;
      return true;
    },
  };
  const rules: Partial<TokenRules> = {
    check: (form) => (form['refresh_token'] === good ? null : 'invalid_grant'),
    more: () => ({ refresh_token: (good = `rt-${++count}`) }),
  };
  const { endpoint, credentials, credential, config, clock } = await setUp(
    t,
    rules,
    { refresh_token: 'rt-1' },
    refreshTokens,
  );
  await ask(credential);
  assert.equal(stored, 'rt-2');
  assert.equal(credentials.open(configOf(endpoint.url, { refresh_token: 'rt-2' }), type), credential);
  assert.equal(credentials.open(config, type), credential);
  const table = createUpstreamTable(silentLog, noTables, credentials);
  t.after(() => table.close());
  const apply = (refresh_token: string): unknown => {
    const one = { ...configOf(endpoint.url, { refresh_token }), base_url: 'http://127.0.0.1:9/v1' };
    table.apply(GatewayConfig.parse({ providers: [one], discover_local: false }));
    return table.get('mine');
  };
  const upstream = apply('rt-1');
  assert.equal(apply('rt-2'), upstream);
  assert.notEqual(apply('other'), upstream);

  // Another gateway uses the token up and keeps its successor: the next refresh finds it.
  good = stored = 'rt-elsewhere';
  clock.pass(2 * 60 * MINUTE);
  assert.equal(await ask(credential), 'Bearer access-token-2');
  assert.equal(stored, 'rt-3');
});

test('a replaced refresh token that has no place is reported without it', async (t) => {
  const { credential, lines } = await setUp(
    t,
    { more: () => ({ refresh_token: 'the-next-refresh-token' }) },
    { refresh_token: 'rt-1' },
    { current: () => undefined, keep: async () => false },
  );
  await ask(credential);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /no secret to keep the new one in/);
  assert.ok(!lines[0]?.includes('the-next-refresh-token'));
});

test('an endpoint that hangs, hangs up or talks nonsense is a bounded wait and a clear error', async (t) => {
  const mute = createServer(() => {});
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<Socket>();
  mute.on('connection', (socket) => sockets.add(socket));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    mute.close();
  });
  const url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}/token`;
  const hung = await requestToken({ url, form: {}, secrets: [], who: 'The provider x' }, 80);
  assert.ok(!hung.ok && !hung.refused);
  assert.equal(hung.error.kind, 'overloaded');
  assert.match(hung.error.message, /it did not answer in time/);

  const endpoint = await startTokenEndpoint({ check: () => null, more: () => ({ access_token: 7 }) });
  t.after(() => endpoint.close());
  const odd = await requestToken({ url: endpoint.url, form: {}, secrets: [], who: 'The provider x' });
  assert.match(!odd.ok ? odd.error.message : '', /it sent no access token/);
  assert.equal(endpoint.forms().length, 2);
});

/** An account whose tokens are numbered, and who says what went wrong in the words of the vault. */
function scriptedAccount(clock: Clock) {
  let generation = 1;
  let problem: Fault | null = null;
  const asked: (number | undefined)[] = [];
  const heard: ((account: string) => void)[] = [];
  const tokens: AccountTokens = {
    async token(_account, refusedGeneration) {
      asked.push(refusedGeneration);
      if (problem) return failed(problem);
      if (refusedGeneration === generation) generation += 1;
      return ok({ access: `account-token-${generation}`, generation, expiresAt: clock.now() + 60 * MINUTE });
    },
    onChanged: (told) => void heard.push(told),
  };
  return {
    tokens,
    asked,
    fail: (next: Fault | null) => void (problem = next),
    change(account: string) {
      generation += 1;
      for (const told of heard) told(account);
    },
  };
}

function openAccount() {
  const clock = handClock();
  const { log, lines } = listening();
  const account = scriptedAccount(clock);
  const known = new Set<string>();
  const credentials = createCredentials({
    clock,
    log,
    refreshTokens: undefined,
    accounts: account.tokens,
    secrets: { register: (value) => void known.add(value), forget: (value) => void known.delete(value) },
  });
  const config = ProviderConfig.parse({ id: 'mine', type: 'openai-compatible', oauth_account: 'home' });
  const credential = credentials.open(config, type);
  assert.ok(credential && typeof credential !== 'string');
  assert.equal(credentials.open(config, type), credential, 'an unchanged provider keeps its token');
  return { clock, lines, account, credential, known };
}

test('a connected account’s token is held, replaced when it was refused or renewed, and dropped when it is gone', async () => {
  const { clock, account, credential, known } = openAccount();
  assert.equal(await ask(credential), 'Bearer account-token-1');
  assert.equal(await ask(credential), 'Bearer account-token-1');
  assert.deepEqual(account.asked, [undefined], 'one look for many turns');
  clock.pass(MINUTE);
  assert.equal(credential.refused(), true);
  assert.equal(await ask(credential), 'Bearer account-token-2');
  assert.deepEqual(account.asked, [undefined, 1], 'it says which one was refused');
  account.change('another');
  assert.equal(await ask(credential), 'Bearer account-token-2');
  account.change('home');
  assert.equal(await ask(credential), 'Bearer account-token-4');
  assert.deepEqual([...known], ['account-token-2', 'account-token-4'], 'those that may still be seen');
  account.fail(fault('conflict', 'oauth_not_connected', 'home is not connected.'));
  account.change('home');
  assert.equal(await ask(credential), 'upstream_oauth_refused');
});

test('an account that has ended is one clear error and one line in the log, and works at once when it is connected anew', async () => {
  const { account, credential, lines } = openAccount();
  account.fail(fault('conflict', 'oauth_expired', 'home no longer takes what it gave.'));
  const refused = await credential.authorise(request);
  assert.ok(!refused.ok);
  assert.equal(
    refused.error.message,
    'The provider mine has no access token: home no longer takes what it gave.',
  );
  for (let i = 0; i < 5; i += 1) assert.equal(await ask(credential), 'upstream_oauth_refused');
  assert.equal(account.asked.length, 1, 'not asked for again at once');
  assert.equal(lines.length, 1);
  account.fail(null);
  account.change('home');
  assert.equal(await ask(credential), 'Bearer account-token-2');
});

test('an account whose provider is away is said to be away, and when to come back', async () => {
  const { account, credential } = openAccount();
  account.fail(
    fault('unavailable', 'oauth_renewal_failed', 'home could not renew.', { retryAfterMs: 15_000 }),
  );
  const away = await credential.authorise(request);
  assert.ok(!away.ok);
  assert.deepEqual(
    [away.error.kind, away.error.status, away.error.code, away.error.retryAfterMs],
    ['overloaded', 503, 'upstream_oauth_unavailable', 15_000],
  );
});

test('contradictions in the configuration are said', () => {
  const credentials = createCredentials({ clock: handClock(), log: silentLog, refreshTokens: undefined });
  const aws = { access_key_id: 'a', secret_access_key: 'b' };
  const open = (more: object, of: ProviderType = type): unknown =>
    credentials.open(ProviderConfig.parse({ id: 'mine', type: of.type, ...more }), of);
  assert.equal(open({}), null);
  assert.equal(open({ api_key: 'k' }), null);
  assert.match(String(open({ api_key: 'k', aws })), /has api_key and aws; one of them is enough/);
  assert.match(String(open({ api_key: 'k', oauth_account: 'home' })), /has api_key and oauth_account/);
  assert.match(String(open({ aws })), /whose requests are not signed/);
  assert.match(String(open({ aws }, providers.bedrock)), /needs a region/);
});
