import type { Log } from '../../../kernel/log.ts';
import { listModels } from './list-models.ts';
import { askJson } from './ask-json.ts';
import type { DetailReader } from './model-metadata/detail-reader.ts';
import { readLlamaCpp } from './model-metadata/llama-cpp-facts.ts';
import { createOllamaReader } from './model-metadata/ollama-facts.ts';
import type { UpstreamTable } from './upstream-table.ts';
import type { Upstream } from './upstream.ts';

/** Keeps what is known of providers' models fresh. */
export interface ModelRefresher {
  /** Asks one provider, if its time has come. @returns whether its list is new */
  refresh(upstream: Upstream): Promise<boolean>;
}

const REMOTE_EVERY_MS = 3_600_000;
const FIRST_BACK_OFF_MS = 30_000;
const LIST_TIMEOUT_MS = 8000;

interface Schedule {
  nextMs: number;
  failures: number;
  reader: DetailReader | undefined;
}

/**
 * A server on this machine is asked every round, because what it has loaded changes; a vendor once an hour, and after a
 * failure first soon and then ever more seldom.
 * @param nowMs monotonic
 */
export function createModelRefresher(table: UpstreamTable, log: Log, nowMs: () => number): ModelRefresher {
  const schedules = new WeakMap<Upstream, Schedule>();
  /** Windows that were complained about, so that each is said once. */
  const complained = new Set<string>();

  function scheduleOf(upstream: Upstream): Schedule {
    let schedule = schedules.get(upstream);
    if (!schedule) {
      const details = upstream.type.models?.details;
      const reader =
        details === 'ollama' ? createOllamaReader(nowMs) : details === 'llama-cpp' ? readLlamaCpp : undefined;
      schedule = { nextMs: 0, failures: 0, reader };
      schedules.set(upstream, schedule);
    }
    return schedule;
  }

  function complain(upstream: Upstream, models: readonly { id: string }[]): void {
    for (const { id } of models) {
      const { contextWindow, trainedWindow, cutsSilently } = upstream.facts(id);
      if (!cutsSilently || contextWindow === null || trainedWindow === null || contextWindow >= trainedWindow)
        continue;
      const key = `${upstream.id} ${id} ${contextWindow}`;
      if (complained.has(key) || complained.size >= 1000) continue;
      complained.add(key);
      log.warn(
        { provider: upstream.id, model: id, contextWindow, trainedWindow },
        'this server cuts longer prompts without a word; raise its window (OLLAMA_CONTEXT_LENGTH, or num_ctx of the model)',
      );
    }
  }

  return {
    async refresh(upstream) {
      const { type, pool, headers, basePath, id } = upstream;
      if (!type.models || !pool) return false;
      const schedule = scheduleOf(upstream);
      if (!upstream.local && nowMs() < schedule.nextMs) return false;
      try {
        const options = { headers: await authorised(upstream, headers), timeoutMs: LIST_TIMEOUT_MS };
        const listed = await listModels(pool, basePath, type.models, options);
        const models = schedule.reader
          ? await schedule.reader(
              (path, body) => askJson(pool, path, { ...options, ...(body && { body }) }),
              listed,
            )
          : listed;
        // It may have left the table meanwhile.
        if (table.get(id) !== upstream) return false;
        table.setModels(id, models);
        table.setState(upstream, 'ok', null);
        complain(upstream, models);
        schedule.failures = 0;
        schedule.nextMs = nowMs() + REMOTE_EVERY_MS;
        return true;
      } catch (thrown) {
        schedule.nextMs = nowMs() + Math.min(REMOTE_EVERY_MS, FIRST_BACK_OFF_MS * 2 ** schedule.failures);
        schedule.failures += 1;
        // Not every server has a list: only one that cannot be reached is failing.
        const { code, message } = thrown as NodeJS.ErrnoException;
        if (upstream.state === 'unknown' && typeof code === 'string') {
          table.setState(upstream, 'failing', `${type.name} cannot be reached: ${message}`);
        }
        return false;
      }
    },
  };
}

/** A key that is got anew (OAuth) is needed for lists too. */
export async function authorised({ credential, origin, basePath }: Upstream, headers: readonly string[]) {
  if (!credential) return headers;
  const request = { method: 'GET', origin, path: basePath, headers, body: Buffer.alloc(0) };
  const found = await credential.authorise(request);
  if (!found.ok) throw new Error(found.error.message);
  return [...headers, ...found.headers];
}
