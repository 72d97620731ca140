import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { io } from 'socket.io-client';
import type { ErrorEnvelope, IssuedToken, Pairing } from '@vigiles/contract';
import { startTestControl, type TestControl } from '../testing/test-control.ts';

describe('a browser', () => {
  let test: TestControl;
  let cookie = '';
  before(async () => {
    test = await startTestControl({
      yaml: 'server:\n  allowed_origins: ["https://desk.example"]\n',
    });
  });
  after(() => test.close());

  const asBrowser = <T = ErrorEnvelope>(method: string, path: string, origin?: string, body?: unknown) =>
    test.call<T>(method, path, {
      token: null,
      body,
      headers: { cookie: `theme=dark; ${cookie}`, ...(origin === undefined ? {} : { origin }) },
    });

  it('signs in by a link that works once, and gets a cookie that no script and no other site can use', async () => {
    const link = new URL(await test.control.signInLink());
    assert.equal(`${link.origin}${link.pathname}`, `${test.url}/sign-in`);
    assert.equal(link.search, '', 'the code is in the fragment, which is not sent and not logged');
    const body = { code: link.hash.replace('#code=', '') };
    const answer = await test.call('POST', '/auth/sign-in', {
      token: null,
      body,
      headers: { origin: test.url },
    });
    assert.equal(answer.status, 200);
    const set = answer.headers.get('set-cookie') ?? '';
    assert.match(set, /^vigiles_session=vgs_\w+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/);
    cookie = set.split(';')[0] ?? '';
    const again = await test.call('POST', '/auth/sign-in', { token: null, body });
    assert.equal(again.status, 400);
    assert.equal(again.body.code, 'sign_in_code_invalid');
  });

  it('reads with its cookie, and is listed as a device', async () => {
    const me = await asBrowser<{ kind: string; device_id: string }>('GET', '/api/v1/me');
    assert.equal(me.status, 200);
    assert.equal(me.body.kind, 'browser');
    const { body } = await asBrowser<{ devices: { id: string; kind: string }[]; count: number }>(
      'GET',
      '/api/v1/devices',
    );
    assert.equal(body.devices.find(({ id }) => id === me.body.device_id)?.kind, 'browser');
    assert.equal(body.count, body.devices.length);
  });

  it('changes something only from our own page or a configured one', async () => {
    const path = '/api/v1/devices/pairings';
    for (const origin of ['https://evil.example', 'null', `${test.url}.evil.example`, undefined]) {
      const refused = await asBrowser('POST', path, origin, {});
      assert.equal(refused.status, 403, String(origin));
      assert.equal(refused.body.code, 'origin_not_allowed');
    }
    for (const origin of [test.url, 'https://desk.example']) {
      assert.equal((await asBrowser('POST', path, origin, {})).status, 201, origin);
    }
    const device = await test.call('POST', path, { body: {}, headers: { origin: 'https://evil.example' } });
    assert.equal(device.status, 201, 'a token is not sent by itself, so its origin does not matter');
  });

  it('gets CORS headers only for a configured origin', async () => {
    const allowed = await test.call('OPTIONS', '/api/v1/status', {
      token: null,
      headers: { origin: 'https://desk.example' },
    });
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://desk.example');
    const foreign = await test.call('OPTIONS', '/api/v1/status', {
      token: null,
      headers: { origin: 'https://evil.example' },
    });
    assert.equal(foreign.status, 401);
    assert.equal(foreign.headers.get('access-control-allow-origin'), null);
  });

  it('follows events with its cookie, and only from our own page', async () => {
    const open = (origin: string) =>
      new Promise<string>((resolve) => {
        const socket = io(test.url, {
          transports: ['websocket'],
          reconnection: false,
          forceNew: true,
          extraHeaders: { cookie, origin },
        });
        socket.once('connected', () => {
          socket.disconnect();
          resolve('connected');
        });
        socket.once('connect_error', () => resolve('refused'));
      });
    assert.equal(await open(test.url), 'connected');
    assert.equal(await open('https://evil.example'), 'refused');
  });

  it('signs out: the cookie is worth nothing afterwards', async () => {
    const out = await asBrowser('POST', '/auth/sign-out', test.url);
    assert.equal(out.status, 200);
    assert.match(out.headers.get('set-cookie') ?? '', /^vigiles_session=; .*Max-Age=0$/);
    const after = await asBrowser('GET', '/api/v1/me');
    assert.equal(after.status, 401);
    assert.equal(after.body.code, 'session_invalid');
  });
});

