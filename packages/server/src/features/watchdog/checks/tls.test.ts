import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { createServer } from 'node:tls';
import { systemClock } from '../../../kernel/clock.ts';
import { makeAuthority } from '../testing/certificates.ts';
import { look, probe, reasonOf, tempFolder } from '../testing/check-rig.ts';

const folder = tempFolder();
mkdirSync(join(folder, 'other'));
const authority = makeAuthority(folder);
const server = createServer({ ...authority.issue('app.test', 10), maxVersion: 'TLSv1.2' });
server.on('tlsClientError', () => undefined);
let port = 0;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
after(() => server.close());

const tls = (more: object, kit = {}) =>
  look(
    {
      type: 'tls',
      host: '127.0.0.1',
      port,
      server_name: 'app.test',
      ca_file: authority.ca,
      certificate_days: 5,
      ...more,
    },
    kit,
  );
const later = (days: number) => ({ clock: { ...systemClock, now: () => Date.now() + days * 86_400_000 } });

it('tells of a good certificate how long it lasts and whose it is', async () => {
  const found = await tls({});
  assert.ok(found.ok, JSON.stringify(found));
  const { certificate_subject, certificate_issuer, tls_version, certificate_days_left } = found.facts ?? {};
  assert.deepEqual(
    [certificate_subject, certificate_issuer, tls_version],
    ['app.test', 'Test CA', 'TLSv1.2'],
  );
  assert.ok(Number(certificate_days_left) > 9 && Number(certificate_days_left) <= 10);
});

it('fails before a certificate expires, and says so when it has', async () => {
  const soon = await tls({ certificate_days: 14 });
  assert.match(reasonOf(soon), /^its certificate expires in 9(\.\d)? days/);
  assert.ok(Number(soon.facts?.['certificate_days_left']) > 9);
  assert.match(reasonOf(await tls({}, later(11))), /its certificate expired 1/);
  assert.match(reasonOf(await tls({}, later(-2))), /not valid yet/);
});

it('sees a certificate for another name and one that nobody vouches for', async () => {
  assert.equal(reasonOf(await tls({ server_name: 'other.test' })), 'its certificate is not for other.test');
  assert.ok((await tls({ server_name: 'other.test', verify_host: false })).ok);
  const unknown = await tls({ ca_file: undefined });
  assert.match(reasonOf(unknown), /authority|missing/);
  assert.ok((await tls({ ca_file: undefined, verify_chain: false })).ok);
});

it('cannot tell where the file of authorities cannot be read', async () => {
  const found = await tls({ ca_file: '/nowhere/ca.pem' });
  assert.deepEqual(
    [!found.ok && found.ours, reasonOf(found)],
    [true, 'the authorities in /nowhere/ca.pem cannot be read: ENOENT'],
  );
});

it('trusts whom the file of authorities names now', async () => {
  const file = join(folder, 'trusted.pem');
  writeFileSync(file, readFileSync(makeAuthority(join(folder, 'other')).ca));
  const one = probe({
    type: 'tls',
    host: '127.0.0.1',
    port,
    server_name: 'app.test',
    ca_file: file,
    certificate_days: 5,
  });
  assert.match(reasonOf(await one.look(null)), /authority|missing/);
  writeFileSync(file, readFileSync(authority.ca));
  assert.ok((await one.look(null)).ok);
});

it('refuses an old version of TLS, and a port that does not speak it', async () => {
  assert.match(reasonOf(await tls({ min_version: 'TLSv1.3' })), /protocol version|UNSUPPORTED|alert/i);
  assert.match(reasonOf(await tls({ port: 1 })), /ECONNREFUSED/);
});
