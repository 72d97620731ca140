import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Scope, type Identity } from '@vigiles/contract';
import { shortGrant } from './short-scopes.ts';

const device = (...scopes: Scope[]): Identity => ({ kind: 'device', deviceId: 'd', name: 'd', scopes });
const ask = (identity: Identity, audience: string | undefined, ...scopes: string[]) =>
  shortGrant(identity, { audience, scopes }, Scope.options, ['google']);

it('a short token has what was asked for and the device has, and nothing else', () => {
  assert.deepEqual(ask(device('read', 'operate'), undefined, 'read'), {
    ok: true,
    audience: 'vigiles',
    scopes: ['read'],
  });
  for (const [identity, scope] of [
    [device('read'), 'operate'],
    [device('read'), 'nonsense'],
    [device('admin'), 'admin'],
    [device('admin'), 'devices'],
    [device('admin'), 'config'],
  ] as const) {
    const given = ask(identity, undefined, scope);
    assert.equal(given.ok, false);
    assert.equal(!given.ok && given.code, 'invalid_scope', scope);
  }
});

it('an administrator’s short token cannot make a longer one', () => {
  const given = ask(device('admin'), 'vigiles');
  assert.ok(given.ok);
  assert.ok(given.scopes.includes('read'));
  for (const scope of ['admin', 'devices', 'config'] as const) assert.ok(!given.scopes.includes(scope));
});

it('a token for a provider opens that provider and nothing else', () => {
  assert.deepEqual(ask(device('read', 'oauth'), 'oauth:google'), {
    ok: true,
    audience: 'oauth:google',
    scopes: ['oauth'],
  });
  const refusals = [
    [ask(device('read'), 'oauth:google'), 'invalid_scope'],
    [ask(device('read', 'oauth'), 'oauth:google', 'read'), 'invalid_scope'],
    [ask(device('read', 'oauth'), 'oauth:other'), 'invalid_target'],
    [ask(device('read'), 'https://elsewhere.example'), 'invalid_target'],
    [ask(device('oauth'), 'vigiles'), 'invalid_scope'],
  ] as const;
  for (const [given, code] of refusals) assert.equal(!given.ok && given.code, code);
});
