import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { handshakeToken, type Handshake } from './handshake-token.ts';

const handshake = (more: Partial<Handshake>): Handshake => ({
  auth: {},
  query: {},
  headers: {},
  remoteAddress: '127.0.0.1',
  ...more,
});

describe('the token of a Socket.IO handshake', () => {
  it('is what the client shows in auth, whatever stands in the URL', () => {
    const both = handshake({ auth: { token: 'Bearer vgl_a' }, query: { token: 'vgl_b' } });
    assert.deepEqual(handshakeToken(both), { token: 'vgl_a' });
    assert.equal(handshakeToken(handshake({ auth: { token: 7 } })), null);
  });

  it('may stand in the URL of a client on this machine', () => {
    for (const remoteAddress of ['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'])
      assert.deepEqual(handshakeToken(handshake({ query: { token: 'vgl_a' }, remoteAddress })), {
        token: 'vgl_a',
      });
  });

  it('is not honoured in a URL that came over the network or through a proxy', () => {
    const query = { token: 'vgl_a' };
    for (const remoteAddress of ['192.168.1.4', '::ffff:10.0.0.1', '2001:db8::1', ''])
      assert.equal(handshakeToken(handshake({ query, remoteAddress })), 'misplaced');
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])
      assert.equal(handshakeToken(handshake({ query, headers: { [name]: '1.2.3.4' } })), 'misplaced');
  });
});
