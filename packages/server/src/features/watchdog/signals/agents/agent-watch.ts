import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { AgentWatchConfig } from '@vigiles/contract';
import type { Clock } from '../../../../kernel/clock.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { ProcessIdentity } from '../../../../platform/process/index.ts';
import type { Signal } from '../../core/detect/signal.ts';
import { createFollower } from '../follow/follower.ts';
import type { Follower } from '../follow/follower-types.ts';
import { linesOf } from '../follow/line-block.ts';
import { createMatcher } from '../match/matcher.ts';
import { findCodex, type CodexProcess } from './codex-processes.ts';
import { changedRollouts, standingOf } from './rollout-files.ts';
import { takeRolloutLine, type Rollout, type RolloutFailure } from './rollout.ts';

export interface AgentWatchDeps {
  clock: Clock;
  log: Log;
  config: AgentWatchConfig;
  /** Takes what is seen: the detection engine. */
  signal(signal: Signal): void;
  find?: () => Promise<CodexProcess[]>;
}

const mostSessions = 200;
const forgetMs = 3_600_000;
const stalledMs = 60_000;
/** How long a process that has just started may take to open its session; on a busy machine that is many seconds. */
const sessionWaitMs = 20_000;
/** Times of files are that coarse. */
const tickMs = 20;
/** How long its launcher may take to start it: files of its output are as old. */
const launchMs = 15_000;

/** What an agent prints when something is wrong: D3 to D6. Other lines are nobody's business. */
const complaints = createMatcher([
  { id: 'D3', kind: 'literal', pattern: 'stream disconnected' },
  { id: 'D4', kind: 'literal', pattern: 'database disk image is malformed' },
  { id: 'D5', kind: 'literal', pattern: 'context_length_exceeded' },
  { id: 'D6', kind: 'literal', pattern: 'Reconnecting' },
]);

/** What `codex exec --json` prints of an error: `{"type":"error","message":"Reconnecting... 2/5 (…)"}`. Null: no error. */
function errorOf(text: string): string | null {
  try {
    const said = JSON.parse(text) as { type?: unknown; message?: unknown };
    return said.type === 'error' && typeof said.message === 'string' ? said.message : null;
  } catch {
    // What is no JSON there is the model’s own talk.
    return null;
  }
}

/**
 * Whether a file was made since then. What it cannot be told of counts as older: where a file system keeps no time of birth, that
 * of its last change stands in for it.
 */
