import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Identity, Scope, VigilesEvent } from '@vigiles/contract';
import { mayHear } from './audience.ts';

const who = (tenant: string | undefined, ...scopes: Scope[]): Identity => ({
  kind: 'device',
  deviceId: 'd',
  name: 'd',
  scopes,
  ...(tenant === undefined ? {} : { tenant }),
});
const event = (type: string, data: object) => ({ type, data }) as VigilesEvent;

describe('who hears an event', () => {
  it('is everybody, where it is about no session', () => {
    assert.ok(mayHear(who('a', 'read'), event('alert.raised', { tenant: 'b' })));
  });

  it('is the tenant of its session and the administrators of the house, and nobody else', () => {
    for (const about of [
      event('session.created', { tenant: 'a' }),
      event('decision.opened', { decision: { tenant: 'a' } }),
    ]) {
      assert.ok(mayHear(who('a', 'read'), about));
      assert.ok(mayHear(who(undefined, 'admin'), about));
      assert.ok(!mayHear(who('b', 'read'), about));
      assert.ok(!mayHear(who('b', 'admin'), about));
      assert.ok(!mayHear(who(undefined, 'read'), about));
    }
    assert.ok(mayHear(who(undefined, 'read'), event('session.ended', { tenant: 'main' })));
    assert.ok(!mayHear(who('main', 'read'), event('session.ended', {})));
  });
});
