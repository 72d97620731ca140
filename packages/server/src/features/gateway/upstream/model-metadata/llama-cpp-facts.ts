import type { StatedFacts } from '../../core/model-facts.ts';
import type { DetailReader } from './detail-reader.ts';

/**
 * llama.cpp: `/props` says which window a slot has and whether the model takes images; one server, one model. What does
 * not fit is refused, not cut. https://github.com/ggml-org/llama.cpp/tree/master/tools/server
 */
export const readLlamaCpp: DetailReader = async (ask, models) => {
  const [only] = models;
  if (!only || models.length > 1) return models;
  const props = (await ask('/props').catch(() => undefined)) as
    | { default_generation_settings?: { n_ctx?: unknown } | null; modalities?: { vision?: unknown } | null }
    | null
    | undefined;
  const window = props?.default_generation_settings?.n_ctx;
  const vision = props?.modalities?.vision;
  const facts: StatedFacts = { ...only.facts };
  if (typeof window === 'number' && window > 0) facts.contextWindow = window;
  if (typeof vision === 'boolean') facts.abilities = { ...facts.abilities, images: vision };
  return [{ id: only.id, facts }];
};
