import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import { type ErrorEnvelope, FaultKind, faultStatus } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { fault, ok, raise } from '../../kernel/fault.ts';
import { newId } from '../../kernel/ids.ts';
import { silentLog } from '../../kernel/log.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { createHttpServer, type HttpServer } from './http-server.ts';
import type { AuditEntry } from './serve-route.ts';

const common = { tag: 't', scope: 'public', audit: 'none', tier: 'light', faults: [] } as const;

describe('routes as data', () => {
  let http: HttpServer;
  let url = '';
  const audited: AuditEntry[] = [];
  const logged: object[] = [];
  const entered = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();

  const get = (path: string, success: z.ZodType, handle: Route['handle']): Route =>
    defineRoute({ ...common, method: 'GET', path, operationId: path, summary: path, success, handle });
  const routes: Route[] = [
    get('/fault', z.unknown(), async () => undefined),
    ...FaultKind.options.map((kind) =>
      get(`/fault/${kind}`, z.unknown(), async () =>
        raise(fault(kind, `code_${kind}`, `It is ${kind}.`, { details: { kind }, retryAfterMs: 1500 })),
      ),
    ),
    get('/crash', z.unknown(), async () => {
      throw new Error('the password is hunter2');
    }),
    get('/lie', z.object({ count: z.number() }), async () => ({ count: 'three' })),
    get('/narrow', z.object({ count: z.number() }), async () => ({ count: 3, secret: 'x' })),
    get('/slow', z.unknown(), () => new Promise(() => undefined)),
    get('/patient', z.unknown(), ({ signal }) => {
      entered.resolve();
      return once(signal, 'abort').then(() => aborted.resolve());
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/things/:id',
      operationId: 'changeThing',
      summary: 'Change a thing',
      audit: 'thing.change',
      params: z.object({ id: z.string() }),
      body: z.object({ fail: z.boolean().default(false) }).default({ fail: false }),
      success: z.object({ id: z.string() }),
      successStatus: 201,
      handle: async ({ params, body }) =>
        body.fail ? raise(fault('conflict', 'busy', 'Busy.')) : { id: params.id },
    }),
  ];

  before(async () => {
    http = await createHttpServer({
      routes,
      guards: {
        authenticate: async () => ok({ kind: 'device', deviceId: 'd', name: 'd', scopes: ['admin'] }),
        limit: (_identity, _address, tier) => ({
          allowed: true,
          tier,
          limit: 1,
          remaining: 1,
          resetMs: 0,
          retryAfterMs: 0,
        }),
      },
      log: { ...silentLog, error: (fields) => void logged.push(fields) },
      clock: systemClock,
      newId,
      version: '1.2.3',
      allowedOrigins: () => [],
      audit: (entry) => void audited.push(entry),
      timeoutMs: 200,
    });
    url = `http://127.0.0.1:${(await http.listen('127.0.0.1', 0)).port}`;
  });
  after(() => http.close(0));

  const read = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(url + path, init);
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as ErrorEnvelope,
    };
  };

  it('answers HEAD as it answers GET, without the body', async () => {
    const whole = await fetch(`${url}/narrow`);
    const body = await whole.text();
    const head = await fetch(`${url}/narrow`, { method: 'HEAD' });
    assert.deepEqual([head.status, await head.text()], [200, '']);
    assert.equal(Number(head.headers.get('content-length')), body.length);
    assert.equal((await fetch(`${url}/things/7`, { method: 'HEAD' })).status, 405);
    assert.equal((await fetch(`${url}/nowhere.txt`, { method: 'HEAD' })).status, 404);
  });

  it('answers each kind of fault with its status and the one envelope', async () => {
    for (const kind of FaultKind.options) {
      const { status, headers, body } = await read(`/fault/${kind}`);
      assert.equal(status, faultStatus[kind]);
      assert.deepEqual(Object.keys(body), ['success', 'error', 'code', 'details', 'timestamp']);
      assert.equal(body.code, `code_${kind}`);
      assert.equal(headers.get('retry-after'), '2');
    }
  });

  it('keeps the text of a crash to the log', async () => {
    const { status, body } = await read('/crash');
    assert.equal(status, 500);
    assert.equal(body.code, 'internal_error');
    assert.doesNotMatch(JSON.stringify(body), /hunter2/);
    assert.match((logged.at(-1) as { err: Error }).err.message, /hunter2/);
  });

  it('sends only what the schema of the answer names, and nothing that contradicts it', async () => {
    assert.equal((await read('/lie')).status, 500);
    assert.deepEqual((await read('/narrow')).body, { count: 3 });
  });

  it('gives up on a handler that takes too long', async () => {
    const { status, body } = await read('/slow');
    assert.equal(status, 504);
    assert.equal(body.code, 'request_timeout');
  });

  it('aborts the handler when the client goes away', async () => {
    const leave = new AbortController();
    const asked = fetch(`${url}/patient`, { signal: leave.signal }).catch(() => undefined);
    await entered.promise;
    leave.abort();
    await Promise.all([asked, aborted.promise]);
  });

  it('writes audited calls down, whatever came of them', async () => {
    const headers = { 'content-type': 'application/json' };
    const done = await read('/things/a', { method: 'POST', headers, body: '' });
    assert.equal(done.status, 201);
    assert.equal((await read('/things/b', { method: 'POST', headers, body: '{"fail":true}' })).status, 409);
    assert.deepEqual(
      audited.map(({ verb, target, result, actor }) => [verb, target, result, actor]),
      [
        ['thing.change', 'a', 'ok', 'anonymous'],
        ['thing.change', 'b', 'busy', 'anonymous'],
      ],
    );
  });

  it('refuses a public route under /api when it is built', async () => {
    const open = get('/api/open', z.unknown(), async () => undefined);
    await assert.rejects(
      createHttpServer({
        routes: [open],
        guards: {
          authenticate: async () => raise(fault('internal', 'x', 'x')),
          limit: () => raise(fault('internal', 'x', 'x')),
        },
        log: silentLog,
        clock: systemClock,
        newId,
        version: '1',
        allowedOrigins: () => [],
      }),
      /public under \/api/,
    );
  });
});
