import type { UpstreamTable } from '../upstream/upstream-table.ts';
import { modelList } from './model-list.ts';

/** A model as Gemini's clients read it. */
export interface GeminiModel {
  name: string;
  baseModelId: string;
  version: string;
  displayName: string;
  supportedGenerationMethods: string[];
  inputTokenLimit?: number;
  outputTokenLimit?: number;
}

/** Every model under the names of `/v1/models`. */
export function geminiModels(table: UpstreamTable, nowMs: number, aliases: readonly string[]): GeminiModel[] {
  return modelList(table, nowMs, aliases).data.map(
    ({ id, display_name, context_window, max_output_tokens }) => {
      const model: GeminiModel = {
        name: `models/${id}`,
        baseModelId: id,
        version: '1',
        displayName: display_name,
        supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
      };
      if (context_window !== undefined) model.inputTokenLimit = context_window;
      if (max_output_tokens !== undefined) model.outputTokenLimit = max_output_tokens;
      return model;
    },
  );
}
