import { accessSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import type { Client } from 'undici';
import { z } from 'zod';
import type { CheckFacts } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { defineCheck, local, type ConfigOf, type Look } from './define-check.ts';
import { cannotTell, failedLook, unhealthy } from './failed-look.ts';

/** What is read of `GET /containers/{id}/json`: Docker Engine API, and the same of Podman. */
const Inspected = z.object({
  Id: z.string(),
  RestartCount: z.number().default(0),
  State: z.object({
    Status: z.string().default(''),
    Running: z.boolean(),
    Paused: z.boolean().default(false),
    Restarting: z.boolean().default(false),
    OOMKilled: z.boolean().default(false),
    ExitCode: z.number().default(0),
    StartedAt: z.string().default(''),
    Error: z.string().default(''),
    Health: z.object({ Status: z.string(), FailingStreak: z.number().default(0) }).nullish(),
  }),
  Config: z.object({ Image: z.string().default('') }).nullish(),
});

const mostBytes = 1 << 20;

/** Where engines listen: Docker, rootless Docker, Podman, rootless Podman. */
const usualSockets = (): string[] => [
  '/var/run/docker.sock',
  '/run/podman/podman.sock',
  `/run/user/${userInfo().uid}/docker.sock`,
  `/run/user/${userInfo().uid}/podman/podman.sock`,
  `${homedir()}/.docker/run/docker.sock`,
];

function firstThere(paths: readonly string[]): string | null {
  return (
    paths.find((path) => {
      try {
        accessSync(path);
        return true;
      } catch {
        return false;
      }
    }) ?? null
  );
}

/** Restarts that were counted lately. */
function createRestartCount(config: ConfigOf<'container'>, clock: Clock) {
  const counts: { at: number; count: number }[] = [];
  return (count: number): number => {
    const now = clock.monotonic();
    const since = now - config.restarts_window_s * 1000;
    // The newest one from before the window is what is counted from.
    while (counts.length > 1 && (counts[1]?.at ?? now) <= since) counts.shift();
    // The engine counts anew when somebody starts the container.
    if (count < (counts.at(-1)?.count ?? 0)) counts.length = 0;
    if (counts.at(-1)?.count !== count) counts.push({ at: now, count });
    return count - (counts[0]?.count ?? count);
  };
}

function judge(
  answer: z.output<typeof Inspected>,
  config: ConfigOf<'container'>,
  restarts: number,
): string | null {
  const { State } = answer;
  if (State.Restarting) return `it restarts again and again (exit code ${State.ExitCode})`;
  if (State.Paused) return 'it is paused';
  const health = State.Health?.Status ?? 'none';
  if (config.health !== 'ignore' && health === 'unhealthy')
    return `its own health check failed ${State.Health?.FailingStreak ?? 0} times`;
  if (config.health === 'healthy' && health !== 'healthy')
    return health === 'none' ? 'it has no health check of its own' : `its health is “${health}”`;
  if (config.max_restarts !== undefined && restarts > config.max_restarts)
    return `the engine restarted it ${restarts} times lately`;
  return null;
}

function factsOf({ State, RestartCount, Id, Config }: z.output<typeof Inspected>): CheckFacts {
  return {
    status: State.Status,
    health: State.Health?.Status ?? 'none',
    restarts: RestartCount,
    started_at: State.StartedAt,
    image: Config?.Image ?? '',
    id: Id.slice(0, 12),
  };
}

export const check = defineCheck({
  type: 'container',
  title: 'Container',
  target: (config) => config.container,
  ...local,
  prepare(config, { clock }) {
    let client: Client | null = null;
    const lately = createRestartCount(config, clock);
    const path = `/containers/${encodeURIComponent(config.container)}/json`;

    async function inspect(signal: AbortSignal): Promise<Look> {
      const begun = clock.monotonic();
      const socketPath = config.socket ?? firstThere(usualSockets());
      if (socketPath === null) return cannotTell('no container engine was found on this machine');
      const { Client: Connection, request } = await import('../../../platform/dial/index.ts');
      client ??= new Connection('http://localhost', { socketPath, maxResponseSize: mostBytes });
      const { statusCode, body } = await request(`http://localhost${path}`, {
        dispatcher: client,
        method: 'GET',
        signal,
      });
      const text = await body.text();
      if (statusCode === 404) return unhealthy('there is no such container');
      if (statusCode !== 200) return cannotTell(`the engine answered HTTP ${statusCode}`);
      const read = Inspected.safeParse(JSON.parse(text));
      if (!read.success) return cannotTell('the engine answered something else than a container');
      const facts = factsOf(read.data);
      const restarts = lately(read.data.RestartCount);
      const { State } = read.data;
      if (!State.Running && !State.Restarting) {
        const memory = State.OOMKilled ? ', it ran out of memory' : '';
        return unhealthy(
          `it is ${State.Status || 'not running'} (exit code ${State.ExitCode}${memory})`,
          facts,
        );
      }
      const problem = judge(read.data, config, restarts);
      if (problem !== null) return unhealthy(problem, facts);
      return { ok: true, latencyMs: clock.monotonic() - begun, facts };
    }

    return {
      async look({ signal }) {
        try {
          return await inspect(signal);
        } catch (thrown) {
          void client?.destroy();
          client = null;
          const { code } = thrown as NodeJS.ErrnoException;
          if (code === 'EACCES') return cannotTell('Vigiles may not use the engine’s socket (EACCES)');
          if (code === 'ENOENT') return cannotTell('the engine’s socket does not exist');
          // An engine that is away says nothing about containers: they live on without it.
          return { ...failedLook(thrown, signal), ours: true };
        }
      },
      close: () => void client?.destroy(),
    };
  },
});
