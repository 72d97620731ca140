import assert from 'node:assert/strict';
import { it } from 'node:test';
import { oauthPresets } from '@vigiles/contract';
import { accountName, presetOf, presets } from './presets.ts';
import { passedAddress } from './proxy-path.ts';
import { hiddenError, shownCode } from './token-error.ts';

const allow = [
  { methods: ['GET'], path: '/gmail/v1/users/me/messages' },
  { methods: ['GET', 'POST'], path: '/calendar/' },
];
const passed = (method: string, path: string) =>
  passedAddress('https://api.example/base', allow, method, path, []);

it('a call is passed on below the allowed paths, by the allowed methods', () => {
  assert.equal(
    passedAddress('https://api.example/base', allow, 'GET', '/gmail/v1/users/me/messages/18f', [
      ['format', 'full text'],
      ['a', '1'],
      ['a', '2'],
    ]),
    'https://api.example/base/gmail/v1/users/me/messages/18f?format=full+text&a=1&a=2',
  );
  assert.equal(passed('POST', '/calendar/v3/events'), 'https://api.example/base/calendar/v3/events');
  assert.equal(passed('GET', '/calendar/a b@c'), 'https://api.example/base/calendar/a%20b%40c');
});

it('nothing beside the allowed paths is reached, however it is written', () => {
  const hostile = [
    ['POST', '/gmail/v1/users/me/messages'],
    ['GET', '/gmail/v1/users/me/messagesX'],
    ['GET', '/gmail/v1/users/me/settings'],
    ['GET', '/gmail/v1/users/me/messages/../settings'],
    ['GET', '/calendar/./../gmail'],
    ['GET', '/calendar/..'],
    ['GET', '/calendar//evil.example/x'],
    ['GET', '/calendar/%2e%2e/settings'],
    ['GET', '/calendar\\..\\settings'],
    ['GET', '/calendar/\u0000'],
    ['GET', '/calendar/a\r\nhost: b'],
    ['GET', 'calendar/x'],
    ['GET', '//evil.example/calendar/'],
    ['GET', '@evil.example/calendar/'],
    ['DELETE', '/calendar/v3'],
  ] as const;
  for (const [method, path] of hostile) assert.equal(passed(method, path), null, `${method} ${path}`);
});

it('every provider of the configuration has its addresses', () => {
  assert.deepEqual(Object.keys(presets).toSorted(), [...oauthPresets].toSorted());
  for (const [name, preset] of Object.entries(presets)) {
    assert.ok(preset.issuer ?? (preset.authorizationUrl && preset.tokenUrl), name);
    for (const url of [preset.issuer, preset.tokenUrl, preset.apiUrl])
      assert.match(url ?? 'https://', /^https:/);
    assert.equal(preset.revocation === 'none', !preset.revocationUrl && !preset.issuer, `${name} revokes`);
  }
  assert.deepEqual(presetOf('custom', 'mine').scopes, []);
});

it('errors behind status 200 are found, and a spent grant is one grant, whatever it is called', () => {
  assert.deepEqual(hiddenError({ error: 'bad_refresh_token' }), { error: 'invalid_grant' });
  assert.deepEqual(hiddenError({ ok: false, error: 'invalid_refresh_token' }), { error: 'invalid_grant' });
  assert.deepEqual(hiddenError({ ok: false, error: 'ratelimited' }), { error: 'ratelimited' });
  for (const fine of [{ access_token: 'a' }, { access_token: 'a', error: 'x' }, null, 'error', ['error']])
    assert.equal(hiddenError(fine), null);
  assert.equal(shownCode('invalid_client'), 'invalid_client');
  assert.equal(shownCode('gho_SECRETTOKEN'), 'unknown_error');
});

it('an account is called by the first name that is known', () => {
  assert.equal(accountName(['email', 'sub'], {}, { sub: '1', email: 'a@b.c' }), 'a@b.c');
  assert.equal(accountName(['team.name'], { team: { name: 'Crew\u0007' } }), 'Crew');
  assert.equal(accountName(['id'], { id: 7 }), '7');
  assert.equal(accountName(['constructor', 'a.b'], { a: null }), null);
});
