import type { ToolCallPart } from '../canonical/index.ts';
import { parseRecord } from '../json/read.ts';

type JsonObject = Record<string, unknown>;

/** Item ids start with a prefix by type; the API refuses others. */
const PREFIXES = { function: 'fc', custom: 'ctc', 'tool-search': 'tsc', 'local-shell': 'lsh' } as const;

/** The prefix of the item id of a call. */
export function callPrefix(kind: ToolCallPart['kind']): string {
  return PREFIXES[kind];
}

/** A call as the item Codex expects back: the right type, `arguments` as a JSON string, the namespace apart. */
export function callItem(
  call: Pick<ToolCallPart, 'kind' | 'name' | 'namespace' | 'input'>,
  callId: string,
): JsonObject {
  const name = call.namespace ? { name: call.name, namespace: call.namespace } : { name: call.name };
  switch (call.kind) {
    case 'custom':
      return { type: 'custom_tool_call', call_id: callId, ...name, input: call.input };
    case 'tool-search':
      // Unlike all others, an object: a string here is rejected.
      return {
        type: 'tool_search_call',
        call_id: callId,
        execution: 'client',
        arguments: searchArguments(call.input),
      };
    case 'local-shell':
      return {
        type: 'local_shell_call',
        call_id: callId,
        action: parseRecord(call.input) ?? { type: 'exec' },
      };
    case 'function':
      return {
        type: 'function_call',
        call_id: callId,
        ...name,
        arguments: call.input === '' ? '{}' : call.input,
      };
  }
}

function searchArguments(input: string): JsonObject {
  return parseRecord(input) ?? (input === '' ? {} : { query: input });
}
