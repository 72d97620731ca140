import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { identify, type ProcessIdentity } from './identity.ts';
import { rotateIdleLog } from './log-file.ts';

export interface SpawnOptions {
  /** Program and arguments; no shell. Never put a secret here: everybody on the machine can read it. */
  command: readonly string[];
  cwd?: string;
  /** The whole environment of the child. */
  env: Readonly<Record<string, string>>;
  /** Standard output and error are appended to it. */
  logFile: string;
  logMaxBytes?: number;
  logKeep?: number;
}

/** How a child ended; both null when it could not even be started. */
export interface ExitInfo {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  error: string | null;
}

export interface SpawnedService {
  /** Null when it could not be started, or was gone before it could be looked at. */
  identity: ProcessIdentity | null;
  /** Resolves once when it has ended; never rejects. */
  exited: Promise<ExitInfo>;
}

/**
 * Starts a service in a session and process group of its own. Its output goes straight to a file, not through
 * pipes of ours: it lives on when we die. It does not keep our event loop alive.
 */
export function spawnService(options: SpawnOptions): SpawnedService {
  mkdirSync(dirname(options.logFile), { recursive: true, mode: 0o700 });
  rotateIdleLog(options.logFile, options.logMaxBytes ?? 10 << 20, options.logKeep ?? 3);
  const log = openSync(options.logFile, 'a', 0o600);
  const [program = '', ...args] = options.command;
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...options.env },
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    return { identity: null, exited: Promise.resolve({ code: null, signal: null, error }) };
  } finally {
    closeSync(log);
  }
  const { promise: exited, resolve } = Promise.withResolvers<ExitInfo>();
  child.once('error', (thrown) => resolve({ code: null, signal: null, error: thrown.message }));
  child.once('exit', (code, signal) => resolve({ code, signal, error: null }));
  child.unref();
  return { identity: child.pid === undefined ? null : identify(child.pid), exited };
}
