import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Sessions in a process of their own. */
export interface Mortal {
  /** Rejects with `gone` when the process ends first, and with the fault's code where it refuses. */
  ask<T>(verb: string, argument: unknown): Promise<T>;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('./mortal-program.ts', import.meta.url));

export async function startMortal(home: string): Promise<Mortal> {
  const child = fork(program, [home], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const waiting = new Map<number, { resolve(value: never): void; reject(thrown: Error): void }>();
  let calls = 0;
  let dead = false;
  const ready = Promise.withResolvers<void>();
  child.on('message', (message: { ready?: true; call?: number; value?: unknown; code?: string }) => {
    if (message.ready) return ready.resolve();
    const asked = waiting.get(message.call ?? 0);
    waiting.delete(message.call ?? 0);
    if (message.code === undefined) asked?.resolve(message.value as never);
    else asked?.reject(new Error(message.code));
    return undefined;
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      dead = true;
      ready.reject(new Error('gone'));
      for (const { reject } of waiting.values()) reject(new Error('gone'));
      waiting.clear();
      resolve();
    });
  });
  await ready.promise;
  return {
    ask<T>(verb: string, argument: unknown) {
      return new Promise<T>((resolve, reject) => {
        if (dead) return reject(new Error('gone'));
        const call = (calls += 1);
        waiting.set(call, { resolve, reject });
        child.send({ call, verb, argument }, () => undefined);
        return undefined;
      });
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
