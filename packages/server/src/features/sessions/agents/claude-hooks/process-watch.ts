import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  findPeer,
  isAlive,
  type Connection,
  type ProcessIdentity,
} from '../../../../platform/process/index.ts';

export interface ProcessWatchDeps {
  /** Monotonic milliseconds. */
  now(): number;
  /** The process is gone, and said nothing of it. */
  gone(sessionId: string, pid: number): Promise<void>;
  /** Nothing was heard for long of one whose process is not known. */
  quiet(sessionId: string, forMs: number): Promise<void>;
  failed(thrown: unknown): void;
  everyMs?: number;
  quietMs?: number;
  /** Whose connection it is; `findPeer` where it is not said. */
  find?: typeof findPeer;
  /** The longest an answer is held back for that, ms. */
  findMs?: number;
}

interface Watched {
  /** Of its last connection: it is looked for again where it comes from another one. */
  port: number;
  process: ProcessIdentity | null;
  heardAt: number;
  told: boolean;
}

/** Whether a command line is of Claude Code, and not of something its words pass through: a tunnel, a proxy, a script. */
export function isClaude(commandLine: string): boolean {
  const [program = '', script = ''] = commandLine.split(' ');
  if (basename(program) === 'claude') return true;
  return /^(?:node|bun|deno)$/.test(basename(program)) && /(?:^|\/)(?:claude|@anthropic-ai)\b/.test(script);
}

/**
 * Looks whether the programs behind sessions are still there. One on this machine is known by its pid and start time, and
 * gone when that process is. Of any other nothing is known when it is silent: it may work on.
 */
export function createProcessWatch({
  now,
  gone,
  quiet,
  failed,
  everyMs = 5_000,
  quietMs = 1_800_000,
  find = findPeer,
  findMs = 2_000,
}: ProcessWatchDeps) {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    for (const [sessionId, one] of watched) {
      if (one.process) {
        if (isAlive(one.process)) continue;
        watched.delete(sessionId);
        await gone(sessionId, one.process.pid);
      } else if (!one.told && now() - one.heardAt >= quietMs) {
        one.told = true;
        await quiet(sessionId, now() - one.heardAt);
      }
    }
  }

  return {
    /**
     * A hook of this session came. Resolves when it is seen whose it is, or cannot be: its connection tells that only while it
     * is open. At once where that is known, and after two seconds anyway.
     */
    async heard(sessionId: string, peer: Connection | null): Promise<void> {
      const before = watched.get(sessionId);
      const one = before ?? { port: 0, process: null, heardAt: 0, told: false };
      one.heardAt = now();
      one.told = false;
      watched.set(sessionId, one);
      if (!peer || peer.port === one.port) return;
      one.port = peer.port;
      const seen = find(peer)
        .then((found) => {
          if (found && isClaude(found.commandLine) && watched.get(sessionId) === one)
            one.process = found.identity;
        })
        .catch(failed);
      if (!one.process) await Promise.race([seen, sleep(findMs, undefined, { ref: false })]);
    },
    forget: (sessionId: string): void => void watched.delete(sessionId),
    look,
    start(): void {
      timer = setInterval(() => void look().catch(failed), everyMs).unref();
    },
    stop(): void {
      if (timer) clearInterval(timer);
      watched.clear();
    },
  };
}
