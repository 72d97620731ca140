import { existsSync } from 'node:fs';
import { request } from 'node:http';

/** A container as its engine tells of it; the parts that are used of `ContainerInspect`. */
export interface ContainerState {
  id: string;
  name: string;
  running: boolean;
  paused: boolean;
  restarting: boolean;
  exitCode: number;
  outOfMemory: boolean;
  startedAt: string;
  /** null: it has no health check of its own. */
  health: 'starting' | 'healthy' | 'unhealthy' | null;
}

const usualPlaces = (env: { runtimeDir?: string | undefined }) => [
  '/var/run/docker.sock',
  ...(env.runtimeDir ? [`${env.runtimeDir}/docker.sock`, `${env.runtimeDir}/podman/podman.sock`] : []),
  '/run/podman/podman.sock',
];

/** The engine's socket: the configured one, else the first of the usual places that is there; null: none is. */
export function findContainerSocket(configured: string | undefined, runtimeDir?: string): string | null {
  if (configured !== undefined) return configured;
  return usualPlaces({ runtimeDir }).find((path) => existsSync(path)) ?? null;
}

interface Answer {
  status: number;
  body: unknown;
}

const maxAnswerBytes = 4 * 1024 * 1024;

/** One call of the Docker Engine API, which Podman answers too. Rejects when the engine cannot be reached. */
function call(socketPath: string, method: string, path: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, headers: { host: 'docker' }, signal }, (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxAnswerBytes) answer.destroy(new Error('the engine’s answer is too long'));
        else chunks.push(chunk);
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        try {
          resolve({ status: answer.statusCode ?? 0, body: text === '' ? null : JSON.parse(text) });
        } catch {
          reject(new Error(`the engine answered ${answer.statusCode} without JSON`));
        }
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

const messageOf = ({ status, body }: Answer): string => {
  const { message } = (body ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message.slice(0, 300) : `the engine answered ${status}`;
};

/** What a container is now; null: there is no such one. https://docs.docker.com/reference/api/engine/ */
export async function inspectContainer(
  socketPath: string,
  name: string,
  signal: AbortSignal,
): Promise<ContainerState | null> {
  const answer = await call(socketPath, 'GET', `/containers/${encodeURIComponent(name)}/json`, signal);
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw new Error(messageOf(answer));
  const { Id, Name, State } = answer.body as {
    Id: string;
    Name: string;
    State: Record<string, unknown> & { Health?: { Status?: string } };
  };
  const health = State.Health?.Status;
  return {
    id: Id,
    name: Name.replace(/^\//, ''),
    running: State['Running'] === true,
    paused: State['Paused'] === true,
    restarting: State['Restarting'] === true,
    exitCode: Number(State['ExitCode'] ?? 0),
    outOfMemory: State['OOMKilled'] === true,
    startedAt: typeof State['StartedAt'] === 'string' ? State['StartedAt'] : '',
    health: health === 'starting' || health === 'healthy' || health === 'unhealthy' ? health : null,
  };
}

/** Restarts exactly this container. @param waitS how long it may take to leave before the engine kills it */
export async function restartContainer(
  socketPath: string,
  id: string,
  waitS: number,
  signal: AbortSignal,
): Promise<void> {
  const path = `/containers/${encodeURIComponent(id)}/restart?t=${waitS}`;
  const answer = await call(socketPath, 'POST', path, signal);
  if (answer.status !== 204) throw new Error(messageOf(answer));
}
