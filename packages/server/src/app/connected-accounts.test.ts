import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { OauthConnection } from '@vigiles/contract';
import type { Log } from '../kernel/log.ts';
import { createRedactor, openSecrets } from '../platform/secrets/index.ts';
import { openOidc, type OidcRig } from '../features/oauth/testing/oidc-rig.ts';
import { startTestControl, type TestControl } from '../testing/test-control.ts';

let oidc: OidcRig;
let rig: TestControl;
/** Everything that was written to the log. */
const lines: string[] = [];
const home = mkdtempSync(join(tmpdir(), 'vigiles-oauth-'));
const origin = 'http://localhost:8765';

function recording(): Log {
  const write =
    (level: string) =>
    (...parts: unknown[]): void =>
      void lines.push(
        level +
          JSON.stringify(parts, (_key, value: unknown) =>
            value instanceof Error
              ? { message: value.message, stack: value.stack, cause: value.cause }
              : value,
          ),
      );
  const log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
  } as unknown as Log;
  return log;
}

before(async () => {
  oidc = await openOidc(`${origin}/oauth/callback`);
  const { port } = new URL(oidc.issuer);
  rig = await startTestControl({
    log: recording(),
    secrets: openSecrets({ home, redactor: createRedactor() }),
    yaml: `
egress:
  allow_private: ['127.0.0.1:${port}']
oauth:
  public_url: ${origin}
  providers:
    - id: home
      preset: oidc
      issuer: ${oidc.issuer}
      client_id: ${oidc.clientId}
      client_secret: ${oidc.clientSecret}
      proxy:
        base_url: ${oidc.issuer}/api
        allow:
          - { path: /me }
          - { methods: [GET, POST], path: /notes/ }
`,
  });
});
after(async () => {
  await rig.close();
  await oidc.close();
  rmSync(home, { recursive: true, force: true });
});

