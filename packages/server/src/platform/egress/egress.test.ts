import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createGzip, gzipSync } from 'node:zlib';
import { EgressConfig } from '@vigiles/contract';
import { createEgress, type Egress, type EgressRequest } from './index.ts';
import { createPlacePolicy } from './place-policy.ts';

/** What came in, by path; and how each path is answered. */
const seen: { path: string; host: string; headers: IncomingMessage['headers']; body: string }[] = [];
const answers = new Map<string, (response: ServerResponse) => void>();
const open = new Set<ServerResponse>();

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => (body += String(part)));
  request.on('end', () => {
    const path = request.url ?? '';
    seen.push({ path, host: request.headers.host ?? '', headers: request.headers, body });
    open.add(response);
    (answers.get(path) ?? ((plain) => plain.end('hello')))(response);
  });
});
await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
const { port } = server.address() as AddressInfo;

const made: Egress[] = [];
after(async () => {
  await Promise.all(made.map((egress) => egress.close()));
  for (const response of open) response.destroy();
  server.closeAllConnections();
  await new Promise((done) => void server.close(done));
});

/** Every name leads to this server, unless the test says otherwise. */
function reach(allow: string[], more: object = {}, resolve = async (_host: string) => ['127.0.0.1']): Egress {
  const egress = createEgress({
    config: () => EgressConfig.parse({ allow_private: allow, ...more }),
    resolve,
  });
  made.push(egress);
  return egress;
}

const redirect =
  (to: string, status = 302) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, { location: to }).end();

const ask = async (egress: Egress, url: string, more: Partial<EgressRequest> = {}) => {
  const answer = await egress.fetch({ url, reach: 'configured', ...more });
  return answer.ok ? `${answer.value.status} ${answer.value.body.toString()}` : answer.fault.code;
};

test('only public addresses are dialled, however they are written', async () => {
  const egress = reach([]);
  const hosts = [
    '127.0.0.1',
    'localhost.',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '169.254.169.254',
    '10.0.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
  ];
  for (const host of hosts) {
    assert.equal(await ask(egress, `http://${host}:${port}/`), 'egress_private_address', host);
  }
  assert.equal(seen.length, 0);
});

test('what is no web address is refused with what is wrong, and a password in it is not repeated', async () => {
  const egress = reach([]);
  for (const url of [
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'not a url',
    `http://a/${'x'.repeat(2048)}`,
  ]) {
    assert.equal(await ask(egress, url), 'egress_bad_address', url);
  }
  const answer = await egress.fetch({
    url: `http://me:hunter22@127.0.0.1:${port}/top-secret`,
    reach: 'configured',
  });
  assert.ok(!answer.ok);
  assert.doesNotMatch(answer.fault.message, /hunter22|top-secret/);
});

test('a named private host, host and port, address or network may be reached; only for configured addresses', async () => {
  for (const allow of ['gotify.lan', `gotify.lan:${port}`, '127.0.0.1', `127.0.0.1:${port}`, '127.0.0.0/8']) {
    const egress = reach([allow]);
    assert.equal(await ask(egress, `http://gotify.lan:${port}/`), '200 hello', allow);
    assert.equal(
      await ask(egress, `http://gotify.lan:${port}/`, { reach: 'asked' }),
      'egress_private_address',
    );
  }
  assert.equal(await ask(reach(['gotify.lan:1']), `http://gotify.lan:${port}/`), 'egress_private_address');
  assert.equal(await ask(reach(['::1']), `http://[::1]:1/`), 'egress_unreachable');
});

test('a name that answers differently the second time still leads to the address that was checked', async () => {
  const asked: string[] = [];
  const egress = reach(['127.0.0.1'], {}, async (host) => {
    asked.push(host);
    // The second answer would be this machine's metadata service.
    return asked.length === 1 ? ['127.0.0.1'] : ['169.254.169.254'];
  });
  assert.equal(await ask(egress, `http://rebinding.example:${port}/`), '200 hello');
  assert.deepEqual(asked, ['rebinding.example']);
  assert.equal(seen.at(-1)?.host, `rebinding.example:${port}`);
});

test('of a mixed answer only what is allowed is dialled', async () => {
  const mixed = reach(['127.0.0.1'], {}, async () => ['10.1.2.3', '::ffff:10.0.0.1', '127.0.0.1']);
  assert.equal(await ask(mixed, `http://mixed.example:${port}/`), '200 hello');
  const none = reach([], {}, async () => ['10.1.2.3', '127.0.0.1']);
  assert.equal(await ask(none, `http://mixed.example:${port}/`), 'egress_private_address');
});

test('every hop of a redirect is checked, also on a connection that is open already', async () => {
  const egress = reach(['start.example', 'middle.example']);
  const targets = [
    `http://127.0.0.1:${port}/secret`,
    `http://169.254.169.254/latest/meta-data/`,
    `http://[::ffff:127.0.0.1]:${port}/secret`,
    `http://2130706433:${port}/secret`,
    `http://localhost:${port}/secret`,
    `//other.example:${port}/secret`,
  ];
  for (const target of targets) {
    answers.set('/start', redirect(`http://middle.example:${port}/middle`));
    answers.set('/middle', redirect(target));
    assert.equal(await ask(egress, `http://start.example:${port}/start`), 'egress_private_address', target);
  }
  answers.set('/middle', redirect('file:///etc/passwd'));
  assert.equal(await ask(egress, `http://start.example:${port}/start`), 'egress_redirect');
  assert.ok(seen.every(({ path }) => path !== '/secret'));
});

