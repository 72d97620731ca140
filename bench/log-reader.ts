import { systemClock } from '../packages/server/src/kernel/clock.ts';
import { silentLog } from '../packages/server/src/kernel/log.ts';
import { builtInFaults } from '../packages/server/src/features/watchdog/catalogue/built-in.gen.ts';
import { patternOf } from '../packages/server/src/features/watchdog/catalogue/line-test.ts';
import { createFollower } from '../packages/server/src/features/watchdog/signals/follow/follower.ts';
import { createMatcher } from '../packages/server/src/features/watchdog/signals/match/matcher.ts';
import type { LogPattern } from '../packages/server/src/features/watchdog/signals/match/pattern.ts';

/** All log patterns of the catalogue that comes with Vigiles. */
const ofCatalogue: readonly LogPattern[] = builtInFaults.flatMap(({ id, detectors }) =>
  detectors.flatMap((detector, place) =>
    detector.type === 'log' ? [patternOf(`${id}.${place}`, detector)] : [],
  ),
);

const subjects = ['Upstream', 'Database', 'Socket', 'Token', 'Session', 'Cache', 'Worker', 'Disk'];
const words = ['refused', 'malformed', 'exhausted', 'unreachable', 'denied', 'overloaded'];

/** And as many of their own as people with many services add. */
const ofUsers: readonly LogPattern[] = [
  ...subjects.flatMap((subject) =>
    words.map((word): LogPattern => {
      const pattern = `${subject} ${word}`;
      return { id: pattern, kind: 'literal', pattern, ignoreCase: subject < 'E' };
    }),
  ),
  ...[
    'HTTP (429|5\\d\\d)',
    'timed out after \\d+ m?s',
    '(?i)out of memory|oom.?kill',
    'certificate .*(expired|invalid)',
    'ENOSPC|No space left on device',
    'model .{1,60} not found',
  ].map((pattern): LogPattern => ({ id: pattern, kind: 'regex', pattern })),
];
const patterns: readonly LogPattern[] = [...ofCatalogue, ...ofUsers];

/** For the benchmark: reads a file from its start with follower and matcher, as the thread does. */
export function createLogBench() {
  return {
    patterns,
    ofCatalogue: ofCatalogue.length,
    /** Returns how many matches there were. */
    async run(path: string): Promise<number> {
      const matcher = createMatcher(patterns);
      let found = 0;
      const follower = createFollower(
        { path, from: 'start' },
        {
          log: silentLog,
          clock: systemClock,
          pollMs: 3_600_000,
          onLines: ({ bytes }) => matcher.scan(bytes, () => (found += 1)),
        },
      );
      await follower.start();
      await follower.poll();
      await follower.stop();
      return found;
    },
  };
}
