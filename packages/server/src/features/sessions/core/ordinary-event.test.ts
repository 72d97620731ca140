import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NewSessionEvent } from '@vigiles/contract';
import { CliEvent, newEventOf, ordinaryCliEvent } from '../socket/cli-event.ts';
import { isOrdinary } from './ordinary-event.ts';

const types = [
  'skill:progress',
  'a:b:c',
  'skill',
  'Skill:progress',
  `a:${'b'.repeat(80)}`,
  '',
  7,
  null,
  undefined,
];
const datas = [
  {},
  { a: { b: [1] } },
  JSON.parse('{"__proto__":{"x":1}}'),
  [],
  'text',
  null,
  new Date(0),
  undefined,
];
const texts = ['x', '', 'x'.repeat(129), 'x'.repeat(201), 1, null, undefined];
const moments = [
  0,
  1.5,
  Number.NaN,
  Infinity,
  '2026-01-01T00:00:00Z',
  '',
  'x'.repeat(41),
  {},
  null,
  undefined,
];

describe('an event that is taken without asking the schema', () => {
  it('is one that the schema takes as it is', () => {
    let taken = 0;
    for (const type of types)
      for (const data of datas)
        for (const local_id of texts)
          for (const timestamp of moments) {
            const event = { type, data, local_id, timestamp, command_id: local_id };
            if (!isOrdinary(event)) continue;
            taken += 1;
            assert.deepEqual(NewSessionEvent.parse(event), event);
          }
    assert.ok(taken > 0);
    assert.ok(isOrdinary({ type: 'skill:progress', data: { a: 1 }, local_id: 'x', timestamp: 5 }));
  });

  it('says over a socket what it says by the schema', () => {
    let taken = 0;
    for (const event_type of types)
      for (const data of datas)
        for (const local_id of texts)
          for (const timestamp of moments) {
            const said = { event_type, data, local_id, timestamp, session_id: local_id, ignored: 1 };
            const ordinary = ordinaryCliEvent(said);
            if (!ordinary) continue;
            taken += 1;
            const parsed = CliEvent.parse(said);
            assert.deepEqual(newEventOf(ordinary), newEventOf(parsed));
            assert.equal(ordinary.session_id, parsed.session_id);
          }
    assert.ok(taken > 0);
    for (const odd of [null, 'text', [], { event_type: 'a:b', data: {}, volatile: true }])
      assert.equal(ordinaryCliEvent(odd), null);
  });
});
