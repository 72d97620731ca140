import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { identify, isAlive, type ProcessIdentity } from './identity.ts';
import { rotateIdleLog } from './log-file.ts';
import type { ExitInfo } from './spawn-service.ts';

export interface TalkingOptions {
  /** Program and arguments; no shell. Never put a secret here: everybody on the machine can read it. */
  command: readonly string[];
  cwd: string;
  /** The whole environment of the child. */
  env: Readonly<Record<string, string>>;
  /** A folder of this child alone: its pipes and what it writes to standard error live here. */
  folder: string;
}

/** A child that is talked to over its standard input and output. */
export interface TalkingChild {
  /** Null when it could not be started, or was gone before it could be looked at. */
  identity: ProcessIdentity | null;
  input: Writable;
  output: Readable;
  /** What it wrote to standard error. */
  errorFile: string;
  /** Resolves once when it has ended; never rejects. After `rejoin` nobody can tell how it ended. */
  exited: Promise<ExitInfo>;
  /** Lets go of the pipes. Where they are named ones the child lives on and waits. */
  letGo(): void;
}

const run = promisify(execFile);
const names = ['in', 'out'] as const;
const maxErrorBytes = 4 << 20;

/** How often a process that is not our child is looked at. */
const LOOK_MS = 250;

/** Whether the system has named pipes; without them a child ends together with us. */
async function makePipes(folder: string): Promise<boolean> {
  const paths = names.map((name) => join(folder, name));
  for (const path of paths) rmSync(path, { force: true });
  return run('mkfifo', ['-m', '600', ...paths]).then(
    () => true,
    () => false,
  );
}

/**
 * Our end of a named pipe. Opened for both directions, so that it can be opened while nobody is at the other end
 * and never ends (fifo(7), Linux).
 */
const openPipe = (folder: string, name: (typeof names)[number]): Socket =>
  new Socket({
    fd: openSync(join(folder, name), constants.O_RDWR | constants.O_NONBLOCK),
    readable: name === 'out',
    writable: name === 'in',
  });

/**
 * Starts a child in a session and process group of its own, that is talked to over named pipes. The child holds
 * both their ends itself: when we die it is not told and loses nothing, because the pipe is full before it can say
 * more than it holds (64 KB); who comes after us rejoins it.
 */
export async function spawnTalking(options: TalkingOptions): Promise<TalkingChild> {
  const { folder, cwd, env } = options;
  const [program = '', ...args] = options.command;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const errorFile = join(folder, 'stderr.log');
  rotateIdleLog(errorFile, maxErrorBytes, 1);
  const named = await makePipes(folder);
  const open: number[] = [];
  const descriptor = (path: string, flags: string | number): number => {
    open.push(openSync(path, flags, 0o600));
    return open.at(-1) as number;
  };
  const { promise: exited, resolve } = Promise.withResolvers<ExitInfo>();
  let child: ChildProcess;
  try {
    const errors = descriptor(errorFile, 'a');
    const stdio: StdioOptions = named
      ? [...names.map((name) => descriptor(join(folder, name), constants.O_RDWR)), errors]
      : ['pipe', 'pipe', errors];
    child = spawn(program, args, { cwd, env: { ...env }, detached: true, stdio, windowsHide: true });
  } finally {
    for (const each of open) closeSync(each);
  }
  child.once('error', (thrown) => resolve({ code: null, signal: null, error: thrown.message }));
  child.once('exit', (code, signal) => resolve({ code, signal, error: null }));
  // It may outlive us: it does not keep us.
  child.unref();
  const identity = child.pid === undefined ? null : identify(child.pid);
  const pipes = named
    ? { input: openPipe(folder, 'in'), output: openPipe(folder, 'out') }
    : { input: child.stdin as Writable, output: child.stdout as Readable };
  return talking(identity, pipes, errorFile, exited);
}

/** Takes up a child of an earlier run of ours again; null when it is gone, or when it cannot be reached. */
export function rejoinTalking(folder: string, identity: ProcessIdentity): TalkingChild | null {
  if (!isAlive(identity)) return null;
  try {
    const pipes = { input: openPipe(folder, 'in'), output: openPipe(folder, 'out') };
    return talking(identity, pipes, join(folder, 'stderr.log'), watchEnd(identity));
  } catch {
    return null;
  }
}

async function watchEnd(identity: ProcessIdentity): Promise<ExitInfo> {
  while (isAlive(identity)) await delay(LOOK_MS, undefined, { ref: false });
  return { code: null, signal: null, error: null };
}

function talking(
  identity: ProcessIdentity | null,
  { input, output }: { input: Writable; output: Readable },
  errorFile: string,
  exited: Promise<ExitInfo>,
): TalkingChild {
  // A pipe that breaks is the child's end, which `exited` tells.
  input.on('error', () => undefined);
  output.on('error', () => undefined);
  const letGo = (): void => {
    input.destroy();
    output.destroy();
  };
  // What it said last is still in the pipe when it has ended; then a pipe that never ends by itself must be closed.
  // It is read once more before that: the event loop may have been blocked for all of the time.
  void exited.then(() => setTimeout(() => setImmediate(letGo), 50).unref());
  return { identity, input, output, errorFile, exited, letGo };
}
