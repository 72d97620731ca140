import assert from 'node:assert/strict';
import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  createVerify,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { after, test } from 'node:test';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EgressConfig } from '@vigiles/contract';
import { createEgress } from '../../../platform/egress/index.ts';
import { newId } from '../../../kernel/ids.ts';
import { forEachStore } from '../../../testing/stores.ts';
import { createPush } from '../push.ts';
import { rigMigrations } from '../testing/rig.ts';
import { messageOf, sendOn } from '../testing/try-channel.ts';

/** What a browser makes when it subscribes. */
const browser = createECDH('prime256v1');
browser.generateKeys();
const auth = randomBytes(16);

/** Decrypts a message as the browser does: RFC 8291 over RFC 8188, one record. */
function decrypt(body: Buffer): string {
  const salt = body.subarray(0, 16);
  const sender = body.subarray(21, 21 + (body[20] ?? 0));
  const shared = browser.computeSecret(sender);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]);
  const key = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
  const contentKey = Buffer.from(hkdfSync('sha256', key, salt, 'Content-Encoding: aes128gcm\0', 16));
  const nonce = Buffer.from(hkdfSync('sha256', key, salt, 'Content-Encoding: nonce\0', 12));
  const record = body.subarray(21 + sender.length);
  const decipher = createDecipheriv('aes-128-gcm', contentKey, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  return plain.subarray(0, plain.lastIndexOf(2)).toString('utf8');
}

/** Checks the sender as a push service does: RFC 8292, a JWT for this origin signed with the key it names. */
function sender(authorization: string, audience: string): boolean {
  const [, jwt = '', key = ''] = /^vapid t=([^,]+),\s*k=(.+)$/.exec(authorization) ?? [];
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const point = Buffer.from(key, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const verify = createVerify('SHA256').update(`${head}.${claims}`);
  const right = verify.verify(
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<
    string,
    unknown
  >;
  const ends = exp as number;
  return (
    right &&
    aud === audience &&
    String(sub).startsWith('mailto:') &&
    ends > Date.now() / 1000 &&
    ends < Date.now() / 1000 + 86_400
  );
}

const received: string[] = [];
const service = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { headers, url } = request;
    if (url === '/gone') return response.writeHead(410).end();
    const wrong =
      !sender(headers.authorization ?? '', `http://${headers.host}`) ||
      headers['content-encoding'] !== 'aes128gcm' ||
      !/^\d+$/.test(String(headers['ttl'])) ||
      !/^[A-Za-z0-9_-]{1,32}$/.test(String(headers['topic'])) ||
      Buffer.concat(parts).length > 4096;
    if (wrong) return response.writeHead(400).end();
    received.push(decrypt(Buffer.concat(parts)));
    return response.writeHead(201).end();
  });
});
await new Promise<void>((done) => void service.listen(0, '127.0.0.1', done));
after(() => service.close());
const { port } = service.address() as AddressInfo;

forEachStore('web push', (openStore) => {
  test('a subscribed browser can read it, one that is gone is forgotten', async () => {
    const store = await openStore({ migrations: rigMigrations });
    const real = createEgress({ config: () => EgressConfig.parse({ allow_private: ['127.0.0.1'] }) });
    const kept = new Map<string, string>();
    const make = (egress: typeof real) =>
      createPush({
        store,
        egress,
        now: () => Date.now(),
        newId,
        secrets: { get: (name) => kept.get(name), set: async (name, value) => void kept.set(name, value) },
      });
    // The stand-in is on loopback, where no browser’s push service may be.
    const push = make({ ...real, fetch: (asked) => real.fetch({ ...asked, reach: 'configured' }) });
    const keys = { p256dh: browser.getPublicKey().toString('base64url'), auth: auth.toString('base64url') };
    await push.subscribe({ endpoint: `http://127.0.0.1:${port}/one`, keys }, 'dev', 'Firefox');
    await push.subscribe({ endpoint: `http://127.0.0.1:${port}/gone`, keys }, 'dev', 'Old');
    const sent = await sendOn({ type: 'webpush' }, messageOf({ message: 'x'.repeat(9000) }), { push });
    assert.deepEqual(sent, { ok: true, answer: '1 of 2 browsers; 1 had expired and were removed' });
    assert.deepEqual(
      (await push.list()).map(({ label }) => label),
      ['Firefox'],
    );
    assert.equal((JSON.parse(received.at(-1) ?? '{}') as { tag?: string }).tag, 'inc_1');
    assert.equal(await make(real).publicKey(), await push.publicKey());
    const guarded = await sendOn({ type: 'webpush' }, messageOf(), { push: make(real) });
    assert.match(guarded.ok ? '' : guarded.reason, /is not a public address/);
    assert.ok(await push.unsubscribe(`http://127.0.0.1:${port}/one`));
    const nobody = await sendOn({ type: 'webpush' }, messageOf(), { push });
    assert.equal(nobody.ok ? '' : nobody.reason, 'no browser has asked for it');
    await real.close();
  });
});
