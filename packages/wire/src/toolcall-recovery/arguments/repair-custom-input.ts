import { unwrapCustomInput } from '../../tools/custom-input.ts';
import type { CallableTool } from '../types.ts';
import type { RepairedArguments } from './repair-arguments.ts';

/** Free text that arrived in JSON clothes; undefined when it is as it should be. */
export function repairCustomInput(
  input: string,
  definition: Extract<CallableTool, { kind: 'custom' }>,
): RepairedArguments | undefined {
  // Without a wrapper the text is the model's own: a custom tool may well take code that looks odd.
  const start = input.trimStart().charAt(0);
  if (start !== '{' && start !== '"' && definition.name !== 'apply_patch') return undefined;
  const text = unwrapCustomInput(input, definition.name);
  if (text === input) return undefined;
  const repair = { kind: 'custom-input' as const, tool: definition.name, detail: 'free text was wrapped' };
  return { input: text, repairs: [repair], faults: [] };
}
