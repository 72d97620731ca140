import type { ToolNames, ToolReference, TurnRequest } from '../canonical/index.ts';
import { createToolNames } from './tool-names.ts';

const namesByRequest = new WeakMap<TurnRequest, ToolNames>();

/**
 * The name by which a client without namespaces (Chat, Messages) knows a tool: its plain name, or, for a tool that has
 * a namespace all the same, the flattened one.
 */
export function clientToolName(tool: ToolReference, request: TurnRequest): string {
  if (!tool.namespace) return tool.name;
  let names = namesByRequest.get(request);
  if (!names) {
    names = createToolNames(request.tools);
    namesByRequest.set(request, names);
  }
  return names.flatten(tool);
}
