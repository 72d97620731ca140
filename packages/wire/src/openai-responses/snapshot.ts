import type { ToolChoice, TurnRequest, Usage } from '../canonical/index.ts';
import { asRecord } from '../json/read.ts';
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

/** What a `response` object says of the answer, in a snapshot event or whole. */
export function responseState(
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
    model,
    output: state.output,
    service_tier: state.serviceTier ?? request.serviceTier ?? null,
    usage: encodeUsage(state.usage),
  };
}

/**
 * What it repeats of the request: as the client wrote it, and what holds where it wrote nothing. Alike in all of an
 * answer's snapshots.
 */
export function responseSettings(request: TurnRequest): Record<string, unknown> {
  const { echo } = request;
  const { effort = null, summary = null } = request.reasoning ?? {};
  return {
    instructions: null,
    max_output_tokens: request.maxOutputTokens ?? null,
    metadata: request.metadata ?? {},
    parallel_tool_calls: request.parallelToolCalls ?? true,
    previous_response_id: request.previousResponseId ?? null,
    store: request.store ?? true,
    temperature: request.temperature ?? null,
    tool_choice: choiceWord(request.toolChoice),
    tools: [],
    top_p: request.topP ?? null,
    truncation: 'disabled',
    user: request.user ?? null,
    ...echo,
    reasoning: { effort, summary, ...asRecord(echo?.reasoning) },
    text: { format: { type: 'text' }, ...asRecord(echo?.text) },
  };
}

/**
 * The same for a stream. One that nobody is to keep (`store: false`, as Codex asks for) leaves out `instructions` and
 * `tools`: tens of kilobytes three times a turn, for a client that has them and reads none of it.
 */
export function streamSettings(request: TurnRequest): Record<string, unknown> {
  const settings = responseSettings(request);
  return request.store === false ? { ...settings, instructions: null, tools: [] } : settings;
}

function choiceWord(choice: ToolChoice | undefined): string | Record<string, unknown> {
  if (!choice) return 'auto';
  if (choice.type === 'tool') return { type: 'function', name: choice.tool.name };
  return choice.type === 'allowed' ? choice.mode : choice.type;
}
