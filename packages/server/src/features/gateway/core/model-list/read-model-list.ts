import type { StatedFacts } from '../model-facts.ts';
import { factsIn } from './facts-in-row.ts';

/** A model of a provider's own list, with what the list says of it. */
export interface ListedModel {
  id: string;
  facts: StatedFacts;
}

export type Row = Record<string, unknown>;

const MAX_MODELS = 2000;
const MAX_NAME = 256;

/**
 * Reads a list of models in any of the forms in use: `{data:[…]}` (OpenAI and its kin), `{models:[…]}` (Gemini, Ollama,
 * Cohere), a bare array (Together, GitHub Models). Throws with a short reason for anything else.
 */
export function readModelList(body: unknown): ListedModel[] {
  const rows = Array.isArray(body) ? body : (rowsIn(body, 'data') ?? rowsIn(body, 'models'));
  if (!rows) throw new Error('its model list has another shape');
  const models: ListedModel[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    if (models.length >= MAX_MODELS) break;
    if (typeof row !== 'object' || row === null) continue;
    const id = nameOf(row as Row);
    if (id === undefined || seen.has(id) || !answersTurns(row as Row)) continue;
    seen.add(id);
    models.push({ id, facts: factsIn(row as Row) });
  }
  return models;
}

function rowsIn(body: unknown, field: string): unknown[] | undefined {
  const rows = (body as Row | null)?.[field];
  return Array.isArray(rows) ? rows : undefined;
}

/** Gemini writes `models/…` in front of its names. */
function nameOf(row: Row): string | undefined {
  for (const field of ['id', 'model', 'name']) {
    const value = row[field];
    if (typeof value !== 'string' || value === '') continue;
    const name = field === 'name' ? value.replace(/^models\//, '') : value;
    return name.length <= MAX_NAME ? name : undefined;
  }
  return undefined;
}

/** Lists that say what a model is for also hold models for embeddings, images and speech; those are no use to agents. */
function answersTurns(row: Row): boolean {
  const methods = row['supportedGenerationMethods'];
  if (Array.isArray(methods)) return methods.includes('generateContent');
  const endpoints = row['endpoints'];
  if (Array.isArray(endpoints)) return endpoints.includes('chat');
  const type = row['type'];
  return type !== 'embeddings' && type !== 'embedding' && type !== 'image' && type !== 'rerank';
}
