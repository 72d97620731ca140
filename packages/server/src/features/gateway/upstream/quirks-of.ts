import type { QuirksConfig } from '@vigiles/contract';
import type { TargetQuirks } from '@vigiles/wire';
import type { ProviderType } from '../providers/define-provider.ts';

/** What a model's requests must keep to: its type's rules, those for this model, and what the person knows better. */
export function quirksOf(type: ProviderType, config: QuirksConfig): (model: string) => TargetQuirks {
  const own = configuredQuirks(config);
  const usual: TargetQuirks = { ...type.quirks, ...own };
  if (config.reasoning_field === 'none') delete usual.reasoningField;
  const { effortModels } = type;
  if (!effortModels || own.reasoningEffort !== undefined) return () => usual;
  const withEffort: TargetQuirks = { ...usual, reasoningEffort: true };
  const without: TargetQuirks = { ...usual, reasoningEffort: false };
  return (model) => (effortModels.test(model) ? withEffort : without);
}

/** Quirks as the configuration spells them. */
export function configuredQuirks(config: QuirksConfig): TargetQuirks {
  const quirks: TargetQuirks = {};
  const field = config.reasoning_field;
  if (config.developer_role !== undefined) quirks.developerRole = config.developer_role;
  if (config.max_completion_tokens !== undefined) quirks.maxCompletionTokens = config.max_completion_tokens;
  if (field !== undefined && field !== 'none') quirks.reasoningField = field;
  if (config.reasoning_effort !== undefined) quirks.reasoningEffort = config.reasoning_effort;
  if (config.stream_usage !== undefined) quirks.streamUsage = config.stream_usage;
  if (config.images !== undefined) quirks.images = config.images;
  if (config.parallel_tool_calls !== undefined) quirks.parallelToolCalls = config.parallel_tool_calls;
  if (config.json_schema !== undefined) quirks.jsonSchema = config.json_schema;
  if (config.short_call_ids !== undefined) quirks.callIds = config.short_call_ids ? 'mistral' : 'openai';
  if (config.strict_tools !== undefined) quirks.strictTools = config.strict_tools;
  if (config.function_tools_only !== undefined) quirks.functionToolsOnly = config.function_tools_only;
  return quirks;
}
