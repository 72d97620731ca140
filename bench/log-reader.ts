import { systemClock } from '../packages/server/src/kernel/clock.ts';
import { silentLog } from '../packages/server/src/kernel/log.ts';
import { createFollower } from '../packages/server/src/features/watchdog/signals/follow/follower.ts';
import { createMatcher } from '../packages/server/src/features/watchdog/signals/match/matcher.ts';
import type { LogPattern } from '../packages/server/src/features/watchdog/signals/match/pattern.ts';

const words = [
  'refused',
  'reset',
  'timed out',
  'malformed',
  'exhausted',
  'unreachable',
  'denied',
  'overloaded',
];
const subjects = [
  'Connection',
  'Upstream',
  'Database',
  'Socket',
  'Provider',
  'Token',
  'Session',
  'Cache',
  'Worker',
  'Disk',
];

/** As many patterns as a catalogue with users’ own additions has: 80 literals and 20 regexes. */
const patterns: readonly LogPattern[] = [
  ...subjects.flatMap((subject) =>
    words.map((word): LogPattern => {
      const pattern = `${subject} ${word}`;
      return { id: pattern, kind: 'literal', pattern, ignoreCase: subject < 'D' };
    }),
  ),
  ...[
    'HTTP (429|5\\d\\d)',
    'said HTTP \\d+',
    'Reconnecting\\.{0,3} ?\\(?\\d+/\\d+',
    'content_type.*array',
    '(?i)out of memory|oom.?kill',
    'EADDRINUSE.*:\\d+',
    'timed out after \\d+ m?s',
    '\\bSIG(KILL|SEGV|ABRT)\\b',
    'certificate .*(expired|invalid)',
    'retry(ing)? in \\d+(ms|s)',
    'exit(ed)? (code|status) [1-9]\\d*',
    'ENOSPC|No space left on device',
    'heap (limit|out of memory)',
    'panic: .+',
    'Traceback \\(most recent call last\\)',
    'deadlock (detected|found)',
    'too many (open files|connections)',
    'rate.?limit(ed)? .*retry',
    'model .{1,60} not found',
    'invalid (api )?key',
  ].map((pattern): LogPattern => ({ id: pattern, kind: 'regex', pattern })),
];

/** For the benchmark: reads a file from its start with follower and matcher, as the thread does. */
export function createLogBench() {
  return {
    patterns,
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
