import { basename } from 'node:path';
import { redactText } from '../../actions/index.ts';
import { createHits } from '../core/hits.ts';
import { createFollower } from '../signals/follow/follower.ts';
import type { Follower } from '../signals/follow/follower-types.ts';
import { createMatcher } from '../signals/match/matcher.ts';
import type { LogPattern } from '../signals/match/pattern.ts';
import { defineCheck, local, type ConfigOf } from './define-check.ts';
import { cannotTell, unhealthy } from './failed-look.ts';

const longestShown = 300;

const patternOf = ({ contains, matches }: ConfigOf<'log'>): LogPattern =>
  contains === undefined
    ? { id: 'check', kind: 'regex', pattern: matches ?? '' }
    : { id: 'check', kind: 'literal', pattern: contains };

/** Whether a path stands for several files. */
const isPattern = (path: string): boolean => /[*?]/.test(basename(path));

export const check = defineCheck({
  type: 'log',
  title: 'Log',
  target: (config) => `${config.file ?? 'its output'}: ${config.contains ?? config.matches ?? ''}`,
  ...local,
  prepare(config, { clock, log, logFile }, place) {
    const matcher = createMatcher([patternOf(config)]);
    const hits = createHits(config.count);
    const windowMs = config.within_s * 1000;
    let follower: Promise<Follower> | null = null;
    let unreadable: string | null = null;
    let last = '';
    let closed = false;
    /** A rotated file may be without its name for a moment, and stays a log that is followed. */
    let wasThere = false;

    async function follow(path: string): Promise<Follower> {
      const started = createFollower(
        { path, from: 'end' },
        {
          log,
          clock,
          onLines({ bytes }) {
            matcher.scan(bytes, ({ line }) => {
              hits.add(clock.monotonic());
              last = line.text().slice(0, longestShown);
            });
          },
          onNotice({ kind, detail }) {
            if (kind === 'unreadable') unreadable = detail;
            if (kind === 'readable') unreadable = null;
          },
        },
      );
      await started.start();
      if (closed) await started.stop();
      return started;
    }

    return {
      async look() {
        const path = config.file ?? logFile(place.service);
        if (path === null) return cannotTell('Vigiles does not start this service: name the file of its log');
        const begun = clock.monotonic();
        const following = await (follower ??= follow(path));
        await following.poll();
        if (unreadable !== null) return cannotTell(`the log cannot be read: ${unreadable}`);
        wasThere ||= following.files().some(({ present }) => present);
        if (!wasThere && config.missing !== 'passes') {
          const reason = isPattern(path) ? 'no file fits yet' : 'there is no such file yet';
          return config.missing === 'fails' ? unhealthy(reason) : cannotTell(reason);
        }
        const count = hits.within(windowMs, clock.monotonic());
        const facts = { lines: count, ...(last === '' ? {} : { last_line: redactText(last) }) };
        if (count >= config.count) {
          const lines = count === 1 ? 'a line matched' : `${count} lines matched`;
          return unhealthy(`${lines} within ${config.within_s} s: ${last}`, facts);
        }
        return { ok: true, latencyMs: clock.monotonic() - begun, facts };
      },
      close() {
        closed = true;
        void follower?.then((following) => following.stop());
      },
    };
  },
});
