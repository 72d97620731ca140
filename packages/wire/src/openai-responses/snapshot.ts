import type { ToolChoice, Usage } from '../canonical/index.ts';
import type { AnswerContext } from '../protocol.ts';
import type { AnswerItem } from './answer-items.ts';
import { encodeUsage } from './usage.ts';

export interface SnapshotState {
  id: string;
  createdAt: number;
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  output: readonly AnswerItem[];
  usage?: Usage | undefined;
  incompleteReason?: string | undefined;
  error?: Record<string, unknown> | undefined;
  serviceTier?: string | undefined;
}

/**
 * The `response` object of a snapshot event or a whole answer. Settings are echoed; `instructions` and `tools` are
 * not: they would repeat tens of kilobytes three times a turn and no client reads them back.
 */
export function responseSnapshot(
  state: SnapshotState,
  { model, request }: AnswerContext,
): Record<string, unknown> {
  return {
    id: state.id,
    object: 'response',
    created_at: state.createdAt,
    status: state.status,
    background: false,
    error: state.error ?? null,
    incomplete_details: state.incompleteReason ? { reason: state.incompleteReason } : null,
    instructions: null,
    max_output_tokens: request.maxOutputTokens ?? null,
    model,
    output: state.output,
    parallel_tool_calls: request.parallelToolCalls ?? true,
    previous_response_id: request.previousResponseId ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: request.reasoning?.summary ?? null },
    service_tier: state.serviceTier ?? request.serviceTier ?? null,
    store: request.store ?? true,
    temperature: request.temperature ?? null,
    text: { format: { type: 'text' }, ...(request.verbosity && { verbosity: request.verbosity }) },
    tool_choice: choiceWord(request.toolChoice),
    tools: [],
    top_p: request.topP ?? null,
    truncation: 'disabled',
    usage: encodeUsage(state.usage),
    user: request.user ?? null,
    metadata: request.metadata ?? {},
  };
}

function choiceWord(choice: ToolChoice | undefined): string | Record<string, unknown> {
  if (!choice) return 'auto';
  if (choice.type === 'tool') return { type: 'function', name: choice.tool.name };
  return choice.type === 'allowed' ? choice.mode : choice.type;
}