async function isYoung(path: string, since: number): Promise<boolean> {
  const { birthtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return birthtimeNs < ctimeNs && Number(birthtimeNs / 1_000_000n) >= since;
}

interface Session {
  id: string;
  rollout: Rollout;
  follower: Follower;
  /** It has grown under our eyes: only then its end means something to us. */
  live: boolean;
  pid: number | null;
  /** Looks in a row at which nobody held it open. */
  unheld: number;
  changedAt: number;
  told: boolean;
}

/** What a process has said of which we do not know yet which session it is about. */
interface Unnamed {
  home: string | null;
  /** When it was first seen, ms of the monotonic clock. */
  since: number;
  lines: { said: string; stream: 'stdout' | 'stderr'; path: string; at: number }[];
}

/** More than anybody says before there is a session: then it is told as the process’s own. */
const mostLines = 50;

const keyOf = ({ pid, startTime }: ProcessIdentity): string => `${pid} ${startTime}`;

/** `rollout-2026-11-21T07-06-12-<uuid>.jsonl` → the uuid. */
const idOf = (path: string): string =>
  `codex:${/([0-9a-f]{8}-[0-9a-f-]{27})\.jsonl$/.exec(basename(path))?.[1] ?? basename(path, '.jsonl')}`;

/**
 * Watches Codex processes of this user and their sessions, whoever started them. It only looks: what is done about it is
 * decided elsewhere. Signals: `process.gone` (D1), `resource.memory_mb` (D2), `agent.stalled`, `log` (D3, D4, D6),
 * `agent.context_overflow` (D5).
 */
export function createAgentWatch(deps: AgentWatchDeps) {
  const { clock, log, find = findCodex } = deps;
  let config = deps.config;
  const sessions = new Map<string, Session>();
  const outputs = new Map<string, Follower>();
  /** Processes that have just been seen for the first time and have no session open yet. */
  const unnamed = new Map<string, Unnamed>();
  /** Those of the last look. */
  let known = new Set<string>();
  /** Sessions of processes, by pid and start. */
  const names = new Map<string, string>();
  /** A process is known by its session once that has been seen. */
  const nameOf = (process: string): string => names.get(process) ?? `codex:${process.split(' ', 1)[0]}`;
  let homes = new Set<string>();
  let since = 0;
  let startedAt = 0;
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();
  let stopped = false;

  const emit = (agent: string, name: string, more: Partial<Signal>): void =>
    deps.signal({
      name,
      target: `agent:${agent}`,
      targetClass: 'agent',
      at: clock.now(),
      source: name.startsWith('log') ? 'log' : 'agent',
      ...more,
    });

  const line = (
    agent: string,
    text: string,
    stream: 'stdout' | 'stderr',
    evidence: Signal['evidence'],
    at = clock.now(),
  ): void =>
    emit(agent, 'log', {
      at,
      line: text.slice(0, 4096),
      fields: { source: `agent:${agent}`, stream, level: 'error' },
      ...(evidence ? { evidence } : {}),
    });

  function failed(session: Session, path: string, { code, message, turn }: RolloutFailure): void {
    const evidence = { rollout: path, turn, code, pid: session.pid };
    if (code === 'context_window_exceeded' || message.includes('context_length_exceeded'))
      emit(session.id, 'agent.context_overflow', { line: message.slice(0, 4096), evidence });
    else if (complaints.match(message).length > 0) line(session.id, message, 'stderr', evidence);
  }

  async function follow(path: string, isNew: boolean): Promise<void> {
    const rollout = isNew ? { turn: null, model: null } : await standingOf(path);
    const session: Session = {
      id: idOf(path),
      rollout,
      live: isNew,
      pid: null,
      unheld: 0,
      changedAt: clock.monotonic(),
      told: false,
      follower: createFollower(
        { path, from: isNew ? 'start' : 'end' },
        {
          clock,
          log,
          // Read at each look: a watch per session would cost more.
          pollMs: forgetMs,
          onLines(block) {
            session.live = true;
            session.changedAt = clock.monotonic();
            for (const text of linesOf(block)) {
              const failure = takeRolloutLine(rollout, text);
              if (failure) failed(session, path, failure);
            }
          },
        },
      ),
    };
    sessions.set(path, session);
    await session.follower.start();
  }

  function tell(process: string): void {
    const { lines = [] } = unnamed.get(process) ?? {};
    unnamed.delete(process);
    for (const { said, stream, path, at } of lines) line(nameOf(process), said, stream, { file: path }, at);
  }

  function hear(process: string, said: string, stream: 'stdout' | 'stderr', path: string): void {
    const waiting = unnamed.get(process);
    if (!waiting) return line(nameOf(process), said, stream, { file: path });
    waiting.lines.push({ said: said.slice(0, 4096), stream, path, at: clock.now() });
    if (waiting.lines.length >= mostLines) tell(process);
  }

  /** What was said by processes that are named now, are gone, or have had time enough to open a session. */
  function tellWaiting(living: ReadonlySet<string>): void {
    for (const [process, { home, since: from }] of unnamed) {
      if (!names.has(process) && living.has(process) && clock.monotonic() - from < sessionWaitMs) continue;
      if (!names.has(process) && !living.has(process)) {
        // Its session is the one that began in its home and that nobody was ever seen to hold.
        const [found, ...others] = [...sessions].filter(
          ([path, { live, pid }]) => live && pid === null && path.startsWith(`${home}/sessions/`),
        );
        if (found && others.length === 0) names.set(process, found[1].id);
      }
      tell(process);
    }
  }

  /** @param young it is read from its start: of a loop of five lines none may be missed */
  async function followOutput(
    process: string,
    { path, stream }: CodexProcess['outputs'][number],
    young: boolean,
  ): Promise<void> {
    const follower = createFollower(
      { path, from: young ? 'start' : 'end' },
      {
        clock,
        log,
        pollMs: forgetMs,
        onLines({ bytes }) {
          let told = -1;
          complaints.scan(bytes, ({ start, line: found }) => {
            // A line with two complaints in it is one line: windows count lines.
            if (start === told) return;
            told = start;
            const said = stream === 'stderr' ? found.text() : errorOf(found.text());
            if (said !== null) hear(process, said, stream, path);
          });
        },
      },
    );
    outputs.set(path, follower);
    await follower.start();
  }

  /** A turn that is open although nobody holds its session, at two looks: its process died under it. */
  function judge(path: string, session: Session, held: CodexProcess | undefined): void {
    session.pid = held?.identity.pid ?? session.pid;
    session.unheld = held ? 0 : session.unheld + 1;
    if (held) session.told = false;
    const { turn } = session.rollout;
    if (turn === null) return;
    const evidence = { rollout: path, turn, pid: session.pid };
    if (held) {
      const quietMs = clock.monotonic() - session.changedAt;
      if (quietMs >= stalledMs)
        emit(session.id, 'agent.stalled', { fields: { quiet_s: Math.round(quietMs / 1000) }, evidence });
    } else if (session.live && session.unheld >= 2 && !session.told) {
      session.told = true;
      const fields = { pid: session.pid, expected: false };
      emit(session.id, 'process.gone', { source: 'process', fields, evidence });
    }
  }

  async function look(): Promise<void> {
    const processes = await find();
    const now = clock.now();
    homes = new Set([
      join(homedir(), '.codex'),
      ...config.codex_home,
      ...processes.flatMap(({ home }) => home ?? []),
      ...[...homes].slice(-20),
    ]);
    const first = since === 0;
    const begin = first ? now : since;
    since = now;
    if (first) startedAt = now;
    const living = new Set(processes.map(({ identity }) => keyOf(identity)));
    const changed = new Set(processes.flatMap(({ rollouts }) => rollouts));
    if (!first)
      for (const home of homes)
        for (const path of await changedRollouts(home, begin - tickMs, now)) changed.add(path);
    for (const path of changed)
      if (!sessions.has(path) && sessions.size < mostSessions) await follow(path, !first);
    for (const { identity, home, outputs: files, rollouts, rssBytes } of processes) {
      const process = keyOf(identity);
      if (rollouts[0] !== undefined) names.set(process, idOf(rollouts[0]));
      emit(nameOf(process), 'resource.memory_mb', {
        source: 'process',
        fields: { value: Math.round(rssBytes / 2 ** 20), limit: config.memory_limit_mb },
        evidence: { pid: identity.pid, start_time: identity.startTime },
      });
      // It opens its session in a moment: what it says belongs to that.
      if (!names.has(process) && !known.has(process))
        unnamed.set(process, { home, since: clock.monotonic(), lines: [] });
      for (const output of files) {
        if (outputs.has(output.path) || outputs.size >= mostSessions) continue;
        const youngest = Math.max(startedAt, begin - launchMs) - tickMs;
        await followOutput(process, output, await isYoung(output.path, youngest).catch(() => false));
      }
    }
    known = living;
    for (const [path, session] of sessions) {
      await session.follower.poll();
      judge(
        path,
        session,
        processes.find(({ rollouts }) => rollouts.includes(path)),
      );
      const idle = session.unheld > 2 && clock.monotonic() - session.changedAt > forgetMs;
      if (!idle) continue;
      sessions.delete(path);
      await session.follower.stop();
    }
    const used = new Set(processes.flatMap(({ outputs: files }) => files.map(({ path }) => path)));
    for (const [path, follower] of outputs) {
      await follower.poll();
      if (used.has(path)) continue;
      outputs.delete(path);
      await follower.stop();
    }
    tellWaiting(living);
    for (const process of names.keys()) if (!living.has(process)) names.delete(process);
  }

  const lookNow = (): Promise<void> =>
    (looking = looking.then(look).catch((thrown: unknown) => {
      log.warn({ err: thrown }, 'Agents of this machine could not be looked at');
    }));

  async function lookAndGoOn(): Promise<void> {
    await lookNow();
    next();
  }

  function next(): void {
    // New settings may have come while it looked: there is one next look.
    if (timer) clearTimeout(timer);
    if (stopped || !config.enabled) return;
    timer = setTimeout(() => void lookAndGoOn(), config.interval_s * 1000).unref();
  }

  return {
    start(): void {
      if (config.enabled) void lookAndGoOn();
    },
    /** Looks now; resolves when it has. */
    look: lookNow,
    reload(settings: AgentWatchConfig): void {
      config = settings;
      if (timer) clearTimeout(timer);
      next();
    },
    async stop(): Promise<void> {
      stopped = true;
      if (timer) clearTimeout(timer);
      await looking;
      for (const { follower } of sessions.values()) await follower.stop();
      for (const follower of outputs.values()) await follower.stop();
    },
  };
}

export type AgentWatch = ReturnType<typeof createAgentWatch>;
