import type { Log } from '../../../kernel/log.ts';
import { providers } from '../providers/registry.gen.ts';
import type { ProviderType, UsualPort } from '../providers/define-provider.ts';
import { listModels } from './list-models.ts';
import { openPool } from './pool.ts';
import type { UpstreamTable } from './upstream-table.ts';
import type { Upstream } from './upstream.ts';

export interface ExploreOptions {
  table: UpstreamTable;
  log: Log;
  /** Whether local servers are looked for; read anew each round. */
  discover(): boolean;
  /** Other ports than the usual ones, for tests. */
  ports?: { type: ProviderType; port: UsualPort }[];
  roundMs?: number;
}

/** Looks around in the background: which local servers are there, and which models everybody has. */
export interface Explorer {
  start(): void;
  /** One round now. */
  look(): Promise<void>;
  stop(): void;
}

const LOCAL_ROUND_MS = 30_000;
const REMOTE_EVERY_MS = 600_000;
const PROBE_TIMEOUT_MS = 1000;
const LIST_TIMEOUT_MS = 8000;

const usualPorts = Object.values(providers).flatMap((type: ProviderType) =>
  type.usualPorts.map((port) => ({ type, port })),
);

export function createExplorer(options: ExploreOptions): Explorer {
  const { table, log, discover, ports = usualPorts, roundMs = LOCAL_ROUND_MS } = options;
  const askedAt = new WeakMap<Upstream, number>();
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  async function probe(type: ProviderType, { id, port }: UsualPort): Promise<void> {
    const base_url = `http://127.0.0.1:${port}/v1`;
    const taken = table
      .list()
      .some(
        (one) =>
          one.configured &&
          (one.id === id ||
            one.origin === new URL(base_url).origin ||
            one.origin === `http://localhost:${port}`),
      );
    if (!type.models || taken) return;
    const pool = openPool(new URL(base_url).origin, {
      connections: 1,
      connect: { timeout: PROBE_TIMEOUT_MS },
    });
    try {
      const models = await listModels(pool, '/v1', type.models, [], PROBE_TIMEOUT_MS);
      if (stopped) return;
      if (!table.get(id)) {
        log.info({ provider: id, port, models: models.length }, 'found a local model server');
        table.discovered(id, {
          id,
          type: type.type,
          base_url,
          headers: {},
          models: [],
          model_facts: {},
          enabled: true,
        });
      }
      const upstream = table.get(id);
      if (!upstream) return;
      table.setModels(id, models);
      table.setState(upstream, 'ok', null);
    } catch {
      const gone = table.get(id);
      if (!gone || gone.configured) return;
      log.info({ provider: id, port }, 'a local model server is gone');
      table.discovered(id, null);
    } finally {
      void pool.destroy();
    }
  }

  async function ask(upstream: Upstream): Promise<void> {
    const { type } = upstream;
    if (!upstream.configured || !type.models || !upstream.pool) return;
    const now = performance.now();
    const last = askedAt.get(upstream);
    if (last !== undefined && now - last < (upstream.local ? 0 : REMOTE_EVERY_MS)) return;
    askedAt.set(upstream, now);
    try {
      const models = await listModels(
        upstream.pool,
        upstream.basePath,
        type.models,
        upstream.headers,
        LIST_TIMEOUT_MS,
      );
      table.setModels(upstream.id, models);
      table.setState(upstream, 'ok', null);
    } catch (thrown) {
      // Not every server has a list: only one that cannot be reached is failing.
      const { code, message } = thrown as NodeJS.ErrnoException;
      if (upstream.state === 'unknown' && typeof code === 'string') {
        table.setState(upstream, 'failing', `${type.name} cannot be reached: ${message}`);
      }
    }
  }

  async function look(): Promise<void> {
    const probes = discover() ? ports.map(({ type, port }) => probe(type, port)) : [];
    await Promise.all([...probes, ...table.list().map(ask)]);
  }

  return {
    start() {
      const round = (): void => {
        look()
          .catch((thrown: unknown) => log.error({ err: thrown }, 'looking for models failed'))
          .finally(() => {
            if (!stopped) timer = setTimeout(round, roundMs).unref();
          });
      };
      round();
    },
    look,
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}