test('redirects end somewhere', async () => {
  const egress = reach(['loop.example']);
  answers.set('/loop', redirect('/loop'));
  const before = seen.length;
  assert.equal(await ask(egress, `http://loop.example:${port}/loop`), 'egress_redirect');
  assert.equal(seen.length - before, 6);
});

test('another origin gets neither credentials nor content', async () => {
  const egress = reach(['one.example', 'two.example']);
  const headers = { authorization: 'Bearer one', cookie: 'a=b', 'x-api-key': 'k', accept: 'text/plain' };
  answers.set('/away', redirect(`http://two.example:${port}/landed`));
  assert.equal(await ask(egress, `http://one.example:${port}/away`, { headers }), '200 hello');
  const landed = seen.at(-1);
  assert.equal(landed?.host, `two.example:${port}`);
  assert.deepEqual(
    ['authorization', 'cookie', 'x-api-key', 'accept'].map((name) => landed?.headers[name]),
    [undefined, undefined, undefined, 'text/plain'],
  );
  answers.set('/away', redirect(`http://two.example:${port}/landed`, 307));
  const posted = { method: 'POST', body: 'token=1', headers, redirects: 3 } as const;
  assert.equal(await ask(egress, `http://one.example:${port}/away`, posted), 'egress_redirect');
  answers.set('/away', redirect('/here', 307));
  assert.equal(await ask(egress, `http://one.example:${port}/away`, posted), '200 hello');
  assert.equal(seen.at(-1)?.body, 'token=1');
  assert.equal(seen.at(-1)?.headers['authorization'], 'Bearer one');
});

test('a redirected POST is not followed unless asked for, and the answer says where it went', async () => {
  const egress = reach(['one.example', 'two.example']);
  answers.set('/away', redirect(`http://two.example:${port}/landed?secret`, 301));
  const answer = await egress.fetch({
    url: `http://one.example:${port}/away`,
    reach: 'configured',
    method: 'POST',
    body: 'x',
  });
  assert.ok(!answer.ok);
  assert.match(answer.fault.message, /redirects to two\.example:\d+; use the address it has now/);
  assert.doesNotMatch(answer.fault.message, /secret/);
});

test('a small answer that unpacks to 50 MB is cut off', async () => {
  const egress = reach(['bomb.example'], { max_body_mb: 1 });
  let closedAfter = 0;
  answers.set('/bomb', (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip.pipe(response);
    const megabyte = Buffer.alloc(1_048_576);
    const more = (left: number): void => {
      if (left === 0 || response.destroyed) return void gzip.end();
      closedAfter = 50 - left;
      gzip.write(megabyte, () => more(left - 1));
    };
    more(50);
  });
  assert.equal(await ask(egress, `http://bomb.example:${port}/bomb`), 'egress_too_large');
  answers.set('/double', (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(gzipSync(gzipSync('x')));
  });
  assert.equal(await ask(egress, `http://bomb.example:${port}/double`), 'egress_bad_answer');
  answers.set('/broken', (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is no gzip');
  });
  assert.equal(await ask(egress, `http://bomb.example:${port}/broken`), 'egress_bad_answer');
  answers.set('/fine', (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('small'));
  });
  assert.equal(await ask(egress, `http://bomb.example:${port}/fine`), '200 small');
  assert.ok(closedAfter <= 50);
});

test('an answer that trickles, or never comes, ends with the time for the whole', async () => {
  const egress = reach(['slow.example'], { timeout_s: 0.3 });
  const timers: NodeJS.Timeout[] = [];
  answers.set('/trickle', (response) => {
    response.writeHead(200);
    timers.push(setInterval(() => response.write('.'), 20));
  });
  answers.set('/silence', () => undefined);
  assert.equal(await ask(egress, `http://slow.example:${port}/trickle`), 'egress_timeout');
  assert.equal(await ask(egress, `http://slow.example:${port}/silence`), 'egress_timeout');
  for (const timer of timers) clearInterval(timer);
});

test('a name that does not exist and a port where nobody listens are told apart', async () => {
  const unknown = reach([], {}, async () => {
    throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
  });
  assert.equal(await ask(unknown, 'http://nowhere.example/'), 'egress_name_unknown');
  assert.equal(await ask(reach(['closed.example']), 'http://closed.example:1/'), 'egress_unreachable');
});

test('a changed list holds at once, also for connections that are open', async () => {
  let allow = ['home.example'];
  const egress = createEgress({
    config: () => EgressConfig.parse({ allow_private: allow }),
    resolve: async () => ['127.0.0.1'],
  });
  made.push(egress);
  assert.equal(await ask(egress, `http://home.example:${port}/`), '200 hello');
  allow = [];
  assert.equal(await ask(egress, `http://home.example:${port}/`), 'egress_private_address');
});

test('a network that is allowed does not stand for its addresses inside of IPv6', () => {
  const policy = createPlacePolicy(['10.0.0.0/8', 'fd00::/8', '[fd00::1]:80']);
  assert.ok(policy.allows('a', 1, '10.2.3.4'));
  assert.ok(!policy.allows('a', 1, '::ffff:10.2.3.4'));
  assert.ok(policy.allows('a', 1, 'fd12::1'));
  assert.ok(!policy.allows('a', 1, 'fe80::1%eth0'));
  assert.ok(policy.allows('a', 1, '93.184.216.34'));
});
