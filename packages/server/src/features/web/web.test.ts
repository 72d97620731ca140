import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createGzip, gzipSync } from 'node:zlib';
import {
  EgressConfig,
  WebConfig,
  WebFetchRequest,
  type ErrorEnvelope,
  type WebCache,
  type WebPage,
} from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { createEgress } from '../../platform/egress/index.ts';
import { startTestControl } from '../../testing/test-control.ts';
import { createWeb } from './index.ts';

/** How each path is answered, and what came in. */
const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
const seen: IncomingMessage[] = [];
const timers: NodeJS.Timeout[] = [];
const site = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
  seen.push(request);
  const answer = answers.get(request.url ?? '');
  if (answer) answer(request, response);
  else response.writeHead(404).end('nothing here');
});
await new Promise<void>((done) => void site.listen(0, '127.0.0.1', done));
const { port } = site.address() as AddressInfo;
const here = `http://127.0.0.1:${port}`;

const limits = 'limits: { heavy: { per_minute: 1000, per_hour: 1000, per_day: 1000, cooldown_s: 0 } }';
const home = await startTestControl({
  yaml: `egress: { allow_private_asked: ["127.0.0.1:${port}"], max_body_mb: 1 }\n${limits}`,
});
const strict = await startTestControl({ yaml: 'limits: { heavy: { per_minute: 2, cooldown_s: 0 } }' });
after(async () => {
  for (const timer of timers) clearInterval(timer);
  await Promise.all([home.close(), strict.close()]);
  site.closeAllConnections();
  await new Promise((done) => void site.close(done));
});

const serve = (path: string, headers: Record<string, string>, body: string | Buffer, status = 200): void =>
  void answers.set(path, (_request, response) => void response.writeHead(status, headers).end(body));
const redirect = (path: string, to: string): void => serve(path, { location: to }, '', 302);
const fetchPage = <T = WebPage>(url: unknown, options: object = {}) =>
  home.call<T>('POST', '/api/v1/web/fetch', { body: { url, options } });
const codeOf = async (url: string, options: object = {}): Promise<string> => {
  const { status, body } = await fetchPage<ErrorEnvelope>(url, options);
  return `${status} ${body.code}`;
};
const htmlType = { 'content-type': 'text/html; charset=utf-8' };

test('a missing, too long, foreign or password-bearing address is refused with what is wrong', async () => {
  for (const [url, why] of [
    [undefined, /missing/],
    ['', /missing/],
    [`http://a.example/${'x'.repeat(2048)}`, /2048/],
    ['ftp://a.example/', /http and https/],
    ['file:///etc/passwd', /http and https/],
    ['http://me:hunter22@a.example/', /password/],
    ['http://[nonsense/', /no valid address/],
  ] as const) {
    const { status, body } = await fetchPage<ErrorEnvelope>(url);
    assert.equal(status, 400, String(url));
    assert.equal(body.success, false);
    assert.match(body.error, why);
    assert.doesNotMatch(body.error, /hunter22/);
  }
});

test('a page full of scripts becomes clean markdown with its title, links and images', async () => {
  const paragraph = `<p>Words, and more words, so that this is an <b>article</b> which people read. ${'Really. '.repeat(30)}</p>`;
  serve(
    '/article/page',
    htmlType,
    `<!doctype html><html><head><title> The
      Title </title><script>evil()</script></head><body onload="evil()"><nav><a href="/nav">Navigation</a></nav>
    <article><h1>Heading</h1>${paragraph.repeat(4)}
    <p>A <a href="../other?a=1">relative link</a>, a <a href="javascript:evil()">trap</a> and
    &lt;script&gt;evil()&lt;/script&gt; as text. <img src="/cat.png" alt="A cat"><img src="data:image/png;base64,AA"></p>
    <script>evil()</script><iframe src="https://evil.example/"></iframe><style>p{}</style>
    <table><tr><th>Name</th><th>Size</th></tr><tr><td>a|b</td><td>1</td></tr></table>
    <pre><code class="language-js">if (a &lt; b) evil();</code></pre></article></body></html>`,
  );
  const { status, body } = await fetchPage(`${here}/article/page`, {
    format: 'markdown',
    include_links: true,
    include_images: true,
  });
  assert.equal(status, 200);
  assert.equal(body.success, true);
  assert.equal(body.title, 'The Title');
  assert.match(body.content, /\*\*article\*\*/);
  assert.match(body.content, new RegExp(`\\[relative link\\]\\(${here}/other\\?a=1\\)`));
  assert.match(body.content, /!\[A cat\]\(http:\/\/127\.0\.0\.1:\d+\/cat\.png\)/);
  assert.match(body.content, /\| Name \| Size \|\n\| --- \| --- \|\n\| a\\\|b \| 1 \|/);
  assert.match(body.content, /```js\nif \(a < b\) evil\(\);\n```/);
  assert.doesNotMatch(body.content, /javascript:|(?<!\\)<\w|iframe|data:|Navigation|\{\}/);
  assert.deepEqual(body.links, [
    { url: `${here}/nav`, text: 'Navigation' },
    { url: `${here}/other?a=1`, text: 'relative link' },
  ]);
  assert.deepEqual(body.images, [{ url: `${here}/cat.png`, text: 'A cat' }]);
  const text = await fetchPage(`${here}/article/page`);
  assert.match(text.body.content, /^Navigation\nHeading\nWords, and more words/);
  assert.doesNotMatch(text.body.content, /<b>|p\{\}/);
});

