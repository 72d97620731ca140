import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Container {
  running: boolean;
  paused?: boolean;
  exitCode?: number;
  /** Its health check says so, once it has been starting. Absent: it has none. */
  health?: string;
  healthAfter?: string;
}

/** Docker's engine on a socket: the calls we make, with the shapes and statuses the real one has. */
export async function startEngine() {
  const folder = mkdtempSync(join(tmpdir(), 'vigiles-engine-'));
  const socket = join(folder, 'docker.sock');
  const containers = new Map<string, Container & { id: string; startedAt: string; looks: number }>();
  const restarted: string[] = [];
  let starts = 0;
  const find = (name: string) =>
    [...containers].find(([known, { id }]) => known === name || id.startsWith(name));

  const server = createServer((request, response) => {
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const url = new URL(request.url ?? '/', 'http://docker');
    const [, name, verb] = /^\/containers\/([^/]+)\/(json|restart)$/.exec(url.pathname) ?? [];
    if (name === undefined) return json(404, { message: 'page not found' });
    const found = find(decodeURIComponent(name));
    if (!found) return json(404, { message: `No such container: ${name}` });
    const [known, container] = found;
    if (verb === 'json') {
      if (request.method !== 'GET') return json(405, { message: 'method not allowed' });
      container.looks += 1;
      const status = container.looks < 2 && starts > 0 && container.running ? 'starting' : container.health;
      return json(200, {
        Id: container.id,
        Name: `/${known}`,
        State: {
          Status: container.paused ? 'paused' : container.running ? 'running' : 'exited',
          Running: container.running,
          Paused: container.paused ?? false,
          Restarting: false,
          OOMKilled: false,
          ExitCode: container.running ? 0 : (container.exitCode ?? 0),
          StartedAt: container.startedAt,
          ...(container.health === undefined
            ? {}
            : { Health: { Status: status, FailingStreak: 0, Log: [] } }),
        },
      });
    }
    if (request.method !== 'POST') return json(405, { message: 'method not allowed' });
    if (!/^\d+$/.test(url.searchParams.get('t') ?? '')) return json(400, { message: 'invalid timeout' });
    starts += 1;
    restarted.push(known);
    Object.assign(container, { running: true, paused: false, looks: 0 });
    if (container.healthAfter !== undefined) container.health = container.healthAfter;
    container.startedAt = new Date(1_700_000_000_000 + starts * 1000).toISOString();
    response.writeHead(204).end();
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  let ids = 0;
  return {
    folder,
    socket,
    put(name: string, container: Container): void {
      ids += 1;
      const id = `${ids}`.padStart(12, 'c').padEnd(64, '0');
      containers.set(name, { ...container, id, startedAt: '2026-01-01T00:00:00Z', looks: 10 });
    },
    restarted: () => restarted,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type EngineStandIn = Awaited<ReturnType<typeof startEngine>>;
