import type { Log } from '../../../kernel/log.ts';
import { providers } from '../providers/registry.gen.ts';
import type { ProviderType, UsualPort } from '../providers/define-provider.ts';
import { listModels } from './list-models.ts';
import { noModelMemory, type ModelMemory } from './model-metadata/model-memory.ts';
import { openPool } from './pool.ts';
import { createModelRefresher } from './refresh-models.ts';
import type { UpstreamTable } from './upstream-table.ts';

export interface ExploreOptions {
  table: UpstreamTable;
  log: Log;
  /** Whether local servers are looked for; read anew each round. */
  discover(): boolean;
  /** Other ports than the usual ones, for tests. */
  ports?: { type: ProviderType; port: UsualPort }[];
  /** Places of sorts that are not built in. */
  morePorts?(): { type: ProviderType; port: UsualPort }[];
  roundMs?: number;
  /** Monotonic. */
  nowMs?: () => number;
  /** Where lists of models outlive the process. */
  memory?: ModelMemory;
}

/** Looks around in the background: which local servers are there, and which models everybody has. */
export interface Explorer {
  start(): void;
  /** One round now; while one is under way, one more after it. */
  look(): Promise<void>;
  stop(): void;
}

const LOCAL_ROUND_MS = 30_000;
const PROBE_TIMEOUT_MS = 1000;

/** Where servers of these sorts usually listen. */
export const portsOf = (types: Iterable<ProviderType>): { type: ProviderType; port: UsualPort }[] =>
  [...types].flatMap((type) => type.usualPorts.map((port) => ({ type, port })));

const usualPorts = portsOf(Object.values(providers));

export function createExplorer(options: ExploreOptions): Explorer {
  const { table, log, discover, ports = usualPorts, roundMs = LOCAL_ROUND_MS } = options;
  const { memory = noModelMemory } = options;
  const refresher = createModelRefresher(table, log, options.nowMs ?? (() => performance.now()));
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let looking: Promise<void> | null = null;
  let again = false;

  async function probe(type: ProviderType, { id, port }: UsualPort): Promise<void> {
    const base_url = `http://127.0.0.1:${port}/v1`;
    const { origin } = new URL(base_url);
    const taken = table
      .list()
      .some(
        (one) =>
          one.configured &&
          (one.id === id || one.origin === origin || one.origin === `http://localhost:${port}`),
      );
    if (!type.models || taken) return;
    const pool = openPool(origin, { connectTimeoutMs: PROBE_TIMEOUT_MS });
    try {
      await listModels(pool, '/v1', type.models, { headers: [], timeoutMs: PROBE_TIMEOUT_MS });
      if (stopped || table.get(id)) return;
      log.info({ provider: id, port }, 'found a local model server');
      table.discovered(id, {
        id,
        type: type.type,
        base_url,
        headers: {},
        models: [],
        model_facts: {},
        quirks: {},
        enabled: true,
      });
    } catch {
      const gone = table.get(id);
      if (!gone || gone.configured) return;
      log.info({ provider: id, port }, 'a local model server is gone');
      table.discovered(id, null);
    } finally {
      pool.destroy();
    }
  }

  async function round(): Promise<void> {
    if (discover()) {
      const all = [...ports, ...(options.morePorts?.() ?? [])];
      await Promise.all(all.map(({ type, port }) => probe(type, port)));
    }
    const renewed = await Promise.all(
      table.list().map(async (upstream) => (await refresher.refresh(upstream)) && !upstream.local),
    );
    if (renewed.includes(true) && !stopped) await memory.write(table.list());
  }

  async function rounds(): Promise<void> {
    do {
      again = false;
      await round();
    } while (again);
  }

  async function look(): Promise<void> {
    again = !stopped;
    // Asked for between the end of a round and its being told, it takes another one.
    while (again) {
      looking ??= rounds().finally(() => {
        looking = null;
      });
      await looking;
    }
  }

  return {
    start() {
      const next = (): void => {
        look()
          .catch((thrown: unknown) => log.error({ err: thrown }, 'looking for models failed'))
          .finally(() => {
            if (!stopped) timer = setTimeout(next, roundMs).unref();
          });
      };
      memory
        .recall(table)
        .catch((thrown: unknown) => log.warn({ err: thrown }, 'remembered models could not be read'))
        .finally(next);
    },
    look,
    stop() {
      stopped = true;
      again = false;
      if (timer) clearTimeout(timer);
    },
  };
}
