import type { Pool } from 'undici';
import type { ModelListing } from '../providers/define-provider.ts';
import { requestOver } from './pool.ts';

const MAX_LIST_BYTES = 4 * 1024 * 1024;
const MAX_MODELS = 2000;

/** Asks a provider which models it has. Throws with a short reason when it does not say. */
export async function listModels(
  pool: Pool,
  basePath: string,
  listing: ModelListing,
  headers: readonly string[],
  timeoutMs: number,
): Promise<string[]> {
  const answer = await requestOver(pool, {
    path: basePath + listing.path,
    method: 'GET',
    headers: [...headers, 'accept', 'application/json'],
    signal: AbortSignal.timeout(timeoutMs),
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_LIST_BYTES) throw new Error('its model list is too long');
    chunks.push(chunk);
  }
  if (answer.statusCode !== 200) throw new Error(`its model list answered ${answer.statusCode}`);
  return readList(JSON.parse(Buffer.concat(chunks).toString()), listing.shape);
}

function readList(body: unknown, shape: ModelListing['shape']): string[] {
  if (shape === 'gemini') return readGeminiList(body);
  const [list, key] = shape === 'openai' ? (['data', 'id'] as const) : (['models', 'name'] as const);
  const rows: unknown = (body as Record<string, unknown> | null)?.[list];
  if (!Array.isArray(rows)) throw new Error('its model list has another shape');
  const names = rows.map((row: unknown) => (row as Record<string, unknown> | null)?.[key]);
  return names
    .filter((name) => typeof name === 'string' && name !== '' && name.length <= 256)
    .slice(0, MAX_MODELS) as string[];
}

/** Gemini lists embedding and image models as well, each under `models/…`. */
function readGeminiList(body: unknown): string[] {
  const rows = (body as { models?: unknown } | null)?.models;
  if (!Array.isArray(rows)) throw new Error('its model list has another shape');
  const names = rows.flatMap((row: { name?: unknown; supportedGenerationMethods?: unknown } | null) => {
    const methods = row?.supportedGenerationMethods;
    const answers = !Array.isArray(methods) || methods.includes('generateContent');
    return answers && typeof row?.name === 'string' ? [row.name.replace(/^models\//, '')] : [];
  });
  return names.filter((name) => name !== '' && name.length <= 256).slice(0, MAX_MODELS);
}
