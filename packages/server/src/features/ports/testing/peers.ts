import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process on a port, and the first line it wrote. */
export interface Peer {
  child: ChildProcess;
  pid: number;
  said: string;
  /** The next line it writes. */
  next(): Promise<string>;
}

async function run(code: string, cwd: string, program = process.execPath): Promise<Peer> {
  const child = spawn(program, ['-e', code], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  const said = await next();
  return { child, pid: child.pid ?? 0, said, next };
}

/** A process that listens on a free port of the loopback and says which; it holds every connection open. */
export const listenerIn = (cwd: string, program?: string): Promise<Peer> =>
  run(
    `const s = require('net').createServer(() => {}).listen(0, '127.0.0.1', () => console.log(s.address().port));`,
    cwd,
    program,
  );

/** A process that is connected to a port, and outlives its connection. */
export const clientOf = (port: number, cwd: string): Promise<Peer> =>
  run(
    `const c = require('net').connect(${port}, '127.0.0.1', () => console.log('connected'));
     c.on('error', () => {}).on('close', () => console.log('closed')); setInterval(() => {}, 1000);`,
    cwd,
  );

/** Ends a process of a test. */
export async function end({ child }: Peer): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
