import { fork, type ChildProcess } from 'node:child_process';

/** A bench process that talks over IPC. */
export interface BenchProcess {
  child: ChildProcess;
  /** Sends a message and waits for the next answer. */
  ask<Answer>(message: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts a bench file as its own process and waits for its first message. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what its process says first
export async function startProcess<Ready>(
  file: string,
  args: string[] = [],
): Promise<BenchProcess & { ready: Ready }> {
  const child = fork(new URL(file, import.meta.url), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const next = <Answer>() =>
    new Promise<Answer>((resolve, reject) => {
      const ended = (code: number | null) =>
        reject(new Error(`${file} ended with ${code} before it answered`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as Answer);
      });
    });
  const ready = await next<Ready>();
  return {
    child,
    ready,
    ask(message) {
      const answer = next<never>();
      child.send(message as object);
      return answer;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}
