import type { ToolCallPart, ToolDefinition, TurnEvent } from '../canonical/index.ts';
import { corpusTools } from './corpus/tools.ts';
import { createToolCallRecovery, type ToolCallRecovery } from './create-recovery.ts';

/** What a stream of text deltas became. */
export interface RecoveredText {
  text: string;
  calls: Pick<ToolCallPart, 'name' | 'input' | 'kind'>[];
  finish: string;
  events: TurnEvent[];
  recovery: ToolCallRecovery;
}

/** One answer with one text block, in these pieces. */
export function textEvents(chunks: readonly string[]): TurnEvent[] {
  return [
    { type: 'start', id: 'm', model: 'x', createdAt: 0 },
    { type: 'text-start', index: 0 },
    ...chunks.map((text): TurnEvent => ({ type: 'text-delta', index: 0, text })),
    { type: 'text-end', index: 0 },
    { type: 'finish', reason: 'stop' },
  ];
}

export function recoverText(
  text: string | readonly string[],
  tools: readonly ToolDefinition[] = corpusTools,
  maxHeldChars?: number,
): RecoveredText {
  return recoverEvents(textEvents(typeof text === 'string' ? [text] : text), tools, maxHeldChars);
}

export function recoverEvents(
  given: readonly TurnEvent[],
  tools: readonly ToolDefinition[] = corpusTools,
  maxHeldChars?: number,
): RecoveredText {
  let ids = 0;
  const recovery = createToolCallRecovery({
    tools,
    newId: (prefix) => `${prefix}_${++ids}`,
    ...(maxHeldChars === undefined ? {} : { maxHeldChars }),
  });
  const events = given.flatMap((event) => recovery.push(event));
  const out: RecoveredText = { text: '', calls: [], finish: '', events, recovery };
  const open = new Map<number, { name: string; kind: ToolCallPart['kind'] }>();
  for (const event of events) {
    if (event.type === 'text-delta') out.text += event.text;
    if (event.type === 'tool-call-start') open.set(event.index, { name: event.name, kind: event.kind });
    const call = event.type === 'tool-call-end' ? open.get(event.index) : undefined;
    if (event.type === 'tool-call-end' && call) out.calls.push({ ...call, input: event.input });
    if (event.type === 'finish') out.finish = event.reason;
  }
  return out;
}
