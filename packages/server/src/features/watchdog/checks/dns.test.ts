import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { look, reasonOf } from '../testing/check-rig.ts';
import { dnsName, dnsType, startNameServer } from '../testing/name-server.ts';

const address = (text: string) => ({ type: dnsType.A, data: Buffer.from(text.split('.').map(Number)) });
const text = (said: string) => ({
  type: dnsType.TXT,
  data: Buffer.from([said.length, ...Buffer.from(said)]),
});

let server: Awaited<ReturnType<typeof startNameServer>>;
before(async () => {
  server = await startNameServer((name, type) => {
    if (name === 'broken.test') return 2;
    if (name === 'silent.test') return null;
    if (name !== 'app.test') return 3;
    if (type === dnsType.A) return [address('10.0.0.2'), address('10.0.0.1')];
    if (type === dnsType.TXT) return [text('v=spf1 -all')];
    if (type === dnsType.MX)
      return [{ type: dnsType.MX, data: Buffer.concat([Buffer.from([0, 10]), dnsName('mail.test')]) }];
    return [];
  });
});
after(() => server.close());

const dns = (name: string, more: object = {}) =>
  look({ type: 'dns', name, resolver: '127.0.0.1', resolver_port: server.port, ...more });

it('shows the answers of the name server it asks', async () => {
  const found = await dns('app.test');
  assert.deepEqual([found.ok, found.facts], [true, { answers: '10.0.0.1, 10.0.0.2' }]);
  assert.deepEqual((await dns('app.test', { record: 'MX' })).facts, { answers: '10 mail.test' });
  assert.ok((await dns('app.test', { record: 'TXT', expect: ['v=spf1 -all'] })).ok);
});

it('misses an answer that was expected, and one too many when it has to be exact', async () => {
  assert.ok((await dns('app.test', { expect: ['10.0.0.1'] })).ok);
  assert.equal(
    reasonOf(await dns('app.test', { expect: ['10.0.0.9'] })),
    '“10.0.0.9” is not among the answers',
  );
  const exact = await dns('app.test', { expect: ['10.0.0.1'], exact: true });
  assert.equal(reasonOf(exact), 'it also answers “10.0.0.2”');
});

it('tells no such name, no such record, a failing and a silent server apart', async () => {
  assert.equal(reasonOf(await dns('other.test')), 'there is no such name');
  assert.equal(reasonOf(await dns('app.test', { record: 'AAAA' })), 'the name has no such record');
  assert.equal(reasonOf(await dns('broken.test')), 'the name server failed');
  const silent = await dns('silent.test', { timeout_s: 0.2 });
  assert.deepEqual([!silent.ok && silent.timedOut, !silent.ok && silent.ours], [true, false]);
});
