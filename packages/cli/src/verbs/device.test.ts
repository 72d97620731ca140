import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Device, DeviceAuthorization, OauthConnection } from '@vigiles/contract';
import { startTestControl } from '../../../server/src/testing/test-control.ts';
import { createApi } from '../client/api.ts';
import { readRemote } from '../client/remote-file.ts';
import { pointAt, runHere } from '../testing/run-here.ts';
import { until } from '../testing/vigiles.ts';

const control = await startTestControl();
const { url, admin } = control;
const [home, away] = ['here', 'away'].map((name) => mkdtempSync(join(tmpdir(), `vigiles-${name}-`))) as [
  string,
  string,
];
pointAt(home, url, admin);
const api = createApi(url, admin, home);
const here = (...words: string[]) => runHere(...words, '--home', home);
after(async () => {
  await control.close();
  for (const folder of [home, away]) rmSync(folder, { recursive: true, force: true });
});

/** What a person reads on the screen of the program that asks. */
async function codeOn(signingIn: ReturnType<typeof runHere>): Promise<string> {
  const found = () => /\b([2-9B-Z]{4}-[2-9B-Z]{4})\b/.exec(signingIn.shown().stderr)?.[1];
  await until('the code is shown', () => found() !== undefined);
  return found() ?? '';
}

test('a home without a Vigiles signs in to one elsewhere by a code, asks it, and signs out', async () => {
  const signingIn = runHere(
    'login',
    url,
    '--home',
    away,
    '--name',
    'Travelling laptop',
    '--scopes',
    'read,operate',
    '--json',
  );
  const waiting = async () =>
    (await api.get<{ authorizations: DeviceAuthorization[] }>('/api/v1/devices/authorizations'))
      .authorizations;
  await until('it asked to be let in', async () => (await waiting()).length === 1);
  const [asked] = await waiting();
  assert.deepEqual([asked?.client_name, asked?.scopes], ['Travelling laptop', ['read', 'operate']]);

  // The code is on the screen there and nowhere else; a person types it in here.
  const wrong = await here('devices', 'approve', 'BCDF-2345');
  assert.equal(wrong.code, 1);
  const code = await codeOn(signingIn);
  const approved = await here('devices', 'approve', code.toLowerCase(), '--scopes', 'read');
  assert.equal(approved.code, 0, approved.stderr);
  const { code: exit, stdout, stderr } = await signingIn;
  assert.equal(exit, 0, stderr);
  const { device_id: id, scopes } = JSON.parse(stdout) as { device_id: string; scopes: string[] };
  assert.deepEqual(scopes, ['read']);

  const remote = readRemote(away);
  assert.equal(remote?.deviceId, id);
  assert.equal(statSync(join(away, 'remote.json')).mode & 0o777, 0o600);
  for (const secret of [remote?.token ?? '', code.replace('-', '')])
    assert.ok(!(stdout + approved.stdout).includes(secret), 'a secret was printed');
  const listed = await runHere('devices', 'list', '--home', away, '--json');
  const { devices } = JSON.parse(listed.stdout) as { devices: Device[] };
  assert.ok(devices.some((device) => device.id === id && device.name === 'Travelling laptop'));

  const out = await runHere('logout', '--home', away);
  assert.equal(out.code, 0, out.stderr);
  assert.equal(readRemote(away), null);
  const left = (await api.get<{ devices: Device[] }>('/api/v1/devices')).devices;
  assert.ok(!left.some((device) => device.id === id), 'the device ended with it');
  assert.equal((await runHere('devices', '--home', away)).code, 3);
});

test('a program that is turned away is told so', async () => {
  const signingIn = runHere('login', url, '--home', away);
  const denied = await here('devices', 'approve', await codeOn(signingIn), '--deny');
  assert.equal(denied.code, 0, denied.stderr);
  const { code, stderr } = await signingIn;
  assert.equal(code, 5);
  assert.match(stderr, /denied/);
});

test('accounts at other services are listed, also those that are not set up', async () => {
  const { code, stdout } = await here('oauth', 'list', '--json');
  assert.equal(code, 0);
  const { connections } = JSON.parse(stdout) as { connections: OauthConnection[] };
  assert.ok(connections.some(({ provider, status }) => provider === 'google' && status === 'not_configured'));
  assert.match((await here('oauth')).stdout, /GitHub +not set up/);
  const none = await here('oauth', 'connect', 'nobody');
  assert.match(none.stderr, /no provider "nobody"/);
});

test('a token is rotated with an overlap, and a device is revoked', async () => {
  const paired = await here('devices', 'pair', 'phone', '--token', '--json');
  const { device, token } = JSON.parse(paired.stdout) as { device: Device; token: string };
  const rotated = await here('devices', 'rotate', device.id, '--overlap', '60', '--json');
  assert.equal(rotated.code, 0, rotated.stderr);
  assert.equal(await works(token), true);
  assert.equal((await here('devices', 'revoke', device.id)).code, 0);
  assert.equal(await works(token), false);

  async function works(shown: string): Promise<boolean> {
    return (await fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${shown}` } })).ok;
  }
});
