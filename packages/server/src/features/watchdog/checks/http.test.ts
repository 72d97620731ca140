import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../../../kernel/clock.ts';
import { makeAuthority } from '../testing/certificates.ts';
import { failedLook } from './failed-look.ts';
import { closeHttp, look, probe, reasonOf, tempFolder } from '../testing/check-rig.ts';

const folder = tempFolder();
const authority = makeAuthority(folder);
const dayMs = 86_400_000;
const connections = new Set<Socket>();
let opened = 0;
let url = '';
let tlsUrl = '';
const seen: { method: string; headers: IncomingMessage['headers']; body: string }[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.on('data', (piece: Buffer) => (body += piece.toString()));
  request.on('end', () => {
    seen.push({ method: request.method ?? '', headers: request.headers, body });
    const path = request.url ?? '';
    if (path === '/hang') return;
    if (path === '/503') response.statusCode = 503;
    if (path === '/away') {
      response.statusCode = 302;
      response.setHeader('location', '/state');
    }
    if (path === '/state') {
      response.end(
        JSON.stringify({ state: 'ready', queue: { depth: 12 }, jobs: [{ ok: true }, { ok: false }] }),
      );
    } else if (path === '/huge') response.end('x'.repeat(3 << 20));
    else if (path === '/echo') response.end(JSON.stringify({ said: request.headers['x-key'] }));
    else response.end('all systems go');
  });
}

const server = createServer(answer);
const tls = createTlsServer(authority.issue('localhost', 20), answer);

