import type { ToolDefinition, ToolNames } from '../canonical/index.ts';
import { createToolNames } from '../tools/index.ts';

/** Gemini refuses a function name that does not begin with a letter or an underscore. */
export function createGeminiToolNames(tools: readonly ToolDefinition[]): ToolNames {
  const names = createToolNames(tools);
  const originals = new Map<string, string>();
  return {
    flatten(tool) {
      const flat = names.flatten(tool);
      if (/^[a-zA-Z_]/.test(flat)) return flat;
      const legal = `_${flat}`.slice(0, 64);
      originals.set(legal, flat);
      return legal;
    },
    restore: (upstreamName) => names.restore(originals.get(upstreamName) ?? upstreamName),
  };
}
