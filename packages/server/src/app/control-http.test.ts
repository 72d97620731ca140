import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { ErrorEnvelope } from '@vigiles/contract';
import { startTestControl, type TestControl } from '../testing/test-control.ts';
import { controlOpenApi } from './openapi.ts';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; security: unknown[] }>>;
}

describe('control over HTTP', () => {
  let test: TestControl;
  before(async () => {
    test = await startTestControl();
  });
  after(() => test.close());

  const isEnvelope = (body: ErrorEnvelope, code: string) => {
    assert.equal(body.success, false);
    assert.equal(body.code, code);
    assert.ok(body.error.length > 0);
    assert.equal(new Date(body.timestamp).toISOString(), body.timestamp);
  };

  it('answers 401 on every /api route of its OpenAPI document without a token', async () => {
    const { body: document } = await test.call<Document>('GET', '/openapi.json', { token: null });
    assert.equal(document.openapi, '3.1.0');
    let walked = 0;
    for (const [path, operations] of Object.entries(document.paths)) {
      if (!path.startsWith('/api')) continue;
      for (const method of Object.keys(operations)) {
        const answer = await test.call(method.toUpperCase(), path.replace(/\{\w+\}/g, 'x'), { token: null });
        assert.equal(answer.status, 401, `${method} ${path}`);
        isEnvelope(answer.body, 'token_required');
        walked += 1;
      }
    }
    assert.ok(walked > 12);
  });

  it('serves the document that the generator makes without a server', async () => {
    const { body: served } = await test.call<Document>('GET', '/openapi.json', { token: null });
    assert.deepEqual(JSON.parse(JSON.stringify(await controlOpenApi())), served);
  });

  it('tells a stranger nothing about unknown paths under /api, however they are written', async () => {
    for (const path of [
      '/api',
      '/api/',
      '/api/v1/nope',
      '/%61pi/v1/nope',
      '/%61pi/v1/status',
      '/api/v1/status/',
    ]) {
      assert.equal((await test.call('GET', path, { token: null })).status, 401, path);
      assert.equal((await test.call('POST', path, { token: null })).status, 401, path);
    }
    const known = await test.call('GET', '/api/v1/nope');
    assert.equal(known.status, 404);
    isEnvelope(known.body, 'route_not_found');
  });

  it('does not let the sent wrong token reach further than 401', async () => {
    for (const token of ['x', 'vgl_abcdefghijkl_short', `${test.admin.slice(0, -1)}_`]) {
      const answer = await test.call('GET', '/api/v1/status', { token });
      assert.equal(answer.status, 401);
      isEnvelope(answer.body, 'token_invalid');
    }
  });

  it('answers 403 with what is needed when the scope is missing', async () => {
    const answer = await test.call('POST', '/api/v1/devices/pairings', {
      token: await test.token('read'),
      body: {},
    });
    assert.equal(answer.status, 403);
    isEnvelope(answer.body, 'scope_missing');
    assert.deepEqual(answer.body.details, { needed: 'devices', granted: ['read'] });
  });

  it('answers 405 with what is allowed', async () => {
    const answer = await test.call('PUT', '/api/v1/devices/abc');
    assert.equal(answer.status, 405);
    isEnvelope(answer.body, 'method_not_allowed');
    assert.equal(answer.headers.get('allow'), 'DELETE');
  });

  it('lists every problem of a bad body with its path', async () => {
    const answer = await test.call('POST', '/api/v1/devices/pairings', {
      body: { name: '', scopes: ['read', 'everything'], extra: 1 },
    });
    assert.equal(answer.status, 400);
    isEnvelope(answer.body, 'invalid_request');
    const problems = answer.body.details?.['problems'] as { path: string }[];
    assert.deepEqual(
      problems.map(({ path }) => path),
      ['body.name', 'body.scopes[1]', 'body'],
    );
  });

  it('answers malformed, oversized and foreign bodies with the envelope', async () => {
    const path = '/api/v1/devices/pairings';
    const malformed = await test.call('POST', path, { body: '{"name":' });
    assert.equal(malformed.status, 400);
    isEnvelope(malformed.body, 'malformed_json');
    const large = await test.call('POST', path, { body: JSON.stringify({ name: 'x'.repeat(1_100_000) }) });
    assert.equal(large.status, 413);
    isEnvelope(large.body, 'body_too_large');
    const foreign = await test.call('POST', path, { body: 'a=b', headers: { 'content-type': 'text/plain' } });
    assert.equal(foreign.status, 415);
    isEnvelope(foreign.body, 'unsupported_media_type');
    const poisoned = await test.call('POST', path, { body: '{"__proto__":{"scopes":["admin"]}}' });
    assert.equal(poisoned.status, 400);
  });

  it('answers bytes that are no HTTP, and paths that are no URL, with the envelope', async () => {
    const { port } = test.control.address();
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('NOT HTTP\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    assert.match(said, /^HTTP\/1\.1 400 /);
    isEnvelope(JSON.parse(said.slice(said.indexOf('{'))) as ErrorEnvelope, 'bad_request');
    const odd = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const sent = request({ port, host: '127.0.0.1', path: '/health/%zz' }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      sent.on('error', reject).end();
    });
    assert.equal(odd.status, 400);
    isEnvelope(JSON.parse(odd.body) as ErrorEnvelope, 'bad_url');
  });

  it('sends security headers with everything', async () => {
    for (const path of ['/', '/health', '/api/v1/status', '/nope.js']) {
      const { headers } = await test.call('GET', path);
      assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.match(headers.get('x-request-id') ?? '', /^req_/);
    }
  });

  it('serves the API page from itself alone', async () => {
    const { body } = await test.call<string>('GET', '/docs', { token: null });
    assert.doesNotMatch(body, /https?:\/\//);
    const page = await test.call<string>('GET', '/docs/static/swagger-ui-bundle.js', { token: null });
    assert.equal(page.status, 200);
  });

  it('is healthy for anybody and gives metrics only to devices', async () => {
    const health = await test.call<{ status: string; connected_clients: number }>('GET', '/health', {
      token: null,
    });
    assert.equal(health.body.status, 'healthy');
    assert.equal(health.body.connected_clients, 0);
    assert.equal((await test.call('GET', '/metrics', { token: null })).status, 401);
    const metrics = await test.call<string>('GET', '/metrics');
    assert.match(metrics.body, /^vigiles_event_head_seq \d+$/m);
  });
});

it('says what stands in the way when its port is taken, and lets go of everything it had opened', async () => {
  const first = await startTestControl();
  const { port } = first.control.address();
  const inTheWay = await startTestControl({ port }).then(
    () => null,
    (thrown: Error) => thrown,
  );
  assert.equal((inTheWay?.cause as { code?: string } | undefined)?.code, 'EADDRINUSE');
  await first.close();
});

describe('rate limits', () => {
  let test: TestControl;
  before(async () => {
    test = await startTestControl({ yaml: 'limits:\n  standard:\n    per_minute: 3\n' });
  });
  after(() => test.close());

  it('are told in headers, end in 429 with Retry-After, and count each device apart', async () => {
    const [one, two] = [await test.token('read'), await test.token('read')];
    const remaining: (string | null)[] = [];
    for (let i = 0; i < 3; i += 1) {
      const { status, headers } = await test.call('GET', '/api/v1/devices', { token: one });
      assert.equal(status, 200);
      assert.equal(headers.get('x-ratelimit-limit'), '3');
      remaining.push(headers.get('ratelimit-remaining'));
    }
    assert.deepEqual(remaining, ['2', '1', '0']);
    const refused = await test.call('GET', '/api/v1/devices', { token: one });
    assert.equal(refused.status, 429);
    assert.equal(refused.body.code, 'rate_limited');
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal((await test.call('GET', '/api/v1/devices', { token: two })).status, 200);
  });

  it('count strangers by the address of their connection, whatever X-Forwarded-For says', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const headers = {
        'x-forwarded-for': `203.0.113.${i}`,
        'x-real-ip': `203.0.113.${i}`,
        forwarded: `for=203.0.113.${i}`,
      };
      const answer = await test.call('POST', '/auth/pair', {
        token: null,
        body: { code: 'BBBB BBBB' },
        headers,
      });
      statuses.push(answer.status);
    }
    assert.deepEqual(statuses, [400, 400, 400, 429]);
  });

  it('shut an address out that keeps showing wrong tokens, and still let right ones in', async () => {
    let last = 0;
    for (let i = 0; i < 32; i += 1)
      last = (await test.call('GET', '/api/v1/me', { token: `vgl_wrong${i}` })).status;
    assert.equal(last, 429);
    assert.equal((await test.call('GET', '/api/v1/me')).status, 200);
  });
});
