import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { MinuteRing } from './minute-ring.ts';

const minuteMs = 60_000;
const begin = 1_790_000_000_000 - (1_790_000_000_000 % minuteMs);

it('a ring of minutes gives the average of each of the last sixty, and null where nothing came', () => {
  const ring = new MinuteRing();
  assert.deepEqual(ring.values(begin, 2), [null, null]);
  ring.add(begin, 1);
  ring.add(begin + 1, 2);
  ring.add(begin + 2 * minuteMs, 10);
  assert.deepEqual(ring.values(begin + 3 * minuteMs, 4), [1.5, null, 10, null]);
});

it('a ring of minutes forgets what is an hour old, whatever the order in which samples come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: -50, max: 50 })), {
        maxLength: 80,
      }),
      (samples) => {
        const ring = new MinuteRing();
        const held = new Map<number, number[]>();
        let newest = -1;
        for (const [minute, value] of samples) {
          ring.add(begin + minute * minuteMs, value);
          if (minute <= newest - MinuteRing.size) continue;
          newest = Math.max(newest, minute);
          held.set(minute, [...(held.get(minute) ?? []), value]);
        }
        const wanted = Array.from({ length: 60 }, (_, at) => {
          const minute = newest - 59 + at;
          const values = held.get(minute);
          return values ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
        });
        assert.deepEqual(
          newest < 0 ? [] : ring.values(begin + newest * minuteMs, 60),
          newest < 0 ? [] : wanted,
        );
      },
    ),
  );
});