const short = async (token: string, fields: Record<string, string>) => {
  const answer = await fetch(`${rig.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      ...fields,
    }),
  });
  return (await answer.json()) as { access_token: string; error?: string; scope?: string };
};

it('a person connects an account, and devices ask through it without ever seeing its token', async () => {
  const before = await rig.call<{ connections: OauthConnection[] }>('GET', '/api/v1/oauth');
  assert.deepEqual(
    before.body.connections.map(({ provider, status }) => `${provider} ${status}`).slice(0, 3),
    ['home not_configured', 'google not_configured', 'github not_configured'],
  );
  assert.equal(before.body.connections[0]?.configured, true);
  const begun = await rig.call<{ authorization_url: string }>('POST', '/api/v1/oauth/home/connect');
  const back = await oidc.agree(begun.body.authorization_url);
  const body = Object.fromEntries(back.searchParams);
  const stranger = await rig.token('config');
  assert.equal(
    (await rig.call('POST', '/api/v1/oauth/callback', { token: stranger, body })).body.code,
    'oauth_state_invalid',
  );
  const done = await rig.call<{ connection: OauthConnection }>('POST', '/api/v1/oauth/callback', { body });
  assert.equal(done.body.connection.status, 'connected');
  assert.equal(done.body.connection.account, 'ada@example.org');

  const device = await rig.token('read', 'oauth');
  const metadata = await rig.call<{ connections: OauthConnection[] }>('GET', '/oauth/providers', {
    token: device,
  });
  assert.equal(metadata.body.connections[0]?.status, 'connected');
  const direct = await rig.call('GET', '/api/v1/oauth/home/proxy/me', { token: device });
  assert.equal(direct.body.code, 'oauth_short_token_needed');
  const { access_token: token, scope } = await short(device, { audience: 'oauth:home' });
  assert.equal(scope, 'oauth');
  const me = await rig.call<{ sub: string }>('GET', '/api/v1/oauth/home/proxy/me?fields=all&x=a%2Fb', {
    token,
  });
  assert.deepEqual([me.status, me.body.sub], [200, 'ada']);
  assert.equal(me.headers.get('x-ratelimit-remaining'), '7');
  assert.equal(me.headers.get('set-cookie'), null);
  assert.match(me.headers.get('content-security-policy') ?? '', /sandbox/);
  const call = oidc.calls.at(-1);
  assert.equal(call?.url, '/api/me?fields=all&x=a%2Fb');
  assert.ok(oidc.given.has(call?.token ?? ''), 'asked with the provider’s own token');
  await rig.call('POST', '/api/v1/oauth/home/proxy/notes/1', { token, body: { text: 'hello' } });
  assert.equal(oidc.calls.at(-1)?.body, '{"text":"hello"}');
});

it('a token for a provider opens that provider’s allowed paths and nothing else', async () => {
  const device = await rig.token('read', 'operate', 'oauth');
  const { access_token: token } = await short(device, { audience: 'oauth:home' });
  const calls = oidc.calls.length;
  for (const [method, path, code] of [
    ['GET', '/api/v1/oauth/home/proxy/settings', 'oauth_path_not_allowed'],
    ['POST', '/api/v1/oauth/home/proxy/me', 'oauth_path_not_allowed'],
    ['GET', '/api/v1/oauth/home/proxy/notes/..%2fsettings', 'oauth_path_not_allowed'],
    ['GET', '/api/v1/oauth/home/proxy/notes/%252e%252e/settings', 'oauth_path_not_allowed'],
    ['GET', '/api/v1/oauth/google/proxy/me', 'oauth_provider_unknown'],
    ['GET', '/api/v1/devices', 'scope_missing'],
    ['GET', '/api/v1/oauth', 'scope_missing'],
  ] as const)
    assert.equal((await rig.call(method, path, { token })).body.code, code, `${method} ${path}`);
  assert.equal(oidc.calls.length, calls);
  assert.equal((await short(await rig.token('read'), { audience: 'oauth:home' })).error, 'invalid_scope');
  assert.equal((await short(device, { audience: 'oauth:nobody' })).error, 'invalid_target');
});

it('a provider that repeats the token, or sends people elsewhere, gives nothing away', async () => {
  const { access_token: token } = await short(await rig.token('oauth'), { audience: 'oauth:home' });
  oidc.answer = (_request, seen) => ({ status: 200, body: JSON.stringify({ echo: `Bearer ${seen}` }) });
  const echoed = await rig.call<{ echo: string }>('GET', '/api/v1/oauth/home/proxy/me', { token });
  assert.equal(echoed.body.echo, 'Bearer [redacted]');
  oidc.answer = null;
});

it('an account that was withdrawn at the provider is told as expired, not as a wrong token of the device', async () => {
  const { access_token: token } = await short(await rig.token('oauth'), { audience: 'oauth:home' });
  oidc.withdraw();
  const refused = await rig.call('GET', '/api/v1/oauth/home/proxy/me', { token });
  assert.deepEqual([refused.status, refused.body.code], [409, 'oauth_expired']);
  const { body } = await rig.call<{ connection: OauthConnection }>('GET', '/api/v1/oauth/home');
  assert.deepEqual([body.connection.status, body.connection.error], ['expired', 'token_expired']);
  const gone = await rig.call('DELETE', '/api/v1/oauth/home');
  assert.equal(gone.status, 200);
});

it('no token of a provider or a device stands in any log, event, error or audit', async () => {
  const secrets = [...oidc.given, oidc.clientSecret, rig.admin];
  assert.ok(oidc.given.size >= 2);
  const events = await rig.control.events.read({ afterSeq: 0, limit: 500 });
  const config = await rig.call('GET', '/api/v1/config');
  const audit = await rig.call('GET', '/api/v1/audit');
  const outputs = [
    lines.join('\n'),
    JSON.stringify(events),
    JSON.stringify(config.body),
    JSON.stringify(audit.body),
  ];
  assert.ok(
    lines.some((line) => line.includes('oauth.proxy')),
    'the audit was listened to',
  );
  for (const secret of secrets) for (const output of outputs) assert.ok(!output.includes(secret));
  for (const output of outputs) assert.doesNotMatch(output, /vg[lt]_[0-9A-Za-z]{8,}_[0-9A-Za-z]{20,}/);
});
