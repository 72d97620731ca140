import type { StatedFacts } from '../../core/model-facts.ts';
import type { ListedModel } from '../../core/model-list/read-model-list.ts';
import type { DetailReader } from './detail-reader.ts';

interface Shown {
  facts: StatedFacts;
  at: number;
}

/** What a model is made of changes only when somebody creates it anew. */
const SHOW_AGAIN_MS = 3_600_000;
const MAX_SHOWN_A_ROUND = 40;

/**
 * Ollama: `/api/show` says what a model can do and was made for, `/api/ps` which window those that are loaded really have.
 * That window is a setting of the server or of the model (`num_ctx`), 4,096 tokens on most machines, and what does not fit
 * is cut off without a word: the OpenAI-compatible door takes no `num_ctx`.
 * https://docs.ollama.com/api, https://docs.ollama.com/context-length
 */
export function createOllamaReader(nowMs: () => number): DetailReader {
  const shown = new Map<string, Shown>();
  return async (ask, models) => {
    const loaded = loadedWindows(await ask('/api/ps').catch(() => undefined));
    const listed = new Set(models.map(({ id }) => id));
    for (const id of shown.keys()) if (!listed.has(id)) shown.delete(id);
    let asked = 0;
    const detailed: ListedModel[] = [];
    for (const { id, facts } of models) {
      const known = shown.get(id);
      if ((!known || nowMs() - known.at > SHOW_AGAIN_MS) && asked < MAX_SHOWN_A_ROUND) {
        asked += 1;
        const answer = await ask('/api/show', { model: id }).catch(() => undefined);
        if (answer !== undefined) shown.set(id, { facts: factsShown(answer), at: nowMs() });
      }
      const window = loaded.get(id);
      detailed.push({
        id,
        facts: { ...facts, ...shown.get(id)?.facts, ...(window !== undefined && { contextWindow: window }) },
      });
    }
    return detailed;
  };
}

function loadedWindows(body: unknown): Map<string, number> {
  const windows = new Map<string, number>();
  const rows = (body as { models?: unknown } | undefined)?.models;
  if (!Array.isArray(rows)) return windows;
  for (const row of rows as ({ model?: unknown; name?: unknown; context_length?: unknown } | null)[]) {
    const name = row?.model ?? row?.name;
    const window = row?.context_length;
    if (typeof name === 'string' && typeof window === 'number' && window > 0) windows.set(name, window);
  }
  return windows;
}

function factsShown(body: unknown): StatedFacts {
  const shown = (body ?? {}) as {
    parameters?: unknown;
    capabilities?: unknown;
    model_info?: unknown;
    remote_host?: unknown;
  };
  const facts: StatedFacts = { cutsSilently: true };
  const made = madeFor(shown.model_info);
  if (made !== undefined) facts.trainedWindow = made;
  const set = typeof shown.parameters === 'string' && /^num_ctx\s+(\d+)/m.exec(shown.parameters)?.[1];
  if (set) facts.contextWindow = Number(set);
  // Models that run in Ollama's cloud have all of their window.
  else if (typeof shown.remote_host === 'string' && made !== undefined) facts.contextWindow = made;
  const able = shown.capabilities;
  if (Array.isArray(able)) {
    facts.abilities = {
      images: able.includes('vision'),
      tools: able.includes('tools'),
      reasoning: able.includes('thinking'),
      structuredOutput: able.includes('completion'),
    };
  }
  return facts;
}

/** The key begins with the model's architecture: `qwen3.context_length`. */
function madeFor(info: unknown): number | undefined {
  if (typeof info !== 'object' || info === null) return undefined;
  const found = Object.entries(info).find(([key]) => key.endsWith('.context_length'))?.[1];
  return typeof found === 'number' && found > 0 ? found : undefined;
}
