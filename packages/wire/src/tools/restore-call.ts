import type { ToolIdentity, ToolNames } from '../canonical/index.ts';
import { unwrapCustomInput } from './custom-input.ts';

/** A call as the client knows it: its own kind, name and namespace, and its input in the client's form. */
export interface RestoredCall {
  identity: ToolIdentity;
  input: string;
}

/**
 * Gives a call that came back from an upstream without namespaces and freeform tools its own kind, name and input
 * again. `args` is the JSON text as the model wrote it; no text at all means no arguments.
 */
export function restoreCall(names: ToolNames, upstreamName: string, args: string): RestoredCall {
  const identity = names.restore(upstreamName);
  return { identity, input: restoreInput(identity, args) };
}

/** The input of a call whose tool is already known. */
export function restoreInput(identity: ToolIdentity, args: string): string {
  if (identity.kind === 'custom') return unwrapCustomInput(args, identity.name);
  return args.trim() === '' ? '{}' : args;
}
