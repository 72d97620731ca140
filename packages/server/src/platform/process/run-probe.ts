import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readEnvironment } from './environment.ts';
import { identify, identifyChild, type ProcessIdentity } from './identity.ts';
import { killTree } from './kill-tree.ts';
import { listProcesses } from './process-list.ts';

export interface RunProbeOptions {
  /** Program and arguments; no shell. */
  command: readonly string[];
  cwd?: string;
  /** The whole environment. */
  env: Readonly<Record<string, string>>;
  /** Written to its standard input, which is then closed. */
  input?: string;
  /** When it is aborted, the program is killed with everything it started. */
  signal: AbortSignal;
  /** Bytes of each output that are kept; the rest is read and thrown away. 64 KB unless set. */
  keepBytes?: number;
}

/** How a program ended. */
export interface ProbeEnd {
  /** Null when it was killed, or could not be started. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** More was printed than is kept. */
  cut: boolean;
  /** Why it could not be started: `ENOENT`, `EACCES` …; null when it was. */
  error: NodeJS.ErrnoException | null;
  aborted: boolean;
}

/** Stays with whatever a program starts, however far it moves away: by it the rest is found when time is over. */
const markName = 'VIGILES_RUN';
/** How long the output of a program that has ended may stay open: a child that it left behind holds it. */
const drainMs = 200;

/**
 * Runs a program to its end. Whatever happens, nothing of it is left when this resolves: children that outlive it or that
 * hang with it are killed (kubernetes#110070: probes that time out must not pile up). Never rejects.
 */
export async function runProbe(options: RunProbeOptions): Promise<ProbeEnd> {
  const { signal, keepBytes = 65_536 } = options;
  const mark = randomUUID();
  const [program = '', ...args] = options.command;
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...options.env, [markName]: mark },
      detached: true,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
  } catch (thrown) {
    return { ...nothing, error: thrown as NodeJS.ErrnoException };
  }
  const leader = child.pid === undefined ? null : identifyChild(child.pid);
  const stdout = keep(child.stdout, keepBytes);
  const stderr = keep(child.stderr, keepBytes);
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);

  const exited = new Promise<Pick<ProbeEnd, 'code' | 'signal' | 'error'>>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, killedBy) => resolve({ code, signal: killedBy, error: null }));
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = () => void killAll(leader, child, mark);
  if (signal.aborted) kill();
  else signal.addEventListener('abort', kill, { once: true });
  const end = await exited;
  signal.removeEventListener('abort', kill);
  if (end.error === null) {
    if (signal.aborted || groupLives(child.pid)) await killAll(leader, child, mark);
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, drainMs).unref())]);
    // Read once more: the event loop may have been blocked for all of that time.
    await new Promise((resolve) => setImmediate(resolve));
  }
  child.stdout?.destroy();
  child.stderr?.destroy();
  return {
    ...end,
    stdout: stdout.text(),
    stderr: stderr.text(),
    cut: stdout.cut() || stderr.cut(),
    aborted: signal.aborted,
  };
}

const nothing: ProbeEnd = {
  code: null,
  signal: null,
  stdout: '',
  stderr: '',
  cut: false,
  error: null,
  aborted: false,
};

/** Reads a stream to its end and keeps its beginning. */
function keep(stream: NodeJS.ReadableStream | null, most: number) {
  const pieces: Buffer[] = [];
  let kept = 0;
  let more = false;
  stream?.on('error', () => undefined);
  stream?.on('data', (piece: Buffer) => {
    const room = most - kept;
    more ||= piece.length > room;
    if (room <= 0) return;
    pieces.push(piece.subarray(0, room));
    kept += Math.min(room, piece.length);
  });
  return { text: () => Buffer.concat(pieces).toString('utf8'), cut: () => more };
}

/** Whether the group that the program led still has members. Its number cannot belong to others as long as it has. */
function groupLives(pid: number | undefined): boolean {
  if (pid === undefined || pid <= 1) return false;
  try {
    process.kill(-pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Everything that carries the mark, also what left the group and the session. */
const marked = (mark: string): ProcessIdentity[] =>
  listProcesses()
    .filter(({ pid }) => pid !== process.pid && readEnvironment(pid)?.get(markName) === mark)
    .flatMap(({ pid }) => identify(pid) ?? []);

async function killAll(leader: ProcessIdentity | null, child: ChildProcess, mark: string): Promise<void> {
  if (leader) await killTree(leader, { termTimeoutMs: 0, also: marked(mark) });
  else child.kill('SIGKILL');
}