test('json is checked, html comes as it is, and what is no text is said to be none', async () => {
  serve('/json', { 'content-type': 'application/json' }, '{"a": [1]}');
  serve('/html', htmlType, '<title>t</title><b>x</b>');
  serve('/image', { 'content-type': 'image/png' }, Buffer.from([1, 2, 0]));
  assert.deepEqual(JSON.parse((await fetchPage(`${here}/json`, { format: 'json' })).body.content), {
    a: [1],
  });
  const html = (await fetchPage(`${here}/html`, { format: 'html' })).body;
  assert.deepEqual([html.content, html.title], ['<title>t</title><b>x</b>', 't']);
  assert.equal(await codeOf(`${here}/html`, { format: 'json' }), '502 web_not_json');
  assert.equal(await codeOf(`${here}/image`), '502 web_not_text');
  const { body } = await fetchPage(`${here}/not-there`);
  assert.deepEqual([body.success, body.status_code, body.error], [false, 404, 'The site answered 404.']);
});

test('a page is read in its own encoding, whoever names it and however wrongly', async () => {
  const latin = Buffer.from('<p>Gr\xfc\xdfe</p>', 'latin1');
  serve('/header', { 'content-type': 'text/html; charset="ISO-8859-1"' }, latin);
  serve(
    '/meta',
    { 'content-type': 'text/html' },
    Buffer.concat([Buffer.from('<!-- charset=utf-8 --><meta charset=windows-1252>'), latin]),
  );
  serve('/nothing', { 'content-type': 'text/html' }, latin);
  serve('/unknown', { 'content-type': 'text/html; charset=klingon' }, latin);
  serve('/bom', { 'content-type': 'text/html; charset=iso-8859-1' }, '\uFEFF<p>Grüße</p>');
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('<p>Grüße</p>', 'utf16le')]);
  serve('/utf16', { 'content-type': 'text/html' }, utf16);
  for (const path of ['/header', '/meta', '/nothing', '/unknown', '/bom', '/utf16'])
    assert.equal((await fetchPage(here + path)).body.content, 'Grüße', path);
});

test('what is not public is not reached: not at once, not by a redirect, not under a name', async () => {
  for (const url of [
    here,
    'http://localhost/',
    'http://169.254.169.254/',
    'http://[::ffff:127.0.0.1]/',
    'http://2130706433/',
  ]) {
    const { status, body } = await strict.call('POST', '/api/v1/web/fetch', {
      body: { url },
      token: await strict.token('operate'),
    });
    assert.deepEqual([status, body.code], [403, 'egress_private_address'], url);
  }
  serve('/secret', {}, 'the secret');
  for (const target of [
    'http://127.0.0.1:1/',
    `http://localhost:1/secret`,
    `http://[::1]:${port}/secret`,
    'http://169.254.169.254/latest/',
  ]) {
    redirect('/first', '/second');
    redirect('/second', target);
    assert.equal(await codeOf(`${here}/first`), '403 egress_private_address', target);
  }
  redirect('/first', '/json');
  assert.equal((await fetchPage(`${here}/first`)).body.url, `${here}/json`);
  const stayed = (await fetchPage(`${here}/first`, { follow_redirects: false })).body;
  assert.deepEqual([stayed.status_code, stayed.success], [302, false]);
  assert.ok(seen.every(({ url }) => url !== '/secret'));
});

