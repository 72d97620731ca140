import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import * as oauth from 'oauth4webapi';
import type { DeviceAuthorization, Device } from '@vigiles/contract';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';

let rig: TestControl;
before(async () => {
  rig = await startTestControl();
});
after(() => rig.close());

const insecure = { [oauth.allowInsecureRequests]: true };
const client: oauth.Client = { client_id: 'vigiles-cli' };
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

const discover = async (): Promise<oauth.AuthorizationServer> => {
  const issuer = new URL(rig.url);
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
  return oauth.processDiscoveryResponse(issuer, found);
};
const form = async (path: string, fields: Record<string, string> | string) => {
  const answer = await fetch(rig.url + path, { method: 'POST', body: new URLSearchParams(fields) });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, string>,
  };
};
const ask = (fields: Record<string, string> = {}) =>
  form('/oauth/device_authorization', { client_id: 'vigiles-cli', scope: 'read operate', ...fields });
const poll = (code: string) =>
  form('/oauth/token', { grant_type: deviceGrant, client_id: 'vigiles-cli', device_code: code });

it('an OAuth client of another hand is let in by the device flow and exchanges its token', async () => {
  const server = await discover();
  const asked = await oauth.processDeviceAuthorizationResponse(
    server,
    client,
    await oauth.deviceAuthorizationRequest(server, client, oauth.None(), { scope: 'read operate' }, insecure),
  );
  assert.equal(asked.verification_uri, `${rig.url}/pair`);
  assert.equal(asked.verification_uri_complete, `${rig.url}/pair?code=${asked.user_code}`);
  const { body: found } = await rig.call<{ authorization: DeviceAuthorization }>(
    'POST',
    '/api/v1/devices/authorizations/lookup',
    { body: { user_code: asked.user_code.toLowerCase() } },
  );
  assert.equal(found.authorization.client_name, 'vigiles-cli');
  const approved = await rig.call('POST', '/api/v1/devices/authorizations/approve', {
    body: { user_code: asked.user_code, scopes: ['read', 'gateway'], name: 'Laptop' },
  });
  assert.equal(approved.status, 200);
  const granted = await oauth.processDeviceCodeResponse(
    server,
    client,
    await oauth.deviceCodeGrantRequest(server, client, oauth.None(), asked.device_code, insecure),
  );
  assert.equal(granted.scope, 'read gateway');
  const token = granted.access_token;
  const me = await rig.call<{ name: string }>('GET', '/api/v1/me', { token });
  assert.equal(me.body.name, 'Laptop');

  const exchanged = await oauth.processGenericTokenEndpointResponse(
    server,
    client,
    await oauth.genericTokenEndpointRequest(
      server,
      client,
      oauth.None(),
      exchangeGrant,
      { subject_token: token, subject_token_type: accessToken, scope: 'read', lifetime: '60' },
      insecure,
    ),
  );
  assert.deepEqual([exchanged.scope, exchanged.expires_in], ['read', 60]);
  assert.equal(exchanged['issued_token_type'], accessToken);
  const short = exchanged.access_token;
  assert.equal((await rig.call('GET', '/api/v1/me', { token: short })).status, 200);
  assert.equal((await rig.call('POST', '/api/v1/devices/pairings', { token: short, body: {} })).status, 403);

  await oauth.processRevocationResponse(
    await oauth.revocationRequest(server, client, oauth.None(), token, insecure),
  );
  for (const ended of [token, short])
    assert.equal((await rig.call('GET', '/api/v1/me', { token: ended })).status, 401);
});

it('errors are those of RFC 6749 and 8628, and nothing of an answer is kept by a cache', async () => {
  const { body, headers } = await ask();
  assert.equal(headers.get('cache-control'), 'no-store');
  const pending = await poll(body['device_code'] ?? '');
  assert.deepEqual([pending.status, pending.body['error']], [400, 'authorization_pending']);
  assert.equal((await poll(body['device_code'] ?? '')).body['error'], 'slow_down');
  assert.equal((await poll('nonsense')).body['error'], 'invalid_grant');
  assert.equal(
    (await form('/oauth/token', { grant_type: 'password' })).body['error'],
    'unsupported_grant_type',
  );
  assert.equal((await form('/oauth/token', { client_id: 'a' })).body['error'], 'invalid_request');
  assert.equal((await ask({ scope: 'root' })).body['error'], 'invalid_scope');
  const twice = await form(
    '/oauth/token',
    `grant_type=${deviceGrant}&device_code=a&device_code=b&client_id=x`,
  );
  assert.equal(twice.body['error'], 'invalid_request');
  const wrong = await form('/oauth/token', {
    grant_type: exchangeGrant,
    subject_token: 'vgl_nothing',
    subject_token_type: accessToken,
  });
  assert.deepEqual([wrong.status, wrong.body['error']], [400, 'invalid_grant']);
});

it('an approver gives no more than he has, and nobody without the scope lets anyone in', async () => {
  const { body } = await ask();
  const user_code = body['user_code'] ?? '';
  const approve = (token: string, scopes: string[]) =>
    rig.call('POST', '/api/v1/devices/authorizations/approve', { token, body: { user_code, scopes } });
  const modest = await rig.token('devices', 'read');
  assert.equal((await approve(await rig.token('read', 'operate'), ['read'])).body.code, 'scope_missing');
  assert.equal((await approve(modest, ['read', 'operate'])).body.code, 'scope_escalation');
  assert.equal((await approve(modest, ['read'])).status, 200);
});

it('a page of another site can neither ask nor poll', async () => {
  const answer = await fetch(`${rig.url}/oauth/token`, {
    method: 'POST',
    headers: { origin: 'https://elsewhere.example' },
    body: new URLSearchParams({ grant_type: deviceGrant }),
  });
  assert.equal(answer.status, 403);
});

it('guesses at user codes run out, and a right one in between buys no more', async () => {
  const token = await rig.token('devices', 'read');
  const guess = (user_code: string) =>
    rig.call('POST', '/api/v1/devices/authorizations/lookup', { token, body: { user_code } });
  const { body } = await ask();
  for (let i = 0; i < 9; i += 1) assert.equal((await guess('BCDF-2345')).body.code, 'user_code_invalid');
  assert.equal((await guess(body['user_code'] ?? '')).status, 200);
  assert.equal((await guess(body['user_code'] ?? '')).body.code, 'too_many_guesses');
});

it('revoking a device cuts its live stream at once, also the one of its short token', async () => {
  const { body: made } = await rig.call<{ device: Device; token: string; code: string }>(
    'POST',
    '/api/v1/devices/pairings',
    { body: { name: 'phone', scopes: ['read'] } },
  );
  const { body: paired } = await rig.call<{ device: Device; token: string }>('POST', '/auth/pair', {
    token: null,
    body: { code: made.code },
  });
  const { body: short } = await form('/oauth/token', {
    grant_type: exchangeGrant,
    subject_token: paired.token,
    subject_token_type: accessToken,
  });
  const follow = async (token: string) => {
    const stream = await fetch(`${rig.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    });
    assert.equal(stream.status, 200);
    let ended = false;
    const reading = (async () => {
      try {
        for await (const _chunk of stream.body ?? []) if (ended) break;
      } catch {
        // Cut off: that is what is waited for.
      }
      ended = true;
    })();
    return { reading, ended: () => ended };
  };
  const streams = [await follow(paired.token), await follow(short['access_token'] ?? '')];
  assert.equal((await rig.call('DELETE', `/api/v1/devices/${paired.device.id}`)).status, 200);
  await until('both streams were cut', () => streams.every(({ ended }) => ended()));
  await Promise.all(streams.map(({ reading }) => reading));
});