describe('pairing over HTTP', () => {
  let test: TestControl;
  before(async () => {
    test = await startTestControl();
  });
  after(() => test.close());

  const pair = <T = ErrorEnvelope>(code: string, name?: string) =>
    test.call<T>('POST', '/auth/pair', {
      token: null,
      body: { code, ...(name === undefined ? {} : { name }) },
    });

  it('gives nobody more than the one who invites has', async () => {
    const token = await test.token('devices', 'read');
    const refused = await test.call('POST', '/api/v1/devices/pairings', {
      token,
      body: { scopes: ['read', 'admin'] },
    });
    assert.equal(refused.status, 403);
    assert.deepEqual(refused.body.details, { lacking: ['admin'] });
  });

  it('throttles guesses, right ones too, and a success does not clear the count', async () => {
    const body = { name: 'Phone', scopes: ['read'] };
    const invite = async () =>
      (await test.call<Pairing>('POST', '/api/v1/devices/pairings', { body })).body.code;
    for (let i = 0; i < 8; i += 1) assert.equal((await pair('BBBB BBBB')).status, 400);
    const paired = await pair<IssuedToken>(await invite(), 'My phone');
    assert.equal(paired.status, 201);
    assert.equal(paired.body.device.name, 'My phone');
    assert.equal((await test.call('GET', '/api/v1/me', { token: paired.body.token })).status, 200);
    assert.equal((await pair('BBBB BBBB')).status, 400);
    const refused = await pair(await invite());
    assert.equal(refused.status, 429);
    assert.equal(refused.body.code, 'too_many_guesses');
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  });

  it('rotates and revokes over the API', async () => {
    const { device, token } = await test.control.devices.createDevice({ name: 'd', scopes: ['read'] });
    const rotated = await test.call<IssuedToken>('POST', `/api/v1/devices/${device.id}/rotate`);
    assert.equal(rotated.status, 200);
    assert.equal((await test.call('GET', '/api/v1/me', { token })).status, 401);
    assert.equal((await test.call('GET', '/api/v1/me', { token: rotated.body.token })).status, 200);
    assert.equal((await test.call('DELETE', `/api/v1/devices/${device.id}`)).status, 200);
    assert.equal((await test.call('GET', '/api/v1/me', { token: rotated.body.token })).status, 401);
    assert.equal((await test.call('DELETE', `/api/v1/devices/${device.id}`)).status, 404);
  });
});

describe('the dashboard', () => {
  const dashboard = mkdtempSync(join(tmpdir(), 'vigiles-dashboard-'));
  let built: TestControl;
  let unbuilt: TestControl;
  before(async () => {
    mkdirSync(join(dashboard, 'assets'));
    writeFileSync(join(dashboard, 'index.html'), '<!doctype html><title>Built</title>');
    writeFileSync(join(dashboard, 'assets', 'app-1a2b3c.js'), 'export {};');
    writeFileSync(join(dashboard, 'favicon.svg'), '<svg/>');
    built = await startTestControl({ dashboard });
    unbuilt = await startTestControl();
  });
  after(async () => {
    await Promise.all([built.close(), unbuilt.close()]);
    rmSync(dashboard, { recursive: true, force: true });
  });

  it('is served from its build: hashed assets for ever, pages fresh, its own addresses as index.html', async () => {
    const asset = await built.call<string>('GET', '/assets/app-1a2b3c.js', { token: null });
    assert.equal(asset.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.match(asset.headers.get('content-type') ?? '', /javascript/);
    for (const path of ['/', '/fleet', '/incidents/inc_1', '/sign-in']) {
      const page = await built.call<string>('GET', path, { token: null });
      assert.equal(page.status, 200, path);
      assert.match(page.body, /Built/);
      assert.equal(page.headers.get('cache-control'), 'no-cache');
    }
    assert.equal((await built.call('GET', '/assets/gone-1.js', { token: null })).status, 404);
    for (const path of ['/v1/responses', '/auth/nope', '/health/x', '/ws']) {
      assert.equal((await built.call('GET', path, { token: null })).status, 404, path);
    }
    assert.equal((await built.call('POST', '/fleet', { token: null })).status, 404);
  });

  it('gives nothing out from beside its build', async () => {
    for (const path of [
      '/..%2f..%2fetc%2fpasswd',
      '/assets/..%2f..%2f..%2fetc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
    ]) {
      const answer = await built.call<string | ErrorEnvelope>('GET', path, { token: null });
      assert.doesNotMatch(JSON.stringify(answer.body), /root:/, path);
    }
  });

  it('says what to do while it is not built', async () => {
    const page = await unbuilt.call<string>('GET', '/', { token: null });
    assert.equal(page.status, 200);
    assert.match(page.body, /npm run build/);
  });
});