test('bombs, slow drips and huge headers cost a bounded part of anything', async () => {
  answers.set('/bomb', (_request, response) => {
    response.writeHead(200, { ...htmlType, 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip.pipe(response);
    const megabyte = Buffer.alloc(1_048_576, 'a');
    const more = (left: number): void => {
      if (left === 0 || response.destroyed) gzip.end();
      else gzip.write(megabyte, () => more(left - 1));
    };
    more(50);
  });
  assert.equal(await codeOf(`${here}/bomb`), '502 egress_too_large');
  serve('/small', { ...htmlType, 'content-encoding': 'gzip' }, gzipSync('a'.repeat(2000)));
  assert.equal(await codeOf(`${here}/small`, { max_size: 1999 }), '502 egress_too_large');
  const small = await fetchPage(`${here}/small`, { max_size: 2000 });
  assert.equal(small.body.content?.length, 2000, JSON.stringify(small.body));
  answers.set('/drip', (_request, response) => {
    response.writeHead(200, htmlType);
    timers.push(setInterval(() => response.write('.'), 20));
  });
  assert.equal(await codeOf(`${here}/drip`, { timeout: 0.3 }), '504 egress_timeout');
  serve('/header-flood', { 'x-long': 'x'.repeat(60_000) }, 'x');
  assert.equal(await codeOf(`${here}/header-flood`), '502 egress_unreachable');
});

test('a page nested without end is still read, as far as it can be', async () => {
  serve('/deep', htmlType, `${'<div>'.repeat(5_000)}down here`);
  assert.equal((await fetchPage(`${here}/deep`, { format: 'markdown' })).body.content, 'down here');
});

test('what is kept is told without the query of its address, and can be dropped', async () => {
  serve('/kept?key=hidden-77', { ...htmlType, 'cache-control': 'max-age=60' }, '<p>kept</p>');
  await fetchPage(`${here}/kept?key=hidden-77`);
  const { body: kept } = await home.call<WebCache>('GET', '/api/v1/web/cache');
  assert.ok(kept.pages.some(({ url }) => url === `${here}/kept`));
  assert.ok(!JSON.stringify(kept).includes('hidden-77'));
  const { body: gone } = await home.call<WebCache>('DELETE', '/api/v1/web/cache');
  assert.deepEqual([gone.count, gone.bytes, gone.pages], [0, 0, []]);
});

test('a kept page is given again while it is fresh, confirmed when it is not', async () => {
  let asked = 0;
  answers.set('/etag', (request, response) => {
    asked += 1;
    if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end();
    else response.writeHead(200, { ...htmlType, etag: '"one"' }).end('<p>one</p>');
  });
  const first = (await fetchPage(`${here}/etag`)).body;
  const second = (await fetchPage(`${here}/etag`)).body;
  assert.deepEqual([first.cached, second.cached, second.content, asked], [false, true, 'one', 2]);
  serve('/fresh', { ...htmlType, 'cache-control': 'max-age=600' }, '<p>old</p>');
  await fetchPage(`${here}/fresh`);
  serve('/fresh', { ...htmlType, 'cache-control': 'max-age=600' }, '<p>new</p>');
  assert.equal((await fetchPage(`${here}/fresh`)).body.content, 'old');
  assert.equal((await fetchPage(`${here}/fresh`, { cache: false })).body.content, 'new');
  serve('/private', { ...htmlType, 'cache-control': 'no-store' }, '<p>a</p>');
  assert.equal((await fetchPage(`${here}/private`)).body.cached, false);
  assert.equal((await fetchPage(`${here}/private`)).body.cached, false);
});

test('what one tenant has kept another does not get', async () => {
  const egress = createEgress({
    config: () => EgressConfig.parse({ allow_private_asked: [`127.0.0.1:${port}`] }),
  });
  const web = createWeb({
    egress,
    clock: systemClock,
    config: () => WebConfig.parse({}),
    version: '1',
    quotas: {
      take: async () => {},
      meter: async () => ({ spend: () => {}, settle: async () => {} }),
    },
  });
  const ask = (tenant: string) =>
    web.fetch(
      WebFetchRequest.parse({ url: `${here}/mine` }),
      { kind: 'device', deviceId: tenant, name: tenant, scopes: ['operate'], tenant },
      new AbortController().signal,
    );
  serve('/mine', { 'content-type': 'text/plain', 'cache-control': 'max-age=600' }, 'for a');
  await ask('a');
  serve('/mine', { 'content-type': 'text/plain' }, 'for b');
  assert.equal((await ask('b')).content, 'for b');
  assert.deepEqual([(await ask('a')).content, (await ask('a')).cached], ['for a', true]);
  await web.close();
  await egress.close();
});

test('robots.txt is obeyed where the caller asks for it', async () => {
  serve('/robots.txt', { 'content-type': 'text/plain' }, 'User-agent: *\nDisallow: /html\n');
  assert.equal(await codeOf(`${here}/html`, { respect_robots: true }), '403 web_robots');
  assert.equal((await fetchPage(`${here}/json`, { respect_robots: true })).status, 200);
  assert.equal((await fetchPage(`${here}/html`)).status, 200);
});

test('each device has its own allowance, needs the scope', async () => {
  const token = await strict.token('operate');
  const ask = () =>
    strict.call('POST', '/api/v1/web/fetch', { body: { url: 'http://127.0.0.1/a?key=k' }, token });
  assert.deepEqual([(await ask()).status, (await ask()).status, (await ask()).status], [403, 403, 429]);
  const reader = await strict.token('read');
  const refused = await strict.call('POST', '/api/v1/web/fetch', { body: { url: here }, token: reader });
  assert.equal(refused.status, 403);
  assert.equal(refused.body.code, 'scope_missing');
});
