import type { ToolChoice, ToolReference } from '../canonical/index.ts';
import type { ResponsesToolChoice } from './schema.ts';

/** All forms of `tool_choice`: a word, one tool (function, custom or hosted), or `allowed_tools`. */
export function decodeToolChoice(choice: ResponsesToolChoice): ToolChoice {
  if (typeof choice === 'string') return { type: choice };
  if (choice.type === 'allowed_tools') {
    return { type: 'allowed', mode: choice.mode ?? 'auto', tools: (choice.tools ?? []).map(reference) };
  }
  const name = choice.function?.name ?? choice.name;
  return { type: 'tool', tool: reference({ ...choice, name }) };
}

/** Hosted tools and `tool_search` have no name: their type is the name. */
function reference(tool: {
  type: string;
  name?: string | null | undefined;
  namespace?: string | null | undefined;
}): ToolReference {
  const name = tool.name ?? tool.type;
  return tool.namespace ? { name, namespace: tool.namespace } : { name };
}
