import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { identify, type ProcessIdentity } from '../../../platform/process/index.ts';

export interface SpawnedPlugin {
  /** null: it could not be started, or was gone before it could be looked at. */
  identity: ProcessIdentity | null;
  /** Its line to us, descriptor 3. */
  line: Duplex;
  stdout: Readable;
  stderr: Readable;
  /** Resolves once with how it ended, for people; never rejects. */
  exited: Promise<string>;
}

/** Starts a plugin's process: no input, its output in pipes of ours, and one more pipe for the calls. */
export function spawnPlugin(
  command: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): SpawnedPlugin | string {
  const [program = '', ...args] = command;
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd,
      env: { ...env },
      // A group of its own: it is ended with whatever it has started.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  const { promise: exited, resolve } = Promise.withResolvers<string>();
  child.once('error', (thrown) => resolve(`it could not be started: ${thrown.message}`));
  child.once('exit', (code, signal) =>
    resolve(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`),
  );
  return {
    identity: child.pid === undefined ? null : identify(child.pid),
    line: child.stdio[3] as Duplex,
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    exited,
  };
}
