/** Whose model answers: what one family takes, another refuses. */
export type ModelFamily = 'claude' | 'nova' | 'mistral' | 'gpt-oss' | 'other';

/** The family behind a model id, an inference profile's id or its ARN; an application profile's ARN does not tell. */
export function modelFamily(model: string): ModelFamily {
  if (/claude/i.test(model)) return 'claude';
  if (/amazon\.nova/i.test(model)) return 'nova';
  if (/mistral\./i.test(model)) return 'mistral';
  return /gpt-oss/i.test(model) ? 'gpt-oss' : 'other';
}

/** Cache points are refused by models that know none. */
export const takesCachePoints = (family: ModelFamily): boolean => family === 'claude' || family === 'nova';
