import { existsSync } from 'node:fs';
import { systemClock } from '../../../../kernel/clock.ts';
import { silentLog } from '../../../../kernel/log.ts';
import { createFollower } from '../follow/follower.ts';
import type { Follower } from '../follow/follower-types.ts';
import { createMatcher, type Matcher } from '../match/matcher.ts';
import type { LogPattern } from '../match/pattern.ts';
import { readPositions, writePositions, type LogPositions } from './position-file.ts';
import type { LogProblem, LogSighting, WatchedLog } from './log-watch-types.ts';
import { engineSockets, followContainer, followJournal, type LineStream } from './stream-lines.ts';

/** Lines of one block that are told one by one for a pattern; more are counted on the last. */
const toldEach = 20;
const longestShown = 4096;
const checkpointMs = 1000;

interface Watched {
  log: WatchedLog;
  matcher: Matcher;
  follower: Follower | null;
  stream: LineStream | null;
}

export interface WatchLogsDeps {
  positionFile: string;
  /** Takes sightings; reading waits for it. */
  onSightings(sightings: readonly LogSighting[]): Promise<void>;
  onProblem(problem: LogProblem): void;
}

/** Follows logs and looks for patterns in them. What runs in the thread; also usable without one. */
export function createLogReader(deps: WatchLogsDeps) {
  const watched = new Map<string, Watched>();
  let saved: LogPositions = {};
  let loaded = false;
  let dirty = false;
  let patterns: readonly LogPattern[] = [];

  const matcherOf = ({ names, format }: WatchedLog): Matcher =>
    createMatcher(patterns, { source: names, format });

  function sightingsIn(entry: Watched, bytes: Buffer, path: string | null, offset: number): LogSighting[] {
    const found: LogSighting[] = [];
    const counts = new Map<string, { count: number; last: LogSighting }>();
    const at = Date.now();
    entry.matcher.scan(bytes, ({ pattern, start, line }) => {
      const known = counts.get(pattern.id);
      if (known && (known.count += 1) > toldEach) {
        known.last.times += 1;
        return;
      }
      const sighting: LogSighting = {
        log: entry.log.id,
        pattern: pattern.id,
        at,
        line: line.text().slice(0, longestShown),
        level: line.level(),
        path,
        offset: offset + start,
        times: 1,
      };
      found.push(sighting);
      if (known) known.last = sighting;
      else counts.set(pattern.id, { count: 1, last: sighting });
    });
    return found;
  }

  async function take(entry: Watched, bytes: Buffer, path: string | null, offset: number): Promise<void> {
    dirty = true;
    const found = sightingsIn(entry, bytes, path, offset);
    if (found.length > 0) await deps.onSightings(found);
  }

  async function begin(log: WatchedLog): Promise<void> {
    const entry: Watched = { log, matcher: matcherOf(log), follower: null, stream: null };
    watched.set(log.id, entry);
    const problem = (kind: string, detail: string) => deps.onProblem({ log: log.id, kind, detail });
    if (log.kind === 'file') {
      entry.follower = createFollower(
        { path: log.where, from: log.from },
        {
          log: silentLog,
          clock: systemClock,
          positions: saved[log.id] ?? [],
          onLines: ({ bytes, path, offset }) => take(entry, bytes, path, offset),
          onNotice: ({ kind, detail, path }) => problem(kind, `${path}: ${detail}`),
        },
      );
      return entry.follower.start();
    }
    const streamDeps = {
      onLines: (bytes: Buffer) => take(entry, bytes, null, 0),
      onEnd: (reason: string) => problem('unreadable', reason),
    };
    if (log.kind === 'journal') entry.stream = followJournal(log.where, streamDeps);
    else {
      const socket = engineSockets.find((path) => existsSync(path));
      if (socket) entry.stream = followContainer(socket, log.where, streamDeps);
      else problem('unreadable', 'there is no socket of Docker or Podman on this machine');
    }
  }

  async function end(entry: Watched): Promise<void> {
    watched.delete(entry.log.id);
    entry.stream?.stop();
    await entry.follower?.stop();
    if (entry.follower) saved[entry.log.id] = entry.follower.positions();
  }

  async function checkpoint(): Promise<void> {
    if (!dirty || !loaded) return;
    dirty = false;
    for (const { log, follower } of watched.values()) if (follower) saved[log.id] = follower.positions();
    await writePositions(deps.positionFile, saved).catch((thrown: unknown) => {
      deps.onProblem({ log: '', kind: 'positions', detail: String(thrown) });
    });
  }

  const timer = setInterval(() => void checkpoint(), checkpointMs);
  timer.unref();

  return {
    /** From now on these logs and patterns. Logs that stay go on where they are. Throws when a pattern cannot be used. */
    async watch(logs: readonly WatchedLog[], next: readonly LogPattern[]): Promise<void> {
      createMatcher(next);
      patterns = next;
      if (!loaded) saved = await readPositions(deps.positionFile);
      loaded = true;
      for (const entry of watched.values()) {
        const stays = logs.find(({ id }) => id === entry.log.id);
        const { kind, where } = entry.log;
        if (stays?.kind !== kind || stays.where !== where) await end(entry);
        else Object.assign(entry, { log: stays, matcher: matcherOf(stays) });
      }
      // Positions of logs that are watched no more would count for ever.
      saved = Object.fromEntries(Object.entries(saved).filter(([id]) => logs.some((log) => log.id === id)));
      for (const log of logs) if (!watched.has(log.id)) await begin(log);
    },
    /** Looks at all files now. */
    async look(): Promise<void> {
      for (const { follower } of watched.values()) await follower?.poll();
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      for (const entry of watched.values()) await end(entry);
      dirty = true;
      await checkpoint();
    },
  };
}