before(async () => {
  server.on('connection', (socket) => {
    opened += 1;
    connections.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => tls.listen(0, 'localhost', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  tlsUrl = `https://localhost:${(tls.address() as AddressInfo).port}`;
});
after(async () => {
  closeHttp();
  for (const one of [server, tls]) {
    one.closeAllConnections();
    await new Promise((resolve) => one.close(resolve));
  }
});

const http = (path: string, more: object = {}) => ({ type: 'http', url: `${url}${path}`, ...more });

describe('an HTTP check', () => {
  it('takes any 2xx, or exactly the statuses that are accepted', async () => {
    assert.deepEqual((await look(http('/'))).facts, { status: 200 });
    assert.equal(reasonOf(await look(http('/503'))), 'HTTP 503');
    assert.ok((await look(http('/503', { status: [503] }))).ok);
    assert.equal(reasonOf(await look(http('/', { status: [204] }))), 'HTTP 200');
  });

  it('looks for text and for a pattern, and says what it missed', async () => {
    assert.ok(
      (await look(http('/', { contains: 'systems go', matches: '^all \\w+ go$', lacks: 'error' }))).ok,
    );
    assert.match(reasonOf(await look(http('/', { contains: 'ready' }))), /does not contain “ready”/);
    assert.match(reasonOf(await look(http('/', { lacks: 'systems' }))), /contains “systems”/);
    assert.match(reasonOf(await look(http('/', { matches: '^go' }))), /does not match/);
    assert.match(reasonOf(await look(http('/', { matches: '(?=x)' }))), /not a regular expression/);
  });

  it('asks JSON for what has to hold in it and shows what it found', async () => {
    const json = [
      { path: 'state', value: 'ready' },
      { path: 'queue.depth', is: 'at_most', value: 12 },
    ];
    const good = await look(http('/state', { json }));
    assert.deepEqual([good.ok, good.facts], [true, { status: 200, state: 'ready', 'queue.depth': 12 }]);
    const all = await look(http('/state', { json: [{ path: 'jobs[*].ok', value: true }] }));
    assert.equal(reasonOf(all), 'jobs[*].ok is not true (it is false)');
    const none = await look(http('/state', { json: [{ path: 'nothing', is: 'not_equals', value: 1 }] }));
    assert.equal(reasonOf(none), 'nothing is missing');
    assert.equal(reasonOf(await look(http('/', { json }))), 'the answer is not JSON');
  });

  it('sends method, headers and body with secrets filled in, and never shows one that comes back', async () => {
    const resolve = (text: string) => text.replace('${secret:key}', 'top-secret-value');
    const config = http('/echo', {
      method: 'POST',
      body: '{"ask":1}',
      headers: { 'X-Key': 'Token ${secret:key}' },
      json: [{ path: 'said', value: 'else' }],
    });
    const found = await look(config, { resolve });
    assert.deepEqual(
      [seen.at(-1)?.method, seen.at(-1)?.headers['x-key'], seen.at(-1)?.body],
      ['POST', 'Token top-secret-value', '{"ask":1}'],
    );
    assert.ok(!JSON.stringify(found).includes('top-secret'), JSON.stringify(found));
    assert.match(reasonOf(found), /redacted/);
  });

  it('reads no more than a megabyte of an endless answer', async () => {
    assert.match(reasonOf(await look(http('/huge', { contains: 'y' }))), /in its first megabyte/);
  });

  it('follows redirects only when it may', async () => {
    assert.equal(reasonOf(await look(http('/away'))), 'HTTP 302');
    const followed = await look(http('/away', { redirects: 2, json: [{ path: 'state', value: 'ready' }] }));
    assert.ok(followed.ok);
  });

  it('tells a late answer from none', async () => {
    const late = await look(http('/hang', { timeout_s: 0.1 }));
    assert.deepEqual([late.ok, !late.ok && late.timedOut], [false, true]);
    const start = systemClock.monotonic();
    let at = start;
    const clock = { ...systemClock, monotonic: () => (at += 80) };
    assert.match(
      reasonOf(await look(http('/', { max_latency_ms: 50 }), { clock })),
      /it took \d+ ms, more than 50/,
    );
  });

  it('uses one connection for look after look, also when answers fail', async () => {
    const one = probe(http('/503'));
    await one.look(null);
    const before = opened;
    for (let i = 0; i < 5; i += 1) await one.look(null);
    assert.equal(opened, before);
  });

  it('asks again when a kept connection turns out to be dead', async () => {
    const one = probe(http('/'));
    assert.ok((await one.look(null)).ok);
    for (const socket of connections) socket.destroy();
    assert.ok((await one.look(null)).ok);
  });

  it('knows how long a certificate lasts, and fails in time', async () => {
    const config = { type: 'http', url: tlsUrl, ca_file: authority.ca };
    const found = await look(config);
    assert.ok(found.ok, JSON.stringify(found));
    const days = Number(found.facts?.['certificate_days_left']);
    assert.ok(days > 18.5 && days <= 20, String(days));
    assert.equal(found.facts?.['certificate_issuer'], 'Test CA');
    assert.match(reasonOf(await look({ ...config, certificate_days: 25 })), /expires in 19\.\d days/);
    const later = { ...systemClock, now: () => Date.now() + 30 * dayMs };
    assert.match(reasonOf(await look(config, { clock: later })), /certificate expired 10/);
    const unknown = reasonOf(await look({ type: 'http', url: tlsUrl }));
    assert.match(unknown, /UNABLE_TO_VERIFY|unable to verify|self-signed/i);
    assert.ok((await look({ type: 'http', url: tlsUrl, verify_certificate: false })).ok);
  });

  it('trusts whom a file of authorities names now, not when it was first read', async () => {
    const file = join(folder, 'trusted.pem');
    mkdirSync(join(folder, 'other'));
    writeFileSync(file, readFileSync(makeAuthority(join(folder, 'other')).ca));
    const one = probe({ type: 'http', url: tlsUrl, ca_file: file });
    assert.match(reasonOf(await one.look(null)), /UNABLE_TO_VERIFY|unable to verify|self-signed/i);
    writeFileSync(file, readFileSync(authority.ca));
    assert.ok((await one.look(null)).ok);
    writeFileSync(file, '');
    assert.match(reasonOf(await one.look(null)), /UNABLE_TO_VERIFY|unable to verify|self-signed/i);
    rmSync(file);
    const gone = await one.look(null);
    assert.equal(reasonOf(gone), `the authorities in ${file} cannot be read: ENOENT`);
    assert.equal(!gone.ok && gone.ours, true);
  });

  it('blames a refused connection on the target and a lack of descriptors on us', async () => {
    const refused = await look({ type: 'http', url: 'http://127.0.0.1:1/' });
    assert.match(reasonOf(refused), /ECONNREFUSED/);
    assert.equal(!refused.ok && refused.ours, false);
    const { signal } = new AbortController();
    for (const code of ['EMFILE', 'EAI_AGAIN', 'ENETUNREACH'])
      assert.equal(failedLook(Object.assign(new Error('x'), { code }), signal).ours, true);
  });
});
