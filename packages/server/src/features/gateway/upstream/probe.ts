import type { Upstream } from './upstream.ts';
import { OtherStatus } from './ask-json.ts';
import { listModels } from './list-models.ts';
import { authorised } from './refresh-models.ts';

const PROBE_TIMEOUT_MS = 8000;

/** A server that works and has no such list. */
const hasNoList = (thrown: unknown): boolean =>
  thrown instanceof OtherStatus && [404, 405, 501].includes(thrown.status);

/** Asks a provider for its models: costs nothing and needs its key. null: it has no list to ask for. */
export async function probeUpstream(upstream: Upstream): Promise<{ ok: boolean; message: string } | null> {
  const { type, pool, headers, basePath } = upstream;
  if (!type.models || !pool) return null;
  try {
    const options = { headers: await authorised(upstream, headers), timeoutMs: PROBE_TIMEOUT_MS };
    const models = await listModels(pool, basePath, type.models, options);
    return { ok: true, message: `it lists ${models.length} models` };
  } catch (thrown) {
    if (hasNoList(thrown)) return null;
    return { ok: false, message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
