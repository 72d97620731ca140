import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { controlFilePath } from '../client/control-file.ts';
import { run } from '../run.ts';
import type { Ran } from './vigiles.ts';

interface Caught {
  stdout: string;
  stderr: string;
}

const catching = new AsyncLocalStorage<Caught>();
let patched = false;

/** From now on what a command line writes is kept apart from what the test runner writes. */
function patch(): void {
  if (patched) return;
  patched = true;
  process.stdout.setMaxListeners(0);
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = process[name];
    const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
    stream.write = (...given: unknown[]) => {
      const caught = catching.getStore();
      if (!caught) return write(...given);
      caught[name] +=
        typeof given[0] === 'string' ? given[0] : Buffer.from(given[0] as Uint8Array).toString();
      const done = given.at(-1);
      if (typeof done === 'function') process.nextTick(done);
      return true;
    };
  }
}

/** Runs one command line to its end, in this process; `shown` is what it has written so far. */
export function runHere(...args: string[]): Promise<Ran> & { shown(): Readonly<Caught> } {
  patch();
  const caught: Caught = { stdout: '', stderr: '' };
  const ran = catching.run(caught, () => run(args)).then((code) => ({ code, ...caught }));
  return Object.assign(ran, { shown: () => caught });
}

export interface Given {
  /** The whole environment. */
  env: Record<string, string>;
  /** What standard input holds. */
  input?: string | undefined;
}

/** As `runHere`, with an environment and a standard input of its own; one at a time. */
export async function runHereWith({ env, input = '' }: Given, args: readonly string[]): Promise<Ran> {
  const kept = { ...process.env };
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin');
  const become = (next: NodeJS.ProcessEnv) => {
    for (const name of Object.keys(process.env)) if (!(name in next)) delete process.env[name];
    Object.assign(process.env, next);
  };
  become(env);
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]), configurable: true });
  try {
    return await runHere(...args);
  } finally {
    become(kept);
    if (stdin) Object.defineProperty(process, 'stdin', stdin);
  }
}

/** Lets the command line of this home find a control that runs in this process. */
export function pointAt(home: string, url: string, token: string): void {
  const path = controlFilePath(home);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ url, token, pid: process.pid }), { mode: 0o600 });
}
